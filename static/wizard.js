/* What the pages can do beyond HTML and htmx: copy, reveal, announce, keep a form from being sent twice.
   Everything is delegated from the document, so that swapped-in fragments need no setting up. */
(() => {
  "use strict";

  document.documentElement.classList.add("js");

  const announce = (words) => {
    const region = document.getElementById("announcements");
    if (region && words && region.textContent !== words) region.textContent = words;
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
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.querySelector("[data-label]").textContent = shown ? "Show" : "Hide";
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-reveal]");
    if (!button) return;
    if (button.dataset.copy) onCopy(button);
    else onReveal(button);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    form.querySelectorAll("[data-reveal][aria-pressed=true]").forEach(onReveal);
    event.submitter?.classList.add("is-busy");
  });

  // A page that comes back from the browser's cache may be sent again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
    document.querySelectorAll(".is-busy").forEach((button) => button.classList.remove("is-busy"));
  });

  document.addEventListener("htmx:load", (event) => {
    if (event.target === document.body) return;
    const words = event.target.closest("[data-announce]") ?? event.target.querySelector("[data-announce]");
    announce(words?.dataset.announce);
  });

  // A fragment that was answered by a redirect (to sign-in, when the session has ended) is a whole other page.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answered = event.detail.xhr.responseURL;
    const asked = new URL(event.detail.pathInfo.finalRequestPath, window.location.href);
    if (!answered || new URL(answered).pathname === asked.pathname) return;
    event.detail.shouldSwap = false;
    window.location.reload();
  });

  // While the server is away, the page looks as if nothing happened: say so, where everybody sees it.
  const showTrouble = (shown, words) => {
    announce(words);
    document.getElementById("announcements")?.classList.toggle("is-shown", shown);
  };
  document.addEventListener("htmx:sendError", () => showTrouble(true, "The server does not answer. Reload the page if this stays."));
  document.addEventListener("htmx:responseError", () => showTrouble(true, "The server could not do this. Reload the page."));
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status < 400) document.getElementById("announcements")?.classList.remove("is-shown");
  });

  document.addEventListener("DOMContentLoaded", () => document.getElementById("error-summary")?.focus());
})();
