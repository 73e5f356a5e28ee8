// Keys for the reviewer's bench: 0-4 mark, N next, P back; off at will and never while somebody types.
(() => {
  "use strict";
  const desk = document.querySelector("form.desk");
  const box = document.querySelector("[data-keys]");
  if (!desk || !box) return;
  const toggle = box.querySelector("input");
  const stored = () => { try { return localStorage.getItem("review-keys"); } catch { return null; } };
  toggle.checked = stored() !== "off";
  toggle.addEventListener("change", () => {
    try { localStorage.setItem("review-keys", toggle.checked ? "on" : "off"); } catch { /* private mode: for this page only */ }
  });
  box.hidden = false;

  let changed = false;
  desk.addEventListener("input", () => { changed = true; });
  desk.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  const typing = (element) => element.matches("textarea, input:not([type=radio]):not([type=checkbox]), select");
  document.addEventListener("keydown", (event) => {
    if (!toggle.checked || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const key = event.key.toLowerCase();
    if (/^[0-4]$/.test(key)) {
      const mark = desk.querySelector(`input[name=mark][value="${key}"]`);
      if (mark) { mark.checked = true; mark.focus(); changed = true; event.preventDefault(); }
    } else if (key === "n") {
      desk.requestSubmit();
      event.preventDefault();
    } else if (key === "p") {
      const back = desk.querySelector("a.tap[data-back]");
      if (back) back.click();
    }
  });
})();
