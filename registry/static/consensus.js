// One more key for the consensus: U saves and goes to the next criterion that is not settled.
(() => {
  "use strict";
  const box = document.querySelector("[data-keys] input");
  const desk = document.querySelector("form.desk");
  if (!box || !desk) return;
  const typing = (element) => element.matches("textarea, input:not([type=radio]):not([type=checkbox]), select");
  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key.toLowerCase() !== "u") return;
    const button = desk.querySelector("button[name=then][value=open]");
    if (!button) return;
    const marked = desk.querySelector("input[name=mark]:checked");
    event.preventDefault();
    if (marked) desk.requestSubmit(button);
    else location.assign(button.dataset.href);
  });
})();
