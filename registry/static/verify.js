// Checks a certificate in the browser: nothing leaves the machine. The rules are those of registry-verify.py, in its order.

const MOST_FILE = 32 << 20, MOST_TOKEN = 64 << 10, MOST_LIST = 1 << 20, MOST_STREAMS = 5000, CLOCKS_DIFFER = 600000;
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/;
const PROOF_MARK = "c2sp.org/tlog-proof@v1\n";
const utf8 = (text) => new TextEncoder().encode(text);
const latin1 = (bytes) => new TextDecoder("latin1").decode(bytes);

class Refused extends Error {
  constructor(status, reason, detail = "") {
    super(reason);
    Object.assign(this, { status, reason, detail });
  }
}
const demand = (holds, status, reason, detail) => { if (!holds) throw new Refused(status, reason, detail); };

// --- reading, strictly: two ways to read one text are two texts ---

const base64 = (text) => {
  try {
    const raw = atob(text);
    if (btoa(raw) === text) return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  } catch { /* said below */ }
  throw new Refused("unreadable", "base64");
};
const base64url = (text) => {
  demand(/^[A-Za-z0-9_-]+$/.test(text), "unreadable", "base64");
  return base64(text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat(-text.length & 3));
};

const strictJson = (bytes) => {
  let value, text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch { /* said below */ }
  demand(value && typeof value === "object" && !Array.isArray(value), "unreadable", "json");
  const open = [];
  let last = "";
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === ":") {
      const name = JSON.parse(last);
      demand(!open.at(-1).has(name), "unreadable", "twice");
      open.at(-1).add(name);
    } else if ("{[".includes(token)) open.push(new Set());
    else if ("}]".includes(token)) open.pop();
    else last = token;
  }
  return value;
};

const moment = (text) => {
  const when = typeof text === "string" && RFC3339.test(text) ? Date.parse(text) : NaN;
  demand(!Number.isNaN(when), "unreadable", "date");
  return when;
};

const parseJws = (token) => {
  const parts = token.split(".");
  demand(token.length <= MOST_TOKEN && parts.length === 3 && parts.every(Boolean), "unreadable", "jws");
  const [header, payload, signature] = parts.map(base64url);
  return { header: strictJson(header), payload, signature, signed: utf8(`${parts[0]}.${parts[1]}`) };
};

const unpacked = async (bytes, format, most) => {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader();
  const found = [];
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(found).arrayBuffer());
    size += value.length;
    if (size > most) {
      reader.cancel().catch(() => {});
      throw new RangeError();
    }
    found.push(value);
  }
};

// --- what to check: a token, JSON around it, or a PDF with it inside ---

const contents = async (bytes) => {
  demand(bytes.length <= MOST_FILE, "unreadable", "large");
  if (latin1(bytes.subarray(0, 1024)).trimStart().startsWith("%PDF-")) return inPdf(bytes);
  const text = latin1(bytes).trim();
  if (text.startsWith("{")) {
    const { id, jwt } = strictJson(bytes);
    const held = String(id).split("data:application/vc+jwt,")[1] || jwt;
    demand(typeof held === "string", "unreadable", "unsigned");
    return [held, ""];
  }
  demand(COMPACT.test(text), "unreadable", "nothing");
  return [text, ""];
};

const inPdf = async (bytes) => {
  const files = await attachments(bytes);
  const tokens = [...new Set(files.map((one) => latin1(one).trim()).filter((one) => COMPACT.test(one)))];
  demand(tokens.length === 1, "unreadable", tokens.length ? "several" : "nothing");
  const proof = files.map((one) => new TextDecoder().decode(one)).find((one) => one.startsWith(PROOF_MARK));
  return [tokens[0], proof || ""];
};

const attachments = async (bytes) => {
  const text = latin1(bytes), begin = />>\s{0,8}stream\r?\n/g, found = [];
  for (let count = 0, match; count < MOST_STREAMS && (match = begin.exec(text)); count += 1) {
    const from = begin.lastIndex, end = text.indexOf("endstream", from);
    begin.lastIndex = end < 0 ? text.length : end;
    const about = text.slice(Math.max(text.lastIndexOf(" obj", match.index), match.index - 4096, 0), match.index);
    if (!about.includes("/EmbeddedFile")) continue;
    const length = Number(/\/Length\s+(\d+)(?!\d|\s+\d+\s+R)/.exec(about)?.[1] ?? NaN);  // its last bytes may look like a line's end
    const exact = from + length <= begin.lastIndex ? length : text.slice(from, begin.lastIndex).replace(/\r?\n$/, "").length;
    const raw = bytes.subarray(from, from + exact);
    if (!about.includes("/FlateDecode")) found.push(raw);
    else found.push(await unpacked(raw, "deflate", 4 * MOST_TOKEN).catch(() => new Uint8Array()));
  }
  return found;
};

// --- who signed it ---

const keysOf = (snapshot) => snapshot.keys.keys.map((jwk) => ({
  did: jwk.kid.includes("#") ? jwk.kid.split("#")[0] : snapshot.issuer, kid: jwk.kid.split("#").pop(), purpose: jwk.purpose, public: base64url(jwk.x),
  from: moment(jwk.active_from), until: jwk.retired_at ? moment(jwk.retired_at) : Infinity, origin: jwk.log_origin || "",
  lost: jwk.compromised_from ? moment(jwk.compromised_from) : Infinity,  // from then on others may have signed with it
}));

const verifies = async (key, signature, message) => {
  const imported = await crypto.subtle.importKey("raw", key.public, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", imported, signature, message);
};

// The issuer's key that signed it, and what it says; the content is not read before its signature was.
const verified = async ({ header, payload, signature, signed }, snapshot) => {
  demand(header.alg === "EdDSA", "forged", "algorithm");
  demand(Object.keys(header).every((name) => ["alg", "typ", "cty", "kid"].includes(name)), "forged", "header");
  const kind = header.typ === "vc+jwt" && [undefined, "vc"].includes(header.cty) && typeof header.kid === "string";
  demand(kind, "forged", "kind");
  const [did, name] = header.kid.split(/#(.*)/s), keys = keysOf(snapshot);
  demand(did === snapshot.issuer || keys.some((one) => one.did === did), "unknown_key", "other_issuer");
  const key = keys.find((one) => one.did === did && one.kid === name);
  demand(key, "unknown_key", "no_such_key");
  demand(await verifies(key, signature, signed), "forged", "signature");
  demand(key.purpose === "assertion", "unknown_key", "wrong_purpose");
  const said = strictJson(payload);
  demand((said.issuer?.id ?? said.issuer) === did, "forged", "wrong_issuer");
  return [key, said];
};

const checkCredential = (credential, key) => {
  const { "@context": context, type } = credential;
  demand(Array.isArray(context) && context[0] === "https://www.w3.org/ns/credentials/v2", "unreadable", "shape");
  const kinds = Array.isArray(type) ? type : [];
  const badge = kinds.includes("OpenBadgeCredential") || kinds.includes("AchievementCredential");
  demand(kinds.includes("VerifiableCredential") && badge, "unreadable", "not_a_certificate");
  const begins = moment(credential.validFrom), ends = moment(credential.validUntil), day = (at) => Math.floor((at + 7 * 3600000) / 86400000);
  const signed = Number.isInteger(credential.iat) && credential.iat > 0 && credential.iat < 2 ** 33 ? credential.iat * 1000 : begins;
  demand(day(signed) >= day(key.from) && signed <= key.until, "unknown_key", "not_in_use");
  demand(signed < key.lost, "unknown_key", "lost_key");
  return [begins, ends];
};

// --- whether it still counts ---

const statusOf = async (credential, snapshot, at) => {
  let unknown = "";
  for (const [purpose, answer] of [["revocation", "withdrawn"], ["suspension", "suspended"]]) {
    try {
      const entries = [credential.credentialStatus].flat().filter((one) => one?.statusPurpose === purpose);
      demand(entries.length, "status_unknown", "no_status");
      for (const entry of entries) if (await bit(entry, purpose, snapshot, at)) return [answer, ""];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      unknown ||= error.reason;
    }
  }
  return unknown ? ["status_unknown", unknown] : ["valid", ""];
};

const bit = async (entry, purpose, snapshot, at) => {
  const { type, statusListIndex: index, statusListCredential: url } = entry;
  demand(type === "BitstringStatusListEntry" && /^[0-9]{1,9}$/.test(index), "status_unknown", "entry");
  demand(Object.hasOwn(snapshot.status_lists, url), "status_unknown", "no_list");
  const bits = await bitsOf(await listCredential(url, purpose, snapshot, at));
  demand(index < bits.length * 8, "status_unknown", "index");
  return Boolean(bits[index >> 3] >> (7 - (index & 7)) & 1);
};

const listCredential = async (url, purpose, snapshot, at) => {
  let key, list, current;
  try {
    [key, list] = await verified(parseJws(snapshot.status_lists[url]), snapshot);
    current = moment(list.validFrom) <= at + CLOCKS_DIFFER && at <= moment(list.validUntil);
  } catch (error) {
    throw error instanceof Refused ? new Refused("status_unknown", "bad_list") : error;
  }
  const subject = list.credentialSubject;
  const genuine = list.id === url && [list.type].flat().includes("BitstringStatusListCredential") && subject?.type === "BitstringStatusList";
  demand(genuine && key.lost === Infinity && subject.statusPurpose === purpose && (subject.statusSize ?? 1) === 1, "status_unknown", "other_list");
  demand(current, "status_unknown", "stale_list");
  return list;
};

const bitsOf = async ({ credentialSubject: { encodedList } }) => {
  try {
    if (encodedList[0] === "u") return await unpacked(base64url(encodedList.slice(1)), "gzip", MOST_LIST);
  } catch (error) {
    if (error instanceof RangeError) throw new Refused("status_unknown", "huge_list");
  }
  throw new Refused("status_unknown", "bad_list");
};

// --- the log: C2SP tlog-proof, signed notes, RFC 9162 ---

const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", await new Blob(parts).arrayBuffer()));
const hex = (bytes) => [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
const same = (one, other) => hex(one) === hex(other);

const checkProof = async (text, token, number, snapshot) => {
  const [head, note] = text.split(/\n\n(.*)/s), [mark, extra, place, ...path] = head.split("\n");
  const index = Number(/^index (0|[1-9]\d{0,14})$/.exec(place)?.[1] ?? NaN);
  demand(`${mark}\n` === PROOF_MARK && extra?.startsWith("extra ") && index >= 0, "forged", "proof");
  const entry = base64(extra.slice(6)), body = strictJson(entry), { size, root } = await checkpoint(note || "", snapshot);
  demand(await included(await sha256(new Uint8Array([0]), entry), index, size, path.map((one) => base64(one)), root), "forged", "proof");
  const own = body.certificate === number && body.credential === hex(await sha256(token));
  demand(own, "forged", "other_proof");
  if (snapshot.checkpoint) {
    const other = await checkpoint(snapshot.checkpoint, snapshot);
    demand(other.size !== size || same(other.root, root), "forged", "two_logs");
  }
  return { index, size };
};

const checkpoint = async (note, snapshot) => {
  const cut = note.lastIndexOf("\n\n"), text = note.slice(0, Math.max(cut, 0)), [origin, size, root] = text.split("\n");
  const logKeys = keysOf(snapshot).filter((one) => one.purpose === "log" && one.origin === origin && one.lost === Infinity);
  for (const line of note.slice(cut + 2).split("\n").slice(0, 64)) {
    const [, name, signature] = /^— (\S+) (\S+)$/.exec(line) || [];
    for (const key of name === origin && origin ? logKeys : []) {
      const raw = base64(signature), id = await sha256(`${origin}\n`, new Uint8Array([1]), key.public);
      if (!same(raw.subarray(0, 4), id.subarray(0, 4))) continue;
      demand(await verifies(key, raw.subarray(4), utf8(`${text}\n`)) && /^(0|[1-9]\d{0,14})$/.test(size), "forged", "proof");
      return { size: Number(size), root: base64(root) };
    }
  }
  throw new Refused("unknown_key", "log_key");
};

const included = async (leaf, index, size, path, root) => {
  let at = index, last = size - 1, found = leaf;
  if (index >= size) return false;
  for (const step of path) {
    if (last === 0) return false;
    if (at % 2 || at === last) {
      found = await sha256(new Uint8Array([1]), step, found);
      while (at % 2 === 0 && at) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else found = await sha256(new Uint8Array([1]), found, step);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && same(found, root);
};

// --- the whole check ---

const factsOf = (credential) => {
  const { product, vendor, level, platforms, issuingBody: body } = credential.credentialSubject ?? {}, { issuer } = credential;
  const joined = (...words) => words.flat().filter((word) => typeof word === "string").join(" ");
  return {
    number: joined(credential.id).split("/").pop(), product: joined(product?.nameVi, product?.version), product_en: joined(product?.nameEn, product?.version),
    vendor: joined(vendor?.name), vendor_en: joined(vendor?.nameEn), platforms: joined(platforms), level: joined(level?.vi), level_en: joined(level?.en),
    issuer: joined(body?.vi ?? issuer?.name), issuer_en: joined(body?.en), did: joined(issuer?.id ?? issuer),
    valid_from: credential.validFrom, valid_until: credential.validUntil,
  };
};

export const check = async (bytes, snapshot, at, given = "") => {
  const result = { status: "unreadable", reason: "nothing", detail: "", facts: {}, log: null };
  try {
    const [token, enclosed] = await contents(bytes), [key, said] = await verified(parseJws(token), snapshot);
    const [begins, ends] = checkCredential(said, key);
    result.facts = factsOf(said);
    const proof = given || enclosed;
    if (proof) result.log = await checkProof(proof, token, result.facts.number, snapshot).catch(provenLater);
    demand(key.lost === Infinity || result.log, "unknown_key", "lost_key_unproven");
    const [status, detail] = await statusOf(said, snapshot, at);
    Object.assign(result, { status, reason: status, detail });
    if (at < begins) result.status = result.reason = "not_yet_valid";
    else if (at > ends && status !== "withdrawn") result.status = result.reason = "expired";
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    Object.assign(result, { status: error.status, reason: error.reason, detail: error.detail });
  }
  return result;
};

// A proof under a log key that is not known here is left alone; one that cannot be read is a wrong one.
const provenLater = (error) => {
  if (!(error instanceof Refused)) throw error;
  if (error.status === "unknown_key") return null;
  throw error.status === "forged" ? error : new Refused("forged", "proof");
};

export const able = async () => {
  try {
    await crypto.subtle.importKey("raw", base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"), "Ed25519", false, ["verify"]);
    return typeof DecompressionStream === "function";
  } catch {
    return false;
  }
};

// --- the page ---

const language = () => (document.documentElement.lang === "en" ? "en-GB" : "vi-VN");
const written = (text, more) => new Intl.DateTimeFormat(language(), {
  timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric", ...more,
}).format(new Date(text));
const local = (text) => written(text, { hour: "2-digit", minute: "2-digit" });

const begin = async (box) => {
  const field = box.querySelector("input[type=file]"), answer = box.querySelector("[data-answer]"), ready = box.querySelector("[data-ready]");
  const words = box.querySelector("template").content;
  box.querySelector("[data-without]").hidden = true;
  const say = (name) => words.querySelector(`[data-say="${name}"]`)?.textContent;
  if (!await able()) {
    box.querySelector("[data-unable]").hidden = false;
    return;
  }
  let snapshot = null;
  const fetchSnapshot = async () => {
    try {
      const got = await fetch(box.dataset.snapshot, { credentials: "omit" });
      snapshot = got.ok ? await got.json() : snapshot;
    } catch { /* said below */ }
    ready.textContent = snapshot ? say("ready").replace("{when}", local(snapshot.as_of)) : say("no_snapshot");
  };

  const show = (result) => {
    const head = words.querySelector(`[data-status="${result.status}"]`).cloneNode(true);
    const reason = (say(result.reason) || say(result.status)).replace("{detail}", () => say(result.detail) || result.detail);
    head.querySelector("[data-reason]").textContent = reason;
    const facts = words.querySelector("dl").cloneNode(true);
    for (const row of facts.querySelectorAll("[data-fact]")) {
      const name = row.dataset.fact, value = (language() === "vi-VN" ? "" : result.facts[`${name}_en`]) || result.facts[name];
      if (value) row.querySelector("dd").textContent = name.startsWith("valid_") ? written(value) : value;
      else row.remove();
    }
    const notes = [say("as_of").replace("{when}", local(snapshot.as_of))];
    if (result.log) notes.unshift(say("log").replace("{index}", result.log.index).replace("{size}", result.log.size));
    if (result.facts.number) notes.push(say("compare"));
    const paragraphs = notes.map((text) => Object.assign(document.createElement("p"), { textContent: text, className: "meta" }));
    answer.replaceChildren(head, ...(result.facts.number ? [facts] : []), ...paragraphs);
    answer.scrollIntoView({ block: "nearest" });
  };

  const take = async (file) => {
    if (!file) return;
    answer.textContent = say("checking");
    if (!snapshot) await fetchSnapshot();
    if (!snapshot) {
      answer.textContent = say("no_snapshot");
      return;
    }
    const bytes = file.size > MOST_FILE ? new Uint8Array(MOST_FILE + 1) : new Uint8Array(await file.arrayBuffer());
    show(await check(bytes, snapshot, Date.now()));
  };

  field.addEventListener("change", () => take(field.files[0]));
  for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (name === "drop") take(event.dataTransfer.files[0]);
  });
  box.querySelector("[data-able]").hidden = false;
  await fetchSnapshot();
};

if (typeof document !== "undefined") for (const box of document.querySelectorAll("[data-snapshot]")) begin(box);

// Reading the code on the box, where the browser knows how: the reader itself comes when somebody wants it.
const offerScan = async (box) => {
  const kinds = "BarcodeDetector" in globalThis ? await globalThis.BarcodeDetector.getSupportedFormats().catch(() => []) : [];
  if (!kinds.includes("qr_code")) return;
  const reader = () => import(box.dataset.scan);
  box.querySelector("[data-live]").hidden = !navigator.mediaDevices?.getUserMedia;
  box.querySelector("[data-start]").addEventListener("click", async () => (await reader()).live(box));
  box.querySelector("input[type=file]").addEventListener("change", async (event) => (await reader()).picture(box, event.target.files[0]));
  box.hidden = false;
};

if (typeof document !== "undefined") for (const box of document.querySelectorAll("[data-scan]")) offerScan(box);
