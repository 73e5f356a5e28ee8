// Refreshes how long is left until a deadline, and adds the hour on the reader's own clock where it differs from Viet Nam's.
(() => {
  "use strict";
  const MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
  const language = document.documentElement.lang === "en" ? "en-GB" : "vi";
  const spoken = (number, unit) => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(number);
  // The server's clock decides: its hour stands on the page, and only the time since then is measured here.
  const began = performance.now();
  const boxes = [...document.querySelectorAll("[data-countdown]")].map((box) => ({
    box, until: Date.parse(box.dataset.countdown), now: Date.parse(box.dataset.now), number: box.querySelector("strong"),
  }));

  const words = (left, box) => {
    if (left < MINUTE) return box.dataset.soon;
    const days = Math.floor(left / DAY), hours = Math.floor(left % DAY / HOUR), minutes = Math.floor(left % HOUR / MINUTE);
    const parts = days ? [[days, "day"], [hours, "hour"]] : [[hours, "hour"], [minutes, "minute"]];
    return parts.filter(([number]) => number).map(([number, unit]) => spoken(number, unit)).join(" ");
  };

  const refresh = () => {
    for (const { box, until, now, number } of boxes) {
      const left = until - now - (performance.now() - began);
      if (left <= 0) box.textContent = box.dataset.past;
      else if (number.textContent !== words(left, box)) number.textContent = words(left, box);
    }
  };

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const hour = (moment, timeZone) => new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short", timeStyle: "short" }).format(moment);
  for (const { box, until } of boxes) {
    if (hour(until, zone) === hour(until, "Asia/Ho_Chi_Minh")) continue;
    const own = document.createElement("span");
    const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hour12: false }).format(until);
    const date = new Intl.DateTimeFormat(language, { day: "2-digit", month: "2-digit", year: "numeric" }).format(until);
    const time = language === "vi" ? `${clock} ngày ${date}` : `${clock} on ${date}`;
    own.textContent = ` · ${box.dataset.local.replace("{time}", time)}`;
    box.parentElement.append(own);
  }
  refresh();
  setInterval(refresh, 15000);
  addEventListener("pageshow", refresh);
})();
