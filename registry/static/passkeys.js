// Passkeys: makes one or asks one to sign, and sends what it said with the form it belongs to.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const octets = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (all) => (all || []).map((one) => ({ ...one, id: octets(one.id) }));
  const token = () => document.querySelector("[name=csrf_token]").value;

  const written = (credential) => {
    const said = credential.response, response = { clientDataJSON: text(said.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
      if (said[name]) response[name] = text(said[name]);
    const { id, type } = credential;
    return JSON.stringify({ id, rawId: text(credential.rawId), type, response, clientExtensionResults: {} });
  };

  const asked = async (form) => {
    const body = new URLSearchParams({ csrf_token: token() });
    const answer = await fetch(form.dataset.options, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) {
      if (answer.status === 401) location.reload(); // the session has ended, or wants to be confirmed
      throw new Error(answer.status);
    }
    const options = await answer.json();
    options.challenge = octets(options.challenge);
    if (form.dataset.passkey === "new") {
      options.user.id = octets(options.user.id);
      options.excludeCredentials = known(options.excludeCredentials);
      return navigator.credentials.create({ publicKey: options });
    }
    options.allowCredentials = known(options.allowCredentials);
    return navigator.credentials.get({ publicKey: options });
  };

  const put = (form, name, value) => {
    const field = form.elements[name] || form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
    field.value = value;
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const failed = form.querySelector("[data-failed]"), button = form.querySelector("button");
    form.hidden = false;
    for (const sentence of document.querySelectorAll("[data-without-script]")) sentence.hidden = true;
    form.addEventListener("submit", async (event) => {
      if (form.dataset.passkey === "new" && !form.elements.name.value.trim()) return; // the answer says what is missing
      event.preventDefault();
      failed.hidden = true;
      button.setAttribute("aria-disabled", "true");
      try {
        put(form, "credential", written(await asked(form)));
        put(form, "csrf_token", token());
        form.submit();
      } catch {
        failed.hidden = false;
        button.removeAttribute("aria-disabled");
      }
    });
  }
})();
