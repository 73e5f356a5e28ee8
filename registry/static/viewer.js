// Turns pages: by the arrow keys in the viewer, and in place where several pieces stand below each other.
(() => {
  "use strict";
  const typing = (element) => element.closest("textarea, input, select, video, audio, [contenteditable]");

  if (document.querySelector("[data-viewer]")) {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || typing(event.target)) return;
      const frame = event.target.closest(".sheetframe");
      if (frame && frame.scrollWidth > frame.clientWidth) return; // there the arrows move the picture
      const relation = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
      const link = relation && document.querySelector(`[data-viewer] a[rel=${relation}]`);
      if (link) { event.preventDefault(); link.click(); }
    });
  }

  for (const figure of document.querySelectorAll("figure[data-pages]")) {
    const steps = figure.querySelectorAll("[data-step]");
    const image = figure.querySelector("img");
    const said = figure.querySelector("[data-number]");
    const last = Number(figure.dataset.pages);
    let number = 1;
    const turn = (to) => {
      image.src = image.src.replace(/\/pages\/\d+/, `/pages/${to}`);
      image.alt = image.alt.replace(number, to);
      said.textContent = said.textContent.replace(/\d+/, to);
      for (const one of figure.querySelectorAll("a")) {
        const address = new URL(one.href);
        address.searchParams.set("page", to);
        one.href = address.href;
      }
      number = to;
      for (const step of steps) step.disabled = number + Number(step.dataset.step) < 1 || number + Number(step.dataset.step) > last;
    };
    for (const step of steps) {
      step.hidden = false;
      step.disabled = Number(step.dataset.step) < 0;
      step.addEventListener("click", () => turn(number + Number(step.dataset.step)));
    }
  }
})();
