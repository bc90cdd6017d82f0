/* What all pages can do beyond HTML and htmx: copy, reveal, announce, keep a form from being sent twice.
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

  // --- Words for everybody ---

  let announced, announcing;
  const announce = (words) => {
    const region = document.getElementById("announcements");
    if (!region || !words) return;
    announced = words;
    // Emptied first: a screen reader says nothing about a text that stays the same.
    region.textContent = "";
    window.clearTimeout(announcing);
    announcing = window.setTimeout(() => (region.textContent = words), 50);
  };

  // While the server is away, the page looks as if nothing happened: say so, where everybody sees it.
  const showTrouble = (words) => {
    announce(words);
    document.getElementById("announcements").classList.add("is-shown");
  };

  const sessionEnded = () => document.getElementById("session-ended");
  const showSessionEnd = () => {
    sessionEnded().hidden = false;
    document.activeElement.scrollIntoView({ block: "nearest" });
    announce(sessionEnded().textContent);
  };

  const endTrouble = () => {
    const region = document.querySelector("#announcements.is-shown");
    if (region) {
      window.clearTimeout(announcing);
      region.classList.remove("is-shown");
      region.replaceChildren();
    }
    if (sessionEnded()) sessionEnded().hidden = true;
  };

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
    if (button?.dataset.copy) onCopy(button);
    else if (button) onReveal(button);
  });

  // --- Sending a form once ---

  const release = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll(".is-busy").forEach((button) => button.classList.remove("is-busy"));
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "true";
    form.querySelectorAll("[data-shown]").forEach(onReveal);
    event.submitter?.classList.add("is-busy");
  });

  // A browser cannot show what is wrong in a field that is folded away, and then says nothing at all.
  const unfold = ({ target }) => target.closest("details")?.setAttribute("open", "");
  document.addEventListener("invalid", unfold, true);

  // A page that comes back from the browser's cache may be sent again.
  window.addEventListener("pageshow", (event) => {
    document.querySelectorAll("form[data-sent]").forEach(release);
    if (!event.persisted) return;
    // What was typed comes back with it; secrets do not.
    document.querySelectorAll(".secret :is(input, textarea)").forEach((input) => (input.value = ""));
  });

  // --- Fragments ---

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

  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) sayNews(event.target);
  });

  // What is about to be replaced has no place for an answer any more.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    event.detail.target.addEventListener("htmx:beforeSwap", (late) => late.preventDefault());
  });

  // Whoever knows better what it means for the page prevents it: static/connect_form.js.
  const onTrouble = ({ target, detail }) => {
    if (polls(target)) {
      // 503 is what the wizard says while its database is away. It is asked again all the time, and said once.
      const isAway = detail.xhr?.status === 503;
      const words = `${isAway ? "The wizard’s database does not answer" : "This could not be updated"}; trying again.`;
      if (words !== announced || !document.querySelector("#announcements.is-shown")) showTrouble(words);
    } else if (document.dispatchEvent(new CustomEvent("wizard:trouble", { detail: target, cancelable: true })))
      showTrouble("This could not be updated. Please try again.");
  };
  document.addEventListener("htmx:sendError", onTrouble);
  document.addEventListener("htmx:responseError", onTrouble);

  // A fragment that was answered by a redirect (to sign-in, when the session has ended) is a whole other page.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, pathInfo } = event.detail;
    if (xhr.status >= 400) return;
    const asked = new URL(pathInfo.finalRequestPath, window.location.href);
    if (!xhr.responseURL || new URL(xhr.responseURL).pathname === asked.pathname) return endTrouble();
    event.preventDefault();
    if (sessionEnded()) showSessionEnd();
    else window.location.reload();
  });

  // On to what went wrong.
  document.addEventListener("DOMContentLoaded", () =>
    document.querySelector("#error-summary, .message.error")?.focus(),
  );

  // For the scripts of single pages.
  window.wizard = { announce, endTrouble, parsed, release, sessionEnded, showSessionEnd, showTrouble };
})();
