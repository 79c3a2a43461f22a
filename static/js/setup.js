/* Pages of rules and units: shows only the ways that fit the rhythm, ticks all or none. Works without as well. */
(function () {
  "use strict";

  function fitWays() {
    var rhythm = document.querySelector('input[name="rhythm"]:checked');
    if (!rhythm) return;
    document.querySelectorAll(".due-way").forEach(function (way) {
      var fits = way.dataset.rhythms.split(" ").indexOf(rhythm.value) >= 0;
      way.hidden = !fits && !way.querySelector('input[type="radio"]').checked;
    });
    var cutoff = document.querySelector('input[name="cutoff_day"]');
    if (cutoff) cutoff.closest(".rule").hidden = rhythm.value !== "monthly" && cutoff.value === "";
  }

  function count() {
    var line = document.querySelector("[data-tick-count]");
    if (!line) return;
    var boxes = document.querySelectorAll('input[name="units"]');
    var chosen = document.querySelectorAll('input[name="units"]:checked').length;
    line.textContent = "按名单固定顺序，已勾选 " + chosen + " 个，共 " + boxes.length + " 个。";
  }

  function foldEmpty() {
    var rows = Array.prototype.slice.call(document.querySelectorAll(".pair-row"));
    if (!rows.length) return;
    var last = -1;
    rows.forEach(function (row, place) {
      var filled = row.querySelector("input").value !== "" || row.querySelector(".field-errors");
      if (filled) last = place;
    });
    var shown = last + 2;
    rows.forEach(function (row, place) { row.hidden = place >= shown; });
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-tick-all], [data-tick-none]");
    if (!link) return;
    event.preventDefault();
    document.querySelectorAll('input[name="units"]').forEach(function (box) {
      box.checked = link.hasAttribute("data-tick-all");
    });
    count();
  });

  document.addEventListener("input", function (event) {
    var way = event.target.closest(".due-way");
    if (way && event.target.type !== "radio") way.querySelector('input[type="radio"]').checked = true;
    if (event.target.closest(".pair-row")) foldEmpty();
  });

  document.addEventListener("change", function () {
    fitWays();
    count();
  });

  fitWays();
  count();
  foldEmpty();
})();
