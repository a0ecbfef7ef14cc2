// Keeps words that the page is left with, and says when they could not be kept; without this file the buttons keep them.
(() => {
  "use strict";
  const form = document.querySelector("[data-keeps]");
  const told = document.querySelector("[data-not-kept]");
  const elsewhere = document.querySelector("[data-elsewhere]");
  if (form === null || told === null || elsewhere === null) return;
  const say = (failed, status = 0) => {
    told.toggleAttribute("hidden", !failed || status === 409);
    elsewhere.toggleAttribute("hidden", !failed || status !== 409);
  };
  let changes = 0; // since the page was opened: made, under way, kept
  let sent = 0;
  let kept = 0;
  form.addEventListener("input", () => (changes += 1));
  form.addEventListener("submit", () => (kept = changes));
  form.addEventListener("htmx:beforeRequest", () => (sent = changes));
  form.addEventListener("htmx:afterSwap", () => {
    kept = sent;
    say(false);
  });
  for (const trouble of ["htmx:sendError", "htmx:responseError"]) {
    form.addEventListener(trouble, (event) => say(true, event.detail.xhr?.status));
  }
  // Whoever is signed out is sent to sign in by a new page, which would take the words away: stay here instead.
  form.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Refresh") !== null) {
      event.preventDefault();
      say(true);
    }
  });
  // The last words before a link is followed, or a phone goes to sleep.
  const keep = () => {
    if (changes === kept) return;
    const now = changes;
    fetch(form.getAttribute("hx-post"), {
      method: "POST",
      body: new FormData(form),
      headers: { "HX-Request": "true" },
      keepalive: true,
    })
      .then((answer) => (kept = answer.ok ? now : kept))
      .catch(() => {});
  };
  window.addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
})();
