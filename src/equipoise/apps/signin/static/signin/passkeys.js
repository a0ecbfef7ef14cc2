// Shows what needs passkeys where the browser has them, and says so in words when the device gave none.
(function () {
  "use strict";
  if (window.PublicKeyCredential) {
    document.querySelectorAll("[data-passkey]").forEach((part) => { part.hidden = false; });
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const note = document.querySelector("[data-passkey-failed]");
    if (note) { note.hidden = false; note.setAttribute("tabindex", "-1"); note.focus(); }
  });
})();
