/* The session's end is said before it comes. Whoever types is at work, and stays signed in. */
(() => {
  const box = document.getElementById("session"), stay = box.querySelector("form");
  const form = document.querySelector("[name=who]")?.form;
  const { address, seconds, warning } = box.dataset;
  const said = () => form && String(new URLSearchParams(new FormData(form)));
  const atFirst = document.querySelector(".summary") ? "" : said();
  let typed = false, timer;

  const wait = seconds => {
    clearTimeout(timer);
    timer = setTimeout(() => ask(typed), seconds * 1000);
  };
  const ask = async act => {
    typed = false;
    const answer = await fetch(address, act ? { method: "POST", body: new FormData(stay) } : {}).catch(() => null);
    const over = answer?.redirected;
    if (!over && !answer?.ok) return wait(60); // Nothing is known.
    const now = over ? {} : await answer.json();
    box.hidden = now.seconds > warning;
    stay.hidden = over || now.final;
    box.querySelector("strong").textContent = over ? "You have been signed out." : `You will be signed out at ${now.until}.`;
    if (over) return;
    if (!box.hidden && said() !== atFirst) keep();
    wait(box.hidden ? now.seconds - warning : Math.min(now.seconds + 1, 60));
  };
  // On the server too, should the page be closed; the mark says, when it is sent after all, that nothing is left.
  const keep = () => {
    const words = new FormData(form);
    for (const [name, value] of [...words]) if (value instanceof File) words.delete(name);
    words.set("of_page", location.pathname);
    fetch(address + "kept/", { method: "POST", body: words }).catch(() => null);
    if (!form.elements.was_kept) form.insertAdjacentHTML("beforeend", '<input type="hidden" name="was_kept" value="yes">');
  };
  for (const line of document.querySelectorAll(".until")) line.hidden = true;
  document.addEventListener("input", () => { typed = true; });
  stay.addEventListener("submit", event => {
    event.preventDefault();
    ask(true);
  });
  wait(seconds - warning);
})();
