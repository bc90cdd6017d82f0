/* The form of a connection: it is sent with a token that is good, kept as a draft, and its fields change with a choice.
   Everything is delegated from the document, as in static/wizard.js, which has to come first. */
(() => {
  "use strict";

  const { announce, endTrouble, parsed, release, sessionEnded, showSessionEnd, showTrouble } = window.wizard;
  const connectForm = () => document.getElementById("connect-form");
  // Typed since the draft was saved last: the page saves it when it is left.
  let isUnsaved = false;

  // --- Sending it: never away from what was typed ---

  const isSignIn = (url) => sessionEnded().querySelector("a").pathname === new URL(url).pathname;

  // The session may have ended since the page came, or begun anew in another tab, which makes the form's token stale.
  const renewToken = async (form) => {
    const answer = await fetch(form.action, { cache: "no-store" });
    if (isSignIn(answer.url)) return false;
    // A draft may have been discarded meanwhile; what was typed for it is sent all the same.
    if (!answer.ok && answer.status !== 404) throw new Error(answer.statusText);
    const page = parsed(await answer.text());
    const token = page.querySelector("[name=csrfmiddlewaretoken]");
    if (token) form.querySelector("[name=csrfmiddlewaretoken]").value = token.value;
    return true;
  };

  const sendTyped = async (form) => {
    try {
      if (await renewToken(form)) {
        form.submit();
        return;
      }
      showSessionEnd();
    } catch {
      showTrouble("The server cannot take this now. What you typed is still here.");
    }
    release(form);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    isUnsaved = false;
    if (form !== connectForm()) return;
    event.preventDefault();
    sendTyped(form);
  });

  // --- Keeping what is typed as a draft ---

  const savesDraft = (element) => element.matches(".draft-state");

  document.addEventListener("input", (event) => {
    if (event.target.form && event.target.form === connectForm()) isUnsaved = true;
  });

  // After the session's end the form's token is stale: a new one first, if there is a session again.
  const comeBack = async (form) => {
    if (!(await renewToken(form))) return;
    endTrouble();
    form.dispatchEvent(new Event("input"));
    form.dispatchEvent(new Event("change"));
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    const draws = event.target.matches("#preview");
    if (!draws && !savesDraft(event.target)) return;
    if (!sessionEnded().hidden) {
      event.preventDefault();
      comeBack(connectForm()).catch(() => {});
    } else if (!draws) isUnsaved = false;
  });

  window.addEventListener("pagehide", () => {
    const form = connectForm();
    // Other forms are sent by their button alone.
    if (!isUnsaved || !form?.querySelector(".draft-state")) return;
    isUnsaved = false;
    const body = new FormData(form);
    body.set("intent", "draft");
    // What is too much for a page that goes away is lost, and nothing else.
    fetch(form.action, { method: "POST", body, keepalive: true, headers: { "HX-Request": "true" } }).catch(() => {});
  });

  const contents = (form) => new URLSearchParams(new FormData(form)).toString();
  const isFilledIn = (form) => {
    const fresh = form.cloneNode(true);
    fresh.reset();
    return contents(form) !== contents(fresh);
  };

  // The preview follows what the browser has filled in again.
  window.addEventListener("pageshow", (event) => {
    const form = connectForm();
    if (event.persisted || isFilledIn(form)) form.dispatchEvent(new Event("input"));
  });

  // --- Choices that bring other fields ---

  const TYPED_SECRETS = ".secret :is(input, textarea):not([name=pasted])";
  // Those that a choice is about: its own, or the page's for the choice of an organization.
  const credentialsOf = (element) =>
    element.closest("#credentials") ?? (element.name === "target" ? document.getElementById("credentials") : null);

  // While the fields of another choice are on their way, nothing can be typed into those that are about to go.
  const setSwitching = (credentials, underWay) => {
    credentials.setAttribute("aria-busy", String(underWay));
    credentials.querySelector(".credential-fields").inert = underWay;
  };

  // The choice goes back to the one whose fields are shown.
  const undoSwitch = (credentials) => {
    setSwitching(credentials, false);
    credentials.querySelectorAll("input[type=radio]").forEach((radio) => (radio.checked = radio.defaultChecked));
  };

  let dropsSecret = false;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const credentials = credentialsOf(event.target);
    if (!credentials) return;
    dropsSecret = [...credentials.querySelectorAll(TYPED_SECRETS)].some((input) => input.value);
    setSwitching(credentials, true);
  });

  const sayDroppedSecret = (fragment) => {
    const note = fragment.querySelector("[data-dropped-secret]");
    if (!note || !dropsSecret || fragment.querySelector(".held")) return;
    note.hidden = false;
    announce(note.textContent);
  };

  // The button that was pressed has gone: on to what it filled in, or back to what could not be read.
  const goOnAfterPaste = (fragment) => {
    if (fragment.matches("#paste")) fragment.querySelector("textarea").focus();
    else if (fragment.querySelector("[data-pasted]")) {
      const fields = [...fragment.querySelectorAll(".credential-fields > .field :is(input, select, textarea)")];
      fields.find((field) => field.checkVisibility())?.focus();
      connectForm().dispatchEvent(new Event("change"));
    }
  };

  document.addEventListener("htmx:load", (event) => {
    if (event.target === document.body) return;
    const credentials = credentialsOf(event.target);
    // A part of them was swapped: the rest can be used again.
    if (credentials && credentials !== event.target) setSwitching(credentials, false);
    sayDroppedSecret(event.target);
    goOnAfterPaste(event.target);
  });

  // --- When no answer comes, or that of the sign-in ---

  document.addEventListener("wizard:trouble", (event) => {
    event.preventDefault();
    const credentials = credentialsOf(event.detail);
    if (credentials) {
      undoSwitch(credentials);
      showTrouble("The fields could not be changed. What you typed is still here.");
    } else if (savesDraft(event.detail)) {
      isUnsaved = true;
      showTrouble("The draft could not be saved. What you typed is still here.");
    } else showTrouble("The preview could not be updated. What you typed is still here.");
  });

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const credentials = credentialsOf(event.target);
    if (event.defaultPrevented && credentials) undoSwitch(credentials);
  });
})();
