// What htmx cannot do alone. Every page works without this file.
(() => {
  "use strict";

  const typing = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;

  // Ctrl or Cmd with K goes to the search.
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      const search = document.querySelector("[data-jump]");
      if (search !== null) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
  });

  // Single keys choose a button or link that names its key, where a page offers that.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("[data-keys]") === null) return;
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (wanted !== null) {
      event.preventDefault();
      wanted.click();
    }
  });

  // The zone of the browser, for the first run.
  const zone = document.querySelector('input[name="zone"][type="hidden"]');
  if (zone !== null && zone.value === "") {
    zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  }

  // Real progress while a calendar is sent; what follows is shown by the page of the import.
  for (const form of document.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => {
      const bar = form.querySelector("progress");
      const file = form.querySelector('input[type="file"]');
      if (bar === null || file === null || file.files.length === 0) return;
      event.preventDefault();
      const say = (name, shown) => form.querySelector(`[data-upload-${name}]`)?.toggleAttribute("hidden", !shown);
      const tooLarge = file.files[0].size > Number(form.dataset.upload) * 1e6;
      say("failed", false);
      say("too-large", tooLarge);
      if (tooLarge) return;
      const button = form.querySelector("button.primary");
      const request = new XMLHttpRequest();
      button.disabled = true;
      bar.hidden = false;
      request.upload.addEventListener("progress", (at) => {
        if (at.lengthComputable) bar.value = (100 * at.loaded) / at.total;
      });
      request.addEventListener("load", () => {
        if (request.status < 400) {
          window.location.assign(request.responseURL);
        } else {
          document.open();
          document.write(request.responseText);
          document.close();
        }
      });
      request.addEventListener("error", () => {
        button.disabled = false;
        bar.hidden = true;
        say("failed", true);
      });
      request.open("POST", form.action);
      request.send(new FormData(form));
    });
  }

  // A changed choice takes effect at once where a form asks for that; without this file its button does it.
  // By keyboard a list changes with every arrow, so there it waits for Enter, or for the button that then shows.
  for (const chosen of document.querySelectorAll("[data-submit]")) {
    const button = chosen.form.querySelector("[data-submit-button]");
    let byKeyboard = false;
    button?.toggleAttribute("hidden", true);
    chosen.addEventListener("pointerdown", () => (byKeyboard = false));
    chosen.addEventListener("keydown", (event) => {
      byKeyboard = event.key !== "Enter";
      if (event.key === "Enter") {
        event.preventDefault();
        chosen.form.requestSubmit();
      }
    });
    chosen.addEventListener("change", () => {
      if (byKeyboard) button?.toggleAttribute("hidden", false);
      else chosen.form.requestSubmit();
    });
  }

  // A button that copies what a field holds, where the browser lets it.
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    button.toggleAttribute("hidden", !navigator.clipboard);
    button.addEventListener("click", async () => {
      field.select();
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.done;
    });
  }

  // A page that asks by itself says so while the server is away, and starts over when what it asks about is gone.
  const away = document.querySelector("[data-no-answer]");
  if (away !== null) {
    document.addEventListener("htmx:sendError", () => away.toggleAttribute("hidden", false));
    document.addEventListener("htmx:afterSwap", () => away.toggleAttribute("hidden", true));
    document.addEventListener("htmx:responseError", (event) => {
      if (event.detail.xhr.status < 500) window.location.reload();
      else away.toggleAttribute("hidden", false);
    });
  }
})();
