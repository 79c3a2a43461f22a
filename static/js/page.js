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

  // Ticks every box of the form that has the name; ticks none when all are ticked.
  function checkAll(button) {
    var boxes = button.form.querySelectorAll("input[type=checkbox][name=" + button.dataset.checkAll + "]");
    var on = !Array.prototype.every.call(boxes, function (box) { return box.checked; });
    boxes.forEach(function (box) { box.checked = on; });
    button.textContent = on ? "取消全选" : "全选";
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
    var all = event.target.closest("[data-check-all]");
    if (all) checkAll(all);
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

  // The chosen tab of a row that is wider than the screen.
  document.querySelectorAll(".tabs [aria-current]").forEach(function (tab) {
    var row = tab.closest(".tabs");
    row.scrollLeft += tab.getBoundingClientRect().right - row.getBoundingClientRect().right + 48;
  });

  document.querySelectorAll("[data-back], [data-print]").forEach(function (button) {
    button.hidden = button.hasAttribute("data-back") && history.length < 2;
  });
  document.querySelectorAll("[data-check-all]").forEach(function (button) { button.hidden = false; });
  applySize();
})();
