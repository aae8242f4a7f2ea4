/* The session's end is said before it comes. Whoever types is at work, and stays signed in. */
(() => {
  const box = document.getElementById("session"), form = box.querySelector("form");
  const { address, seconds, warning } = box.dataset;
  let typed = false, timer;

  const wait = seconds => {
    clearTimeout(timer);
    timer = setTimeout(() => ask(typed), seconds * 1000);
  };
  const ask = async act => {
    typed = false;
    const answer = await fetch(address, act ? { method: "POST", body: new FormData(form) } : {}).catch(() => null);
    if (!answer) return wait(60); // No network: nothing is known.
    const over = answer.redirected || !answer.ok, now = over ? {} : await answer.json();
    box.hidden = now.seconds > warning;
    form.hidden = over || now.final;
    box.querySelector("strong").textContent = over ? "You have been signed out." : `You will be signed out at ${now.until}.`;
    if (!over && !box.hidden) keep();
    if (!over) wait(box.hidden ? now.seconds - warning : Math.min(now.seconds + 1, 60));
  };
  // Kept on the server too, should the page be closed; sent after all, the mark says that nothing is left to bring back.
  const keep = () => {
    const mark = document.querySelector("[name=who]");
    if (!mark) return;
    const typed = new FormData(mark.form);
    for (const [name, value] of [...typed]) if (value instanceof File) typed.delete(name);
    typed.set("of_page", location.pathname);
    fetch(address + "kept/", { method: "POST", body: typed });
    mark.insertAdjacentHTML("afterend", '<input type="hidden" name="was_kept" value="yes">');
  };
  for (const line of document.querySelectorAll(".until")) line.hidden = true;
  document.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", event => {
    event.preventDefault();
    ask(true);
  });
  wait(seconds - warning);
})();
