/* form[data-plan-grid]: rows are added, copied, moved and removed in the page; Enter and the arrow keys go from cell to
   cell. Without this script every button submits the form. It runs before draft.js, so that the rows of a kept draft
   exist when their values are filled in. What is pasted: plan-paste.js. */
(function () {
  "use strict";
  var MAX_ROWS = 300;
  var form = document.querySelector("form[data-plan-grid]");
  if (!form) return;
  var body = form.querySelector("[data-grid-rows]");
  var blank = form.querySelector("[data-grid-blank]").content.querySelector("tr");

  function rows() {
    return Array.from(body.querySelectorAll("[data-grid-row]"));
  }

  function cells(row) {
    return Array.from(row.querySelectorAll("[data-cell]")).filter(function (el) {
      return el.type !== "hidden";
    });
  }

  function numberOf(row) {
    return row.querySelector("input[name=row]").value;
  }

  function nextNumber() {
    return rows().reduce(function (most, row) {
      return Math.max(most, Number(numberOf(row)) + 1);
    }, 0);
  }

  function renumber() {
    rows().forEach(function (row, place) {
      row.querySelector("[data-grid-number]").textContent = String(place + 1);
    });
  }

  function changed() {
    renumber();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function make(number) {
    var row = document.importNode(blank, true);
    row.querySelectorAll("*").forEach(function (el) {
      ["name", "id", "for", "value", "aria-describedby"].forEach(function (name) {
        var text = el.getAttribute(name);
        if (text === null) return;
        if (name === "value" && (el.tagName === "OPTION" || (el.name !== "row" && el.name !== "op"))) return;
        el.setAttribute(name, text.replace(/^(id_)?rx-/, "$1r" + number + "-").replace(/-x$/, "-" + number));
      });
    });
    row.querySelector("input[name=row]").value = String(number);
    return row;
  }

  function add(after) {
    var row = make(nextNumber());
    if (after) after.after(row);
    else body.append(row);
    return row;
  }

  function copy(from) {
    var row = add(from);
    var targets = cells(row);
    cells(from).forEach(function (el, place) {
      targets[place].value = el.value;
    });
    return row;
  }

  function focus(row, place) {
    var list = row && cells(row);
    if (!list || !list.length) return false;
    var el = list[Math.max(0, Math.min(place, list.length - 1))];
    el.focus();
    if (el.select && el.type !== "date" && el.type !== "number") el.select();
    return true;
  }

  var OPS = {
    add: function () {
      focus(add(null), 0);
    },
    copy: function (row) {
      focus(copy(row), 0);
    },
    drop: function (row) {
      var near = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      if (!rows().length) near = add(null);
      focus(near, 0);
    },
    up: function (row) {
      if (row.previousElementSibling) row.previousElementSibling.before(row);
    },
    down: function (row) {
      if (row.nextElementSibling) row.nextElementSibling.after(row);
    },
  };

  form.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-op]");
    if (!button) return;
    event.preventDefault();
    if (rows().length >= MAX_ROWS && /^(add|copy)$/.test(button.dataset.op)) return;
    OPS[button.dataset.op](button.closest("[data-grid-row]"));
    if (/^(up|down)$/.test(button.dataset.op)) button.focus();
    changed();
  });

  function go(el, down) {
    var row = el.closest("[data-grid-row]");
    var place = cells(row).indexOf(el);
    var list = rows();
    var next = list[list.indexOf(row) + down];
    while (next && !cells(next).length) next = list[list.indexOf(next) + down];
    return focus(next, place);
  }

  function sideways(el, step) {
    var list = cells(el.closest("[data-grid-row]"));
    var next = list[list.indexOf(el) + step];
    if (next) next.focus();
    return Boolean(next);
  }

  form.addEventListener("keydown", function (event) {
    var el = event.target;
    if (!el.matches("[data-cell]") || event.isComposing || event.altKey || event.metaKey) return;
    var text = el.type === "text";
    if (event.key === "Enter") {
      // Enter never sends the plan by accident; on the last row it opens another.
      event.preventDefault();
      if (event.ctrlKey) form.requestSubmit();
      else if (!go(el, event.shiftKey ? -1 : 1) && !event.shiftKey && rows().length < MAX_ROWS) {
        var place = cells(el.closest("[data-grid-row]")).indexOf(el);
        focus(add(null), place);
        changed();
      }
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (text || event.ctrlKey)) {
      // An open list of suggestions keeps its arrows.
      if (el.hasAttribute("list") && !event.ctrlKey) return;
      if (go(el, event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
    } else if (event.key === "ArrowRight" && text && el.selectionStart === el.value.length) {
      if (sideways(el, 1)) event.preventDefault();
    } else if (event.key === "ArrowLeft" && text && el.selectionEnd === 0) {
      if (sideways(el, -1)) event.preventDefault();
    }
  });

  // Rows of a draft kept in this browser that the page does not have yet, and those it no longer has.
  function likeDraft() {
    if (!form.dataset.draft || form.hasAttribute("data-unsaved")) return;
    var draft;
    try {
      draft = JSON.parse(localStorage.getItem("draft:" + document.body.dataset.user + ":" + form.dataset.draft));
    } catch (error) {
      return;
    }
    if (!draft || !draft.values) return;
    var kept = {};
    Object.keys(draft.values).forEach(function (name) {
      var match = name.match(/^r(\d+)-item$/);
      if (match) kept[match[1]] = true;
    });
    rows().forEach(function (row) {
      var number = numberOf(row);
      if (!kept[number] && !row.hasAttribute("data-grid-begun")) row.remove();
      delete kept[number];
    });
    Object.keys(kept).forEach(function (number) {
      body.append(make(Number(number)));
    });
    renumber();
  }

  likeDraft();
  window.planGrid = { MAX_ROWS: MAX_ROWS, form: form, rows: rows, cells: cells, add: add, changed: changed };
})();
