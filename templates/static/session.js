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
    if (!over) wait(box.hidden ? now.seconds - warning : Math.min(now.seconds + 1, 60));
  };
  for (const line of document.querySelectorAll(".until")) line.hidden = true;
  document.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", event => {
    event.preventDefault();
    ask(true);
  });
  wait(seconds - warning);
})();
