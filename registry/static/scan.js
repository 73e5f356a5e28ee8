// Reads the code on a box with the camera or from a picture, and asks the page for the number in it. Nothing is sent.

const EVERY = 250; // milliseconds between looks
let stop = () => {};

const say = (box, name) => {
  box.querySelector("[data-said]").textContent = box.querySelector("template").content.querySelector(`[data-say="${name}"]`).textContent;
};

// What was read goes the way of what is typed: the page reads numbers and addresses alike.
const ask = (box, text) => {
  const field = document.getElementById(box.dataset.field);
  say(box, "found");
  field.value = text.slice(0, field.maxLength > 0 ? field.maxLength : 200);
  field.form.requestSubmit();
};

const read = async (source) => (await new BarcodeDetector({ formats: ["qr_code"] }).detect(source))[0]?.rawValue ?? "";

export const live = async (box) => {
  stop();
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  } catch (error) {
    say(box, error.name === "NotAllowedError" ? "refused" : "no_camera");
    document.getElementById(box.dataset.field).focus();
    return;
  }
  const [start, off, view] = ["start", "stop", "view"].map((name) => box.querySelector(`[data-${name}]`));
  const shown = (live) => { [start.parentElement.hidden, off.parentElement.hidden] = [live, !live]; };
  const film = Object.assign(document.createElement("video"), { muted: true, playsInline: true, srcObject: stream });
  film.style.maxInlineSize = "100%";
  let on = true;
  stop = () => {
    on = false;
    for (const track of stream.getTracks()) track.stop();
    film.remove();
    shown(false);
    stop = () => {};
  };
  off.onclick = () => { stop(); say(box, "off"); start.focus(); };
  shown(true);
  view.replaceChildren(film);
  say(box, "looking");
  off.focus();
  film.play().catch(() => {});  // a camera that sends nothing yet is waited for below
  while (on) {
    const text = await read(film).catch(() => "");
    if (text && on) { stop(); ask(box, text); }
    else await new Promise((later) => { setTimeout(later, EVERY); });
  }
};

export const picture = async (box, file) => {
  if (!file) return;
  stop();
  const text = await createImageBitmap(file).then(read).catch(() => "");
  if (text) ask(box, text);
  else say(box, "nothing");
};

document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
addEventListener("pagehide", () => stop());
