/* form[data-filters]: choosing with the mouse submits at once; empty fields stay out of the address. */
(function () {
  "use strict";
  var wide = window.matchMedia("(min-width: 768px)");

  function setUp(form) {
    var toggle = form.querySelector("[data-filter-toggle]");
    var more = form.querySelector("[data-filter-more]");
    if (toggle && more) {
      var open = false;
      var show = function () {
        toggle.hidden = wide.matches;
        more.classList.toggle("is-closed", !wide.matches && !open);
        toggle.setAttribute("aria-expanded", String(open));
      };
      toggle.addEventListener("click", function () {
        open = !open;
        show();
      });
      wide.addEventListener("change", show);
      show();
    }

    // Arrow keys change a closed select at every step, so only a choice made by pointer submits.
    var byKey = false;
    form.addEventListener("keydown", function () {
      byKey = true;
    });
    form.addEventListener("pointerdown", function () {
      byKey = false;
    });
    form.addEventListener("change", function (event) {
      if (wide.matches && !byKey && event.target.tagName === "SELECT") form.requestSubmit();
    });
    form.addEventListener("submit", function () {
      Array.from(form.elements).forEach(function (el) {
        if (el.name && !el.value) el.disabled = true;
      });
    });
    window.addEventListener("pageshow", function () {
      Array.from(form.elements).forEach(function (el) {
        el.disabled = false;
      });
    });
  }

  document.querySelectorAll("form[data-filters]").forEach(setUp);
})();
