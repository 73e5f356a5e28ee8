// Saves a form of a draft while somebody types, and says when; without this file the form is saved by its buttons.
(() => {
  "use strict";
  const PAUSE = 1500, RETRY = 10000, PATIENCE = 20000, SPOKEN = 60000;  // milliseconds
  const KEPT_ALIVE = 15000;  // characters: a page that is left may still send 64 KB
  const FINAL = ["conflict", "locked", "gone"];  // no later try could end otherwise
  const HIDDEN = ["csrf_token", "version", "seen", "page", "then"];  // not typed by anybody

  const box = document.querySelector("[data-draft]");
  const form = box && box.closest("form");
  if (!form) return;
  const url = box.dataset.draft;
  const words = JSON.parse(box.dataset.words);
  const status = box.querySelector("[role=status]");
  const strip = document.querySelector("[data-saved]");
  const page = [...crypto.getRandomValues(new Uint8Array(12))].map((n) => n.toString(16).padStart(2, "0")).join("");

  const skipped = (name) => {
    const field = form.elements.namedItem(name);
    return HIDDEN.includes(name) || (field instanceof Element && field.hasAttribute("data-draft-skip"));
  };
  const typed = () => JSON.stringify([...new FormData(form)].filter(([name]) => !skipped(name)));

  let kept = "unsaved" in box.dataset ? null : typed();  // what the server has, as far as this page knows
  let touched = false;  // what came back unsaved is only sent once somebody goes on typing
  let state = "", timer = 0, running = null, leaving = false, spoken = 0;

  const unsaved = () => !leaving && typed() !== kept;

  const show = (next, values = {}) => {
    const routine = next === "saving" || next === state;
    const quiet = routine && (next !== "saved" || Date.now() - spoken < SPOKEN);
    if (!quiet) spoken = Date.now();
    status.setAttribute("aria-live", quiet ? "off" : "polite");  // the time of each save is to be seen, not heard
    const text = words[next === "saved" && state === "offline" ? "back" : next].replace("{time}", values.at || "");
    status.textContent = values.message ? `${text} ${values.message}` : text;
    box.classList.toggle("trouble", !["saving", "saved"].includes(next));
    box.querySelectorAll("[data-when]").forEach((one) => { one.hidden = one.dataset.when !== next; });
    if (next === "saved" && strip) {
      strip.setAttribute("aria-live", "off");
      strip.textContent = status.textContent;
    }
    if (next !== "saving") state = next;
  };

  const send = async () => {
    const data = new FormData(form);
    data.set("page", page);
    return fetch(url, {
      method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "error",
      keepalive: typed().length < KEPT_ALIVE, signal: AbortSignal.timeout(PATIENCE),
    });
  };

  // Another session has another token: ask the page for it, whose answer also tells whether somebody is signed in.
  const renew = async () => {
    const answer = await fetch(box.dataset.page, { headers: { Accept: "text/html" } });
    if (answer.redirected) return "ended";
    if (answer.status === 404 || answer.status === 403) return "gone";
    if (answer.status === 409) return "locked";
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[name=csrf_token]");
    if (!fresh) return "failed";
    form.elements.csrf_token.value = fresh.value;
    return "";
  };

  const trouble = async (answer) => {
    if (answer.status === 401) return ["ended"];
    const json = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    if (json) { const said = await answer.json(); return [said.state, said]; }
    return [answer.status === 404 || answer.status === 403 ? "gone" : "failed"];
  };

  const attempt = async () => {
    const sent = typed();
    show("saving");
    try {
      let answer = await send();
      if (answer.status === 400 || answer.status === 401) {
        const still = await renew();
        if (still) return show(still);
        answer = await send();
      }
      if (!answer.ok) return show(...await trouble(answer));
      const said = await answer.json();
      for (const [name, value] of Object.entries(said.fields)) form.elements[name].value = value;
      kept = sent;
      return show("saved", said);
    } catch {
      return show("offline");
    }
  };

  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  const save = () => {
    clearTimeout(timer);
    if (running || !url || !touched || FINAL.includes(state) || !unsaved()) return running || Promise.resolve();
    const sent = typed();
    running = attempt().then(() => {
      running = null;
      if (["offline", "failed"].includes(state)) later(RETRY);
      else if (state === "saved" && sent !== typed()) later(PAUSE);
    });
    return running;
  };

  // Until nothing is left to save, or something stands in the way.
  const settle = async () => {
    do { await save(); } while (unsaved() && state === "saved");
    return !unsaved();
  };

  const changed = (event) => {
    if (event.target.closest("[data-draft-skip]")) return;
    touched = true;
    if (FINAL.includes(state)) return;
    if (event.type === "change") save();
    else later(PAUSE);
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || state === "ended") save();
  });
  window.addEventListener("focus", () => { if (state === "ended") save(); });
  window.addEventListener("online", () => { if (state === "offline") save(); });
  window.addEventListener("pagehide", () => { if (!leaving) save(); });
  window.addEventListener("beforeunload", (event) => {
    if (!unsaved()) return;
    save();
    event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted && leaving) location.reload(); });

  // A link is followed once the text is safe; where it cannot be saved, the page stays and says why.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || elsewhere || link.target || link.getAttribute("href").startsWith("#")) return;
    const waiting = running || state === "" || state === "saved";
    if (!url || !touched || !unsaved() || !waiting) return;
    event.preventDefault();
    settle().then((safe) => { if (safe) location.assign(link.href); });
  });

  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      touched = true;
      show("offline");
      later(RETRY);
    } else {  // an autosave may still be on its way: this form names its page, so that the two do not meet as strangers
      clearTimeout(timer);
      leaving = true;
    }
  });

  if (url) document.querySelectorAll("[data-draft-note]").forEach((one) => { one.textContent = one.dataset.draftNote; });
  const mine = Object.assign(document.createElement("input"), { type: "hidden", name: "page", value: page });
  form.append(mine);
})();
