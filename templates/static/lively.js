/* What htmx brings, looked after; every page works without it. */
(() => {
  const on = (name, act) => document.addEventListener(name, event => act(event, event.detail.ctx));
  const byItself = ctx => ctx.sourceEvent.type === "every";

  // A tab that nobody looks at asks nothing.
  on("htmx:config:request", (event, ctx) => {
    if (document.hidden && byItself(ctx)) event.preventDefault();
  });

  // Another page came than was asked for (signed out, a fault): shown whole, unless it was asked by itself.
  on("htmx:before:swap", (event, ctx) => {
    if (event.detail.tasks[0].fragment.childElementCount) return;
    event.preventDefault();
    const signedOut = ctx.response.raw.redirected && ctx.request.method === "GET";
    if (signedOut || !byItself(ctx)) location.replace(ctx.request.action);
  });

  // What a list holds now is read out; a focus whose link is gone goes to the results.
  on("htmx:after:swap", (event, ctx) => {
    const count = document.querySelector("#results .count");
    if (!count || byItself(ctx)) return;
    document.getElementById("announced").textContent = count.textContent;
    if (document.activeElement === document.body) document.getElementById("results").focus();
  });
})();
