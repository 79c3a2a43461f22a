/* Large type, menus that close, "back" buttons. Everything here has a plain fallback. */
(function () {
  "use strict";
  var root = document.documentElement;

  function isLarge() {
    return /(?:^|;\s*)text_size=large/.test(document.cookie);
  }

  function applySize() {
    root.classList.toggle("large", isLarge());
    document.querySelectorAll("[data-text-size]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(isLarge()));
    });
  }

  document.addEventListener("click", function (event) {
    var size = event.target.closest("[data-text-size]");
    if (size) {
      var next = isLarge() ? "normal" : "large";
      document.cookie = "text_size=" + next + "; path=/; max-age=31536000; samesite=lax";
      applySize();
    }
    if (event.target.closest("[data-back]")) history.back();
    if (event.target.closest("[data-print]")) window.print();
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  document.querySelectorAll("[data-back], [data-print]").forEach(function (button) {
    button.hidden = button.hasAttribute("data-back") && history.length < 2;
  });
  applySize();
})();
