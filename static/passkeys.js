/* Passkeys: a form with data-passkey asks the browser for one, and sends what it answers. */
(() => {
  "use strict";

  const decode = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const encode = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");

  const withBytes = (options) => {
    const known = (list) => list?.map((one) => ({ ...one, id: decode(one.id) }));
    const publicKey = { ...options.publicKey, challenge: decode(options.publicKey.challenge) };
    if (publicKey.user) publicKey.user = { ...publicKey.user, id: decode(publicKey.user.id) };
    publicKey.excludeCredentials = known(publicKey.excludeCredentials);
    publicKey.allowCredentials = known(publicKey.allowCredentials);
    return { publicKey };
  };

  const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const asText = (credential) => {
    const response = {};
    for (const part of PARTS) if (credential.response[part]) response[part] = encode(credential.response[part]);
    return JSON.stringify({
      id: credential.id,
      rawId: encode(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    });
  };

  const optionsOf = async (form) => {
    if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const answer = await fetch(form.dataset.optionsFrom, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return (await answer.json()).request_options;
  };

  const WORDS = {
    NotAllowedError: "Nothing was confirmed. Try again, or choose another way.",
    InvalidStateError: "This device has a passkey of yours already.",
    SecurityError: "Passkeys work at a name with https, or at localhost; not at an address such as 127.0.0.1.",
    NoPasskeys: "This browser knows no passkeys, or this page did not come over https.",
  };

  const start = async (form) => {
    const trouble = form.querySelector("[data-passkey-trouble]");
    trouble.hidden = true;
    try {
      if (!window.PublicKeyCredential) throw new DOMException("", "NoPasskeys");
      const options = withBytes(await optionsOf(form));
      const creates = form.dataset.passkey === "create";
      const credential = await (creates ? navigator.credentials.create(options) : navigator.credentials.get(options));
      form.elements.credential.value = asText(credential);
      form.requestSubmit();
    } catch (error) {
      trouble.textContent = WORDS[error.name] ?? "The passkey could not be used. Try again, or choose another way.";
      trouble.hidden = false;
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-passkey-start]");
    if (button && button.form.reportValidity()) start(button.form);
  });
})();
