/* Enhancement only: every page works without it. What htmx brings is looked after here. */
(() => {
  const on = (name, act) => document.addEventListener(name, act);
  const byItself = ctx => ctx.sourceEvent.type === "every";

  // A tab that nobody looks at asks nothing by itself.
  on("htmx:config:request", event => {
    if (document.hidden && byItself(event.detail.ctx)) event.preventDefault();
  });

  // Another page came than was asked for: signed out, or a fault. Then it is shown whole; a look by itself waits.
  on("htmx:before:swap", event => {
    const { ctx, tasks } = event.detail;
    if (tasks[0].fragment.childElementCount) return;
    event.preventDefault();
    const signedOut = ctx.response.raw.redirected && ctx.request.method === "GET";
    if (signedOut || !byItself(ctx)) location.replace(ctx.request.action);
  });

  // What a list now holds is read out; a focus whose link is gone goes to the results.
  on("htmx:after:swap", event => {
    const count = document.querySelector("#results .count");
    if (!count || byItself(event.detail.ctx)) return;
    document.getElementById("announced").textContent = count.textContent;
    if (document.activeElement === document.body) document.getElementById("results").focus();
  });
})();
