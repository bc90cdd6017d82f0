/* What the pages can do beyond HTML and htmx: copy, reveal, announce, keep a form from being sent twice.
   Everything is delegated from the document, so that swapped-in fragments need no setting up. */
(() => {
  "use strict";

  document.documentElement.classList.add("js");

  // --- Trusted Types: no script of any library puts markup into a page that runs something, or leads elsewhere ---

  const trusted = window.trustedTypes ?? { createPolicy: (_name, rules) => rules };
  // Into documents that are looked at, and never shown.
  const reading = trusted.createPolicy("reading", { createHTML: (markup) => markup });
  const parsed = (markup) => new DOMParser().parseFromString(reading.createHTML(markup), "text/html");

  // Data that a script reads is none that runs. What is read here without scripts must not read otherwise with them.
  const RUNS =
    "script:not([type='application/json']), iframe, object, embed, base, link, meta, style, noscript, animate, set, " +
    "template[shadowrootmode]";
  const SAYS_MORE = /^(on|srcdoc$|style$|(data-)?hx-(on|vars))/;
  const SENDS = /^(src|action|formaction|(data-)?hx-(get|post|put|patch|delete))$/;
  const LEADS = /^(xlink:)?href$/;
  const isBad = ({ name, value }) => {
    if (SAYS_MORE.test(name)) return true;
    if (!SENDS.test(name) && !LEADS.test(name)) return false;
    const { origin, protocol } = new URL(value, document.baseURI);
    return SENDS.test(name) ? origin !== window.location.origin : !/^https?:$/.test(protocol);
  };
  const isHarmless = (root) =>
    !root.querySelector(RUNS) &&
    [...root.querySelectorAll("*")].every(
      (element) => ![...element.attributes].some(isBad) && (!element.content || isHarmless(element.content)),
    );

  // The default policy has no createScript and no createScriptURL: those are refused, whatever they are.
  trusted.createPolicy("default", { createHTML: (markup) => (isHarmless(parsed(markup)) ? markup : null) });

  const SECRETS = ".secret :is(input, textarea)";
  const TYPED_SECRETS = `${SECRETS}:not([name=pasted])`;
  const connectForm = () => document.getElementById("connect-form");

  let announcing;
  const announce = (words) => {
    const region = document.getElementById("announcements");
    if (!region || !words) return;
    // Emptied first: a screen reader says nothing about a text that stays the same.
    region.textContent = "";
    window.clearTimeout(announcing);
    announcing = window.setTimeout(() => (region.textContent = words), 50);
  };
  // For the scripts of single pages.
  document.addEventListener("wizard:announce", (event) => announce(event.detail));

  const copyOldWay = (source) => {
    const range = document.createRange();
    range.selectNodeContents(source);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    const copied = document.execCommand("copy");
    if (copied) selection.removeAllRanges();
    return copied;
  };

  const copy = async (source) => {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      return true;
    } catch {
      // No clipboard outside a secure context, or not allowed.
      return copyOldWay(source);
    }
  };

  const onCopy = async (button) => {
    const source = document.getElementById(button.dataset.copy);
    const copied = source && (await copy(source));
    const label = button.querySelector("[data-label]");
    label.dataset.label ||= label.textContent;
    label.textContent = copied ? "Copied" : "Select and copy";
    button.classList.toggle("is-done", Boolean(copied));
    announce(copied ? `Copied: ${button.dataset.what}` : "Copying was not allowed. The text is selected.");
    window.setTimeout(() => {
      label.textContent = label.dataset.label;
      button.classList.remove("is-done");
    }, 2000);
  };

  const onReveal = (button) => {
    const input = document.getElementById(button.dataset.reveal);
    const shown = button.hasAttribute("data-shown");
    if (input.type === "textarea") input.classList.toggle("masked", shown);
    else input.type = shown ? "password" : "text";
    button.toggleAttribute("data-shown", !shown);
    button.querySelector("[data-label]").textContent = shown ? "Show" : "Hide";
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-reveal]");
    if (!button) return;
    if (button.dataset.copy) onCopy(button);
    else onReveal(button);
  });

  // --- Sending a form: once, and never away from what was typed ---

  const release = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll(".is-busy").forEach((button) => button.classList.remove("is-busy"));
  };

  const sessionEnded = () => document.getElementById("session-ended");
  const isSignIn = (url) => sessionEnded()?.querySelector("a").pathname === new URL(url).pathname;

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

  const showSessionEnd = () => {
    sessionEnded().hidden = false;
    document.activeElement.scrollIntoView({ block: "nearest" });
    announce(sessionEnded().textContent);
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
    if (form.dataset.sent || form === connectForm()) event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "true";
    isUnsaved = false;
    form.querySelectorAll("[data-shown]").forEach(onReveal);
    event.submitter?.classList.add("is-busy");
    if (form === connectForm()) sendTyped(form);
  });

  // --- Keeping what is typed as a draft ---

  // Typed since the draft was saved last: the page saves it when it is left.
  let isUnsaved = false;
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

  // What is about to be replaced has no place for an answer any more.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    event.detail.target.addEventListener("htmx:beforeSwap", (late) => late.preventDefault());
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

  // A browser cannot show what is wrong in a field that is folded away, and then says nothing at all.
  document.addEventListener(
    "invalid",
    (event) => {
      const folded = event.target.closest("details");
      if (folded) folded.open = true;
    },
    true,
  );

  const contents = (form) => new URLSearchParams(new FormData(form)).toString();
  const isFilledIn = (form) => {
    const fresh = form.cloneNode(true);
    fresh.reset();
    return contents(form) !== contents(fresh);
  };

  // A page that comes back from the browser's cache may be sent again.
  window.addEventListener("pageshow", (event) => {
    document.querySelectorAll("form[data-sent]").forEach(release);
    // What was typed comes back with it; secrets do not.
    if (event.persisted) document.querySelectorAll(SECRETS).forEach((input) => (input.value = ""));
    // The preview follows what the browser has filled in again.
    const form = connectForm();
    if (form && (event.persisted || isFilledIn(form))) form.dispatchEvent(new Event("input"));
  });

  // --- Fragments ---

  // Those that a choice is about: its own, or the page's for the choice of an organization.
  const credentialsOf = (element) =>
    element.closest("#credentials") ?? (element.name === "target" ? document.getElementById("credentials") : null);
  const polls = (element) => element.matches("[hx-trigger^=every]");

  // A status that is as it was a second ago is no news, nor is what comes anew while somebody types.
  const repeats = (element) => polls(element) || element.matches("#alike, #draft");

  const said = new Map();
  const sayNews = (fragment) => {
    const speaker = fragment.closest("[data-announce]") ?? fragment.querySelector("[data-announce]");
    const words = speaker?.dataset.announce;
    if (words === undefined) return;
    if (!repeats(fragment) || words !== said.get(fragment.id)) announce(words);
    said.set(fragment.id, words);
  };

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
    sayNews(event.target);
    sayDroppedSecret(event.target);
    goOnAfterPaste(event.target);
  });

  // While the server is away, the page looks as if nothing happened: say so, where everybody sees it.
  const showTrouble = (words) => {
    announce(words);
    document.getElementById("announcements").classList.add("is-shown");
  };

  const endTrouble = () => {
    const region = document.querySelector("#announcements.is-shown");
    region?.classList.remove("is-shown");
    region?.replaceChildren();
    if (sessionEnded()) sessionEnded().hidden = true;
  };

  const onTrouble = (event) => {
    const credentials = credentialsOf(event.target);
    if (credentials) undoSwitch(credentials);
    if (credentials) showTrouble("The fields could not be changed. What you typed is still here.");
    else if (savesDraft(event.target)) {
      isUnsaved = true;
      showTrouble("The draft could not be saved. What you typed is still here.");
    } else if (polls(event.target)) {
      // 503 is what the wizard says while its database is away, and it is asked again all the time.
      const isAway = event.detail.xhr?.status === 503;
      showTrouble(`${isAway ? "The wizard’s database does not answer" : "This could not be updated"}; trying again.`);
    } else if (connectForm()) showTrouble("The preview could not be updated. What you typed is still here.");
    else showTrouble("This could not be updated. Please try again.");
  };
  document.addEventListener("htmx:sendError", onTrouble);
  document.addEventListener("htmx:responseError", onTrouble);

  // A fragment that was answered by a redirect (to sign-in, when the session has ended) is a whole other page.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, pathInfo } = event.detail;
    if (xhr.status >= 400) return;
    const asked = new URL(pathInfo.finalRequestPath, window.location.href);
    if (!xhr.responseURL || new URL(xhr.responseURL).pathname === asked.pathname) {
      endTrouble();
      return;
    }
    event.preventDefault();
    const credentials = credentialsOf(event.target);
    if (credentials) undoSwitch(credentials);
    if (connectForm()) showSessionEnd();
    else window.location.reload();
  });

  // On to what went wrong.
  document.addEventListener("DOMContentLoaded", () =>
    document.querySelector("#error-summary, .message.error")?.focus(),
  );
})();
