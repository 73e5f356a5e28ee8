// Keys for the bench: marks, ways on and back, help; off at will and never while somebody types (WCAG 2.1.4).
(() => {
  "use strict";
  const desk = document.querySelector("form.desk");
  const box = document.querySelector("[data-keys]");
  if (!desk || !box) return;
  const help = document.querySelector("[data-keys-help]");
  const toggle = document.querySelector("[data-keys-on]") || box.querySelector("input");
  const stored = () => { try { return localStorage.getItem("review-keys"); } catch { return null; } };
  toggle.checked = stored() !== "off";
  toggle.addEventListener("change", () => {
    try { localStorage.setItem("review-keys", toggle.checked ? "on" : "off"); } catch { /* private mode: for this page only */ }
  });
  box.hidden = false;
  const opener = box.querySelector("[data-keys-open]");
  if (opener) opener.addEventListener("click", () => help.showModal());

  let changed = false;
  const saves = desk.querySelector("[data-draft]");  // the page saves itself: see draft.js
  desk.addEventListener("input", () => { changed = true; });
  desk.addEventListener("submit", () => { changed = false; });
  if (!saves) window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  const current = document.querySelector(".crits [aria-current] b [aria-hidden]");
  desk.addEventListener("change", (event) => {
    if (event.target.name === "mark" && current) current.textContent = event.target.parentElement.querySelector(".num").textContent;
  });

  const press = (selector) => {
    const found = document.querySelector(selector);
    if (found) found.click();
    return Boolean(found);
  };
  const mark = (value) => {
    const found = desk.querySelector(`input[name=mark][value="${value}"]`);
    if (!found) return false;
    found.click();
    found.focus();
    return true;
  };
  const write = () => {
    const field = desk.querySelector("textarea");
    if (field) field.focus();
    return Boolean(field);
  };
  const on = () => {
    if (changed || !desk.querySelector("[data-next]")) desk.requestSubmit();
    else press("form.desk [data-next]");
    return true;
  };
  const back = () => press("form.desk [data-back]");
  const ask = () => { if (help) help.showModal(); return Boolean(help); };

  const KEYS = {
    "?": () => mark("not_shown"), n: on, j: on, p: back, k: back, r: write, h: ask,
    u: () => press(".crits [data-key=u]"), s: () => press("form.desk [data-key=s]"), f: () => press("#later"),
  };
  for (const value of ["0", "1", "2", "3", "4"]) KEYS[value] = () => mark(value);

  const typing = (element) => element.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && desk.contains(event.target) && typing(event.target)) {
      (desk.querySelector("input[name=mark]:checked") || desk.querySelector("input[name=mark]")).focus();
      return;
    }
    const elsewhere = event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target);
    if (!toggle.checked || elsewhere || (help && help.open)) return;
    const act = KEYS[event.key.toLowerCase()];
    if (act && act()) event.preventDefault();
  });
})();
