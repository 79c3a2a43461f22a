/* table[data-rows]: j and k go from row to row, x ticks its box, Enter opens it. Without this the table is as it is. */
(function () {
  "use strict";
  var table = document.querySelector("table[data-rows]");
  if (!table) return;
  var rows = Array.from(table.tBodies[0].rows);
  var at = -1;

  function go(to) {
    if (to < 0 || to >= rows.length) return;
    if (rows[at]) rows[at].classList.remove("is-current");
    at = to;
    rows[at].classList.add("is-current");
    rows[at].querySelector("a").focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
    var current = rows[at];
    if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at - 1);
    else if (event.key === "x" && current) {
      var box = current.querySelector("input[type=checkbox]");
      if (box) box.checked = !box.checked;
    } else return;
    event.preventDefault();
  });

  // Coming back from an issue, its row is the one to go on from.
  var named = rows.findIndex(function (row) { return "#" + row.id === location.hash; });
  if (named >= 0) at = named;
})();
