/* form[data-plan-grid]: rows added, copied, moved and taken out in the page; Enter and arrows go from cell to cell;
   several lines copied from a spreadsheet fill cells from the one that holds the cursor. Without it every button is a
   plain submit. It runs before draft.js, so that rows of a kept draft are there to be filled. */
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

  function folded(text) {
    return text.normalize("NFKC").replace(/\s+/g, "").toLowerCase();
  }

  function two(number) {
    return String(number).padStart(2, "0");
  }

  function dayOf(text) {
    var plain = text.normalize("NFKC").trim();
    var parts = plain.match(/^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?/) || plain.match(/^(\d{4})(\d{2})(\d{2})$/);
    return parts ? parts[1] + "-" + two(parts[2]) + "-" + two(parts[3]) : "";
  }

  function put(el, text) {
    var value = text.trim();
    if (el.tagName === "SELECT") {
      var wanted = folded(value);
      var options = Array.from(el.options);
      var found =
        options.find(function (option) {
          return option.value && folded(option.text) === wanted;
        }) ||
        options.find(function (option) {
          return option.value && wanted && folded(option.text).split("(")[0] === wanted.split("(")[0];
        });
      if (found) el.value = found.value;
      else if (!wanted) el.value = options.length ? options[0].value : "";
      return Boolean(found) || !wanted;
    }
    if (el.type === "date") {
      el.value = dayOf(value);
      return Boolean(el.value) || !value;
    }
    el.value = el.type === "number" ? value.replace(/[^0-9]/g, "") : value;
    return true;
  }

  // Quoted cells of a spreadsheet may hold line breaks and doubled quotes.
  function table(text) {
    var lines = [[""]];
    var quoted = false;
    for (var at = 0; at < text.length; at += 1) {
      var line = lines[lines.length - 1];
      var letter = text[at];
      if (quoted) {
        if (letter === '"' && text[at + 1] === '"') {
          line[line.length - 1] += '"';
          at += 1;
        } else if (letter === '"') quoted = false;
        else line[line.length - 1] += letter === "\n" ? " " : letter;
      } else if (letter === '"' && line[line.length - 1] === "") quoted = true;
      else if (letter === "\t") line.push("");
      else if (letter === "\n") lines.push([""]);
      else if (letter !== "\r") line[line.length - 1] += letter;
    }
    if (lines.length > 1 && lines[lines.length - 1].join("") === "") lines.pop();
    return lines;
  }

  function say(count, lost) {
    var tip = document.querySelector(".plan-tip");
    var words = "已粘贴 " + count + " 行。";
    if (lost) words += "有 " + lost + " 格的内容不在可选范围内，没有填入，请手工选择。";
    tip.textContent = words;
    tip.setAttribute("role", "status");
  }

  form.addEventListener("paste", function (event) {
    var el = event.target;
    var text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (!el.matches("[data-cell]") || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) {
      if (el.matches("select[data-cell], input[type=date][data-cell]") && text) {
        event.preventDefault();
        put(el, text);
        changed();
      }
      return;
    }
    event.preventDefault();
    var place = cells(el.closest("[data-grid-row]")).indexOf(el);
    var row = el.closest("[data-grid-row]");
    var lost = 0;
    var count = 0;
    table(text).forEach(function (line) {
      while (row && !cells(row).length) row = row.nextElementSibling;
      if (!row) {
        if (rows().length >= MAX_ROWS) return;
        row = add(null);
      }
      var targets = cells(row).slice(place);
      line.slice(0, targets.length).forEach(function (value, at) {
        if (!put(targets[at], value)) lost += 1;
      });
      count += 1;
      row = row.nextElementSibling;
    });
    say(count, lost);
    changed();
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
})();
