// The static copy's own script: search and filters from one index that is fetched when somebody looks, and typed numbers.

const MOST = 50;

// As assessments/folding.py folds: lower case without any mark, đ as d.
export const fold = (text) => text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");
export const words = (text) => (fold(text).match(/[a-z0-9]+/g) ?? []).map((word) => word.slice(0, 60));

// A number as people type it, in the way it is written; "" for what is none. As assessments/numbers.py reads them.
export const numberOf = (typed) => {
  const plain = typed.split(/[?#]/)[0].replace(/\/+$/, "").split("/").at(-1).toUpperCase().replace(/[^A-Z0-9]/g, "");
  const [, year, serial, letter] = /^(?:VCSC)?(\d\d)(\d{4,9})([A-Z])$/.exec(plain) ?? [];
  return year ? `VCSC-${year}-${serial}-${letter}` : "";
};

// What fits, the best first: every word begins a word of the product; names count more; filters of one kind are "or".
export const search = (index, text, wanted) => {
  const asked = words(text), sets = new Map();
  index.values.forEach(([facet, value], place) => {
    if (wanted.getAll(facet).includes(value)) sets.set(facet, [...(sets.get(facet) ?? []), place]);
  });
  const found = [];
  for (const product of index.products) {
    const [, , , , , , values, name, rest] = product;
    if (![...sets.values()].every((set) => set.some((place) => values.includes(place)))) continue;
    let score = 0;
    const fits = asked.every((word) => {
      const named = ` ${name}`.includes(` ${word}`);
      score += named ? 2 : 0;
      return named || ` ${rest}`.includes(` ${word}`) || values.some((place) => ` ${index.values[place][2]}`.includes(` ${word}`));
    });
    if (fits) found.push([score, product]);
  }
  return found.sort((one, other) => other[0] - one[0]).map(([, product]) => product);
};

const today = () => new Intl.DateTimeFormat("sv", { timeZone: "Asia/Ho_Chi_Minh" }).format(new Date());
const statusOf = (state, until) => (["active", "suspended"].includes(state) && until < today() ? "expired" : state);

const begin = (box) => {
  const say = (code) => box.querySelector("template").content.querySelector(`[data-say="${code}"]`).textContent;
  const said = box.querySelector("[data-said]"), list = box.querySelector("[data-found]"), field = box.querySelector("input");
  const listed = document.querySelector("[data-listed]"), english = document.documentElement.lang === "en";
  const folder = location.pathname.replace(/\/$/, "");
  let index;

  const line = ([slug, vietnamese, englishName, vendor, state, until]) => {
    const link = Object.assign(document.createElement("a"), { href: `${folder}/${slug}`, className: "tap" });
    link.textContent = (english && englishName) || vietnamese;
    const about = Object.assign(document.createElement("span"), { className: "meta" });
    about.textContent = ` ${vendor} · ${say(statusOf(state, until))}`;
    const item = document.createElement("li");
    item.append(link, about);
    return item;
  };

  const look = async (wanted) => {
    said.textContent = say("looking");
    try {
      index ??= await (await fetch(box.dataset.search)).json();
    } catch {
      said.textContent = say("failed");
      return;
    }
    const found = search(index, wanted.get("q") ?? "", wanted), shown = found.slice(0, MOST);
    const told = found.length > MOST ? "most" : found.length ? "some" : "none";
    said.textContent = say(told).replace("{count}", found.length).replace("{shown}", shown.length);
    list.replaceChildren(...shown.map(line));
    box.querySelector("[data-all]").hidden = false;
    listed.hidden = true;
  };

  box.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = new URLSearchParams({ q: field.value });
    history.replaceState(null, "", `?${wanted}`);
    look(wanted);
  });
  box.hidden = false;
  const asked = new URLSearchParams(location.search);
  field.value = asked.get("q") ?? "";
  if ([...asked.keys()].some((name) => name !== "after")) look(asked);
};

if (typeof document !== "undefined") {
  for (const box of document.querySelectorAll("[data-search]")) begin(box);
  for (const form of document.querySelectorAll('form[action$="/verify"]')) form.addEventListener("submit", (event) => {
    const number = numberOf(form.elements.number.value);
    if (!number) return;
    event.preventDefault();
    location.href = form.getAttribute("action").replace(/\/verify$/, `/c/${number}`);
  });
}
