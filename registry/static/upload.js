// Sends files with the tus protocol while the form is being filled in: progress, cancel, and going on after a break.
// Without this script the form sends its file by itself. A file is found again by its fingerprint, which the server
// keeps with the upload: after a reload, on another day, after signing in again.
(() => {
  "use strict";
  const form = document.querySelector("form[data-upload-form]");
  const box = form && form.querySelector("[data-upload]");
  if (!box || !window.tus || !tus.isSupported) return;
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector("[data-upload-list]");
  const status = box.querySelector("[data-upload-status]");
  const single = "single" in form.dataset;
  const most = Number(form.dataset.most) * 1024 * 1024;
  const PAUSES = [0, 1000, 3000, 5000, 10000, 20000, 20000, 30000, 30000, 60000];
  const AT_ONCE = 3;
  const rows = new Set();
  let submitting = false;

  input.multiple = !single;
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  const size = (bytes) => bytes < 1048576 ? `${number.format(Math.ceil(bytes / 1024))}\u00a0KB` : `${number.format(bytes / 1048576)}\u00a0MB`;
  const words = (name, values = {}) => box.dataset[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const say = (text) => { status.textContent = text; };
  const fingerprint = (file) => `${file.name}-${file.size}-${file.lastModified}`;
  const running = () => [...rows].filter((row) => row.state === "going" || row.state === "queued");

  async function known() {
    const answer = await fetch(box.dataset.waiting, { headers: { Accept: "application/json" } });
    if (answer.redirected || !answer.ok) throw Object.assign(new Error("signed out"), { signedOut: true });
    return answer.json();
  }

  class Row {
    constructor(file) {
      this.file = file;
      this.done = 0;
      this.state = "queued";
      this.element = document.createElement("li");
      this.text = document.createElement("p");
      this.name = document.createElement("span");
      this.name.textContent = file.name;
      this.about = document.createElement("span");
      this.about.className = "meta";
      this.text.append(this.name, " ", this.about);
      this.bar = document.createElement("progress");
      this.bar.max = file.size;
      this.bar.value = 0;
      this.bar.setAttribute("aria-label", file.name);
      this.again = this.button("resume", () => this.resume());
      this.again.hidden = true;
      this.element.append(this.text, this.bar, this.again, this.button("cancel", () => this.cancel()));
      list.append(this.element);
      list.hidden = false;
      this.show("queued");
    }

    button(word, act) {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "plain-btn";
      const about = document.createElement("span");
      about.className = "vh";
      about.textContent = ` ${this.file.name}`;
      made.append(words(word), about);
      made.addEventListener("click", act);
      return made;
    }

    show(word) {
      const percent = Math.floor(this.done * 100 / this.file.size);
      this.bar.value = this.done;
      this.about.textContent = words(word, { percent, done: size(this.done), size: size(this.file.size), most: size(most), name: this.file.name });
    }

    async start() {
      this.state = "going";
      this.again.hidden = true;
      try {
        const { endpoint, uploads } = await known();
        if (this.state !== "going") return;
        const before = uploads.find((one) => one.fingerprint === fingerprint(this.file) && one.length === this.file.size);
        this.upload = new tus.Upload(this.file, {
          endpoint,
          uploadUrl: before ? before.url : null,
          metadata: { filename: this.file.name, fingerprint: fingerprint(this.file) },
          storeFingerprintForResuming: false,
          retryDelays: PAUSES,
          onShouldRetry: (error) => this.retries(error),
          onProgress: (sent) => this.move(sent),
          onChunkComplete: (_, safe) => { this.done = safe; },
          onSuccess: () => this.finish(),
          onError: (error) => this.stop(error),
        });
        this.upload.start();
      } catch (error) {
        this.stop(error);
      }
    }

    move(sent) {
      this.done = sent;
      this.show("going");
    }

    retries(error) {
      const answer = error.originalResponse;
      const code = answer ? answer.getStatus() : 0;
      if (answer && code < 500 && ![409, 423, 429, 460].includes(code)) return false;
      this.ask().then(() => { if (this.state === "going") this.show("broken"); });
      return true;
    }

    async ask() {
      // What was sent may be on its way still; what the server has is what counts.
      try {
        const { uploads } = await known();
        const here = uploads.find((one) => one.fingerprint === fingerprint(this.file));
        this.done = here ? here.received : 0;
        return here;
      } catch { return null; }
    }

    async stop(error) {
      if (this.state === "gone") return;
      this.state = "stopped";
      const answer = error.originalResponse;
      const code = answer ? answer.getStatus() : 0;
      const said = answer && (answer.getHeader("Content-Type") || "").startsWith("text/plain") ? answer.getBody() : "";
      if (!error.signedOut && code !== 401) await this.ask();
      if (this.state === "gone") return;
      if (said) this.show_text(said);
      else if (error.signedOut || code === 401 || code === 400) this.show("signedOut");
      else if (code) this.show("refused");
      else this.show("stopped");
      this.again.hidden = [403, 413, 422].includes(code);
      say(`${this.file.name}: ${this.about.textContent}`);
      submitting = false;
      next();
    }

    show_text(text) {
      this.bar.value = this.done;
      this.about.textContent = text;
    }

    resume() {
      this.state = "queued";
      this.show("queued");
      next();
    }

    finish() {
      this.state = "done";
      this.done = this.file.size;
      this.show("whole");
      const id = new URL(this.upload.url, location.href).pathname.split("/").pop();
      this.element.querySelectorAll("input").forEach((old) => old.remove());
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "upload", value: id });
      this.element.append(field);
      replace(id);
      say(words("done", { name: this.file.name }));
      next();
    }

    async cancel() {
      const upload = this.upload;
      this.state = "gone";
      rows.delete(this);
      this.element.remove();
      list.hidden = rows.size === 0;
      say(words("cancelled", { name: this.file.name }));
      input.focus();
      if (upload) await upload.abort(true).catch(() => {});
      next();
    }
  }

  function replace(id) {
    // The page may list this file among those that wait: the new line stands for both.
    const old = document.querySelector(`[data-upload-id="${CSS.escape(id)}"]`);
    if (!old) return;
    const section = old.closest("section");
    old.remove();
    section.hidden = !section.querySelector("[data-upload-id]");
  }

  function next() {
    const going = [...rows].filter((row) => row.state === "going").length;
    [...rows].filter((row) => row.state === "queued").slice(0, Math.max(0, AT_ONCE - going)).forEach((row) => row.start());
    if (submitting && !running().length) send();
  }

  function send() {
    form.enctype = "application/x-www-form-urlencoded"; // the bytes are there already
    form.submit();
  }

  function take() {
    if (single) [...rows].forEach((row) => row.cancel());
    for (const file of input.files) {
      if ([...rows].some((row) => fingerprint(row.file) === fingerprint(file))) continue;
      const row = new Row(file);
      rows.add(row);
      if (file.size > most) { row.state = "refused"; row.show("tooLarge"); say(row.about.textContent); }
    }
    input.value = ""; // its bytes go their own way
    next();
  }

  input.addEventListener("change", take);
  if (input.files.length) take(); // chosen before this script had arrived

  form.addEventListener("submit", (event) => {
    if (!rows.size || (event.submitter && event.submitter.name === "use")) return;
    event.preventDefault();
    if ([...rows].some((row) => row.state === "stopped" || row.state === "refused")) {
      say(words("unsent"));
      const first = [...rows].find((row) => row.state !== "done");
      first.element.querySelector("button:not([hidden])").focus();
      return;
    }
    submitting = true;
    if (running().length) say(words("first"));
    else send();
  });

  window.addEventListener("beforeunload", (event) => { if (running().length && !submitting) event.preventDefault(); });
})();
