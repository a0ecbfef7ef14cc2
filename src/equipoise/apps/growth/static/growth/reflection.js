// Says when words could not be kept while one writes; without this file the buttons keep them.
(() => {
  "use strict";
  const form = document.querySelector("[data-keeps]");
  const told = document.querySelector("[data-not-kept]");
  if (form === null || told === null) return;
  const say = (failed) => told.toggleAttribute("hidden", !failed);
  form.addEventListener("htmx:sendError", () => say(true));
  form.addEventListener("htmx:responseError", () => say(true));
  form.addEventListener("htmx:afterSwap", () => say(false));
  // Whoever is signed out is sent to sign in by a new page, which would take the words away: stay here instead.
  form.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Refresh") !== null) {
      event.preventDefault();
      say(true);
    }
  });
})();
