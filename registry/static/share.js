// Gives the short link on, copies it and prints the page; each button shows only where the browser can.
for (const box of document.querySelectorAll("[data-share]")) {
  const { title, url } = box.dataset;
  const offer = (name, act) => {
    const button = box.querySelector(`[data-${name}]`);
    button.parentElement.hidden = false;
    button.addEventListener("click", () => act(button));
  };
  if (navigator.share) offer("send", () => navigator.share({ title, url }).catch(() => {}));
  if (navigator.clipboard) offer("copy", async (button) => {
    const label = button.textContent;
    try { await navigator.clipboard.writeText(url); } catch { return; }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 4000);
  });
  offer("print", () => print());
}
