// Passkeys: the button in an element with data-passkey ("create" or "get") asks the browser for what data-options says,
// writes the answer as JSON into the field that data-field names, and sends the form. Without this script the page
// offers the app, and says why in what has data-passkey-without.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function create(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    },
  });
  return [made, {
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  }];
}

async function get(options) {
  const used = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) },
  });
  return [used, {
    authenticatorData: text(used.response.authenticatorData),
    signature: text(used.response.signature),
    userHandle: used.response.userHandle ? text(used.response.userHandle) : null,
  }];
}

function say(box, what) {
  for (const line of box.querySelectorAll("[data-passkey-says]")) line.hidden = line.dataset.passkeySays !== what;
}

async function press(box, form) {
  if (box.dataset.passkey === "create" && !form.reportValidity()) return;
  say(box, "");
  try {
    const ask = box.dataset.passkey === "create" ? create : get;
    const [key, response] = await ask(JSON.parse(box.dataset.options));
    form.elements[box.dataset.field].value = JSON.stringify({
      id: key.id,
      rawId: text(key.rawId),
      type: key.type,
      authenticatorAttachment: key.authenticatorAttachment ?? null,
      clientExtensionResults: key.getClientExtensionResults(),
      response: { ...response, clientDataJSON: text(key.response.clientDataJSON) },
    });
    form.submit();
  } catch (error) {
    say(box, error.name === "InvalidStateError" ? "known" : "failed");
  }
}

for (const line of document.querySelectorAll("[data-passkey-without]")) line.hidden = true;
for (const box of document.querySelectorAll("[data-passkey]")) {
  const button = box.querySelector("[data-passkey-button]");
  box.hidden = false;
  if (!window.PublicKeyCredential) {
    button.hidden = true;
    say(box, "missing");
    continue;
  }
  button.addEventListener("click", (event) => {
    event.preventDefault();
    press(box, button.form);
  });
}
