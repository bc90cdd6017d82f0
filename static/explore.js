/* Explore: columns that are searched and ticked, and what stays when others come in their place. */
(() => {
  "use strict";

  const { announce } = window.wizard;
  const chosenForm = () => document.getElementById("choose-columns");
  const boxes = () => [...chosenForm().querySelectorAll("[name=column]")];

  const countChosen = () => {
    const count = chosenForm()?.querySelector("[data-chosen-count]");
    if (!count) return;
    const all = boxes();
    count.textContent = `${all.filter((box) => box.checked).length} of ${all.length} chosen`;
  };

  // Here, and not at the server: what is ticked stays ticked, and Adobe is not asked again.
  const filterColumns = (form) => {
    const words = form.querySelector("[type=search]").value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [...document.querySelectorAll(`#${form.dataset.filter} tbody tr`)];
    rows.forEach((row) => {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    });
    announce(`${rows.filter((row) => !row.hidden).length} of ${rows.length} columns`);
  };

  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-filter]");
    if (form) filterColumns(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-filter]")) event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === "column") countChosen();
  });
  // Those that the search leaves are meant.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-check]");
    if (!button) return;
    boxes().forEach((box) => {
      if (!box.closest("tr").hidden) box.checked = button.dataset.check === "all";
    });
    countChosen();
    announce(chosenForm().querySelector("[data-chosen-count]").textContent);
  });
  // What is ticked, and not kept yet, outlives a look at the rows.
  const nameOfChoice = () => `chosen:${location.pathname}?${new URLSearchParams(location.search).get("object")}`;
  document.addEventListener("click", (event) => {
    if (!chosenForm() || !event.target.closest("#explored a[href^='?']")) return;
    const keys = boxes().flatMap((box) => (box.checked ? [box.value] : []));
    sessionStorage.setItem(nameOfChoice(), JSON.stringify(keys));
  });
  const bringBackChoice = () => {
    const kept = chosenForm() && sessionStorage.getItem(nameOfChoice());
    if (!kept) return;
    sessionStorage.removeItem(nameOfChoice());
    const keys = new Set(JSON.parse(kept));
    boxes().forEach((box) => {
      box.checked = keys.has(box.value);
    });
  };
  document.addEventListener("htmx:load", () => {
    bringBackChoice();
    countChosen();
  });

  // Who stood on "Cancel" goes on in what has come in its place.
  let stoodInside = false;
  document.addEventListener("htmx:beforeSwap", (event) => {
    stoodInside = event.detail.target.id === "explored" && event.detail.target.contains(document.activeElement);
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (stoodInside) document.getElementById("explored")?.focus({ preventScroll: true });
    stoodInside = false;
  });

  // That others are looking is said in the place of what one wanted to see.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "explored" || event.detail.xhr.status !== 503) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });
})();
