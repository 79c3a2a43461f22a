/* Cells copied from a spreadsheet and pasted into form[data-plan-grid]. Several lines fill cells from the one with the
   cursor. Lines of the plan's own table (F1), known by its head or its shape, fill the cells by the names of their
   columns. Needs plan-grid.js. */
(function () {
  "use strict";
  var grid = window.planGrid;
  if (!grid) return;
  var form = grid.form;
  var rows = grid.rows;
  var cells = grid.cells;

  function normalizeText(text) {
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

  var NOTHING = /^(|0|无|否|不安排|-|—)$/;
  var pasting = JSON.parse(form.dataset.pasting);
  var heads = foldedKeys(pasting.heads);
  var words = {};
  Object.keys(pasting.words).forEach(function (name) {
    words[name] = foldedKeys(pasting.words[name]);
  });

  function foldedKeys(table) {
    var found = {};
    Object.keys(table).forEach(function (key) {
      found[normalizeText(key)] = table[key];
    });
    return found;
  }

  function chosen(el, wanted) {
    var options = Array.from(el.options).filter(function (option) {
      return option.value;
    });
    var more = words[el.dataset.cell] || {};
    var found =
      options.find(function (option) {
        return normalizeText(option.text) === wanted;
      }) ||
      options.find(function (option) {
        return normalizeText(option.text).split("(")[0] === wanted.split("(")[0];
      });
    if (found) return found.value;
    return Object.prototype.hasOwnProperty.call(more, wanted) ? more[wanted] : null;
  }

  // Puts a pasted text into its cell; what the cell cannot hold leaves it empty, and the answer says why.
  function put(el, text) {
    var value = text.trim();
    var plain = normalizeText(value);
    unmark(el);
    if (el.tagName === "SELECT") {
      var found = plain ? chosen(el, plain) : "";
      el.value = found || "";
      return found === null ? "不在可选范围内" : "";
    }
    if (el.type === "date") {
      el.value = dayOf(value);
      return el.value || !value ? "" : "不是日期";
    }
    if (el.type === "number") {
      var whole = plain.match(/^(\d{1,2})人?$/);
      el.value = whole && Number(whole[1]) ? String(Number(whole[1])) : "";
      return whole || NOTHING.test(plain) ? "" : "不是整数";
    }
    el.value = value;
    return "";
  }

  // Companions of F1 stand in one cell: “2人”, or “政务服务业务人员1人、信息化工作人员1人”.
  function putCompanions(row, text) {
    var targets = cells(row).filter(function (el) {
      return /^companions_/.test(el.dataset.cell);
    });
    if (!targets.length) return [];
    if (targets.length === 1 && /^\D?[\d.]+人?$/.test(normalizeText(text))) return [[targets[0], put(targets[0], text)]];
    var left = normalizeText(text);
    var found = targets.map(function (el) {
      var label = normalizeText(el.getAttribute("aria-label"));
      var at = left.indexOf(label);
      var match = at < 0 ? null : left.slice(at + label.length).match(/^[^\d.-]{0,3}(\d{1,2})?(?![\d.])/);
      put(el, match ? match[1] || "1" : "");
      if (match) left = left.slice(0, at) + left.slice(at + label.length + match[0].length).replace(/^人/, "");
      return [el, ""];
    });
    // What is left over was not understood: nobody is half taken over.
    if (!NOTHING.test(left.replace(/[、，,;；]/g, ""))) {
      found.forEach(function (pair) {
        pair[0].value = "";
      });
      found[0][1] = "请按类别填写人数";
    }
    return found;
  }

  function mark(el, text, why) {
    var list = document.createElement("ul");
    list.className = "field-errors";
    list.setAttribute("data-pasted", "");
    list.appendChild(document.createElement("li")).textContent = "“" + text.trim() + "”" + why;
    el.closest("td").classList.add("has-error");
    el.after(list);
  }

  function unmark(el) {
    var td = el.closest("td");
    var list = td.querySelector("[data-pasted]");
    if (!list) return;
    list.remove();
    if (!td.querySelector(".field-errors")) td.classList.remove("has-error");
  }

  form.addEventListener("input", function (event) {
    if (event.target.matches("[data-cell]")) unmark(event.target);
  });

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

  function headOf(line) {
    var filled = line.filter(function (text) {
      return normalizeText(text);
    });
    var known = filled.filter(function (text) {
      return normalizeText(text) in heads;
    });
    return known.length && (known.length === filled.length || known.length > 2) ? line : null;
  }

  // Lines of F1 without their head: told by the column of 是 and 否, which stands where the grid has none.
  function offsetOf(lines) {
    return [0, 1, 2].find(function (offset) {
      return lines.every(function (line) {
        return /^[是否]$/.test((line[pasting.flag - offset] || "").trim()) && (offset || /^\d+$/.test(line[0].trim()));
      });
    });
  }

  // {lines, parts}: the lines to fill in and what each of their columns fills; parts null: cell by cell from the cursor.
  function recognised(lines) {
    var at = lines.slice(0, 5).findIndex(headOf);
    if (at >= 0) {
      var parts = lines[at].map(function (text) {
        return [text.trim(), normalizeText(text) in heads ? heads[normalizeText(text)] : ""];
      });
      return { lines: lines.slice(at + 1), parts: parts };
    }
    var filled = lines.filter(function (line) {
      return line.join("").trim();
    });
    var offset = filled.length ? offsetOf(filled) : undefined;
    return { lines: lines, parts: offset === undefined ? null : pasting.parts.slice(offset) };
  }

  function isBesideTheTable(line, parts) {
    var first = line.find(function (text) {
      return text.trim();
    });
    if (!first || /^(合计|总计|小计|共计)$/.test(normalizeText(first))) return true;
    return parts.every(function (part, at) {
      return !part[1] || !(line[at] || "").trim();
    });
  }

  function byName(row, line, parts) {
    var found = [];
    parts.forEach(function (part, at) {
      var text = line[at] || "";
      if (part[1] === "companions") {
        putCompanions(row, text).forEach(function (pair) {
          found.push([pair[0], text, pair[1]]);
        });
      } else if (part[1]) {
        var el = row.querySelector("[data-cell=" + part[1] + "]");
        if (el) found.push([el, text, put(el, text)]);
      }
    });
    return found;
  }

  function byPlace(row, line, place) {
    var targets = cells(row).slice(place);
    return line.slice(0, targets.length).map(function (text, at) {
      return [targets[at], text, put(targets[at], text)];
    });
  }

  function nameOf(part) {
    return part[0];
  }

  function say(count, parts, wrong) {
    var tip = document.querySelector(".plan-tip");
    var said = "已粘贴 " + count + " 行。";
    if (parts) {
      var unused = parts.filter(function (part) {
        return part[0] && !part[1];
      });
      said += "已按计划表的列名、列序对应填入";
      if (unused.length) {
        said += "，没有用到：" + unused.map(nameOf).join("、");
      }
      said += "。";
    }
    if (wrong.length) {
      said += "有 " + wrong.length + " 格没有填入，请手工填写：" + wrong.slice(0, 10).join("；");
      said += wrong.length > 10 ? "等。" : "。";
    }
    tip.textContent = said;
    tip.setAttribute("role", "status");
  }

  function fill(el, lines, parts, quietly) {
    var row = el.closest("[data-grid-row]");
    var place = cells(row).indexOf(el);
    var wrong = [];
    var count = 0;
    lines.forEach(function (line) {
      while (row && !cells(row).length) row = row.nextElementSibling;
      if (!row && rows().length >= grid.MAX_ROWS) return;
      if (!row) row = grid.add(null);
      var number = rows().indexOf(row) + 1;
      (parts ? byName(row, line, parts) : byPlace(row, line, place)).forEach(function (one) {
        if (!one[2]) return;
        mark(one[0], one[1], one[2]);
        wrong.push("第 " + number + " 行“" + one[0].getAttribute("aria-label") + "”的“" + one[1].trim() + "”");
      });
      count += 1;
      row = row.nextElementSibling;
    });
    if (!quietly || wrong.length) say(count, parts, wrong);
  }

  form.addEventListener("paste", function (event) {
    var el = event.target;
    var text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (!el.matches("[data-cell]") || !text) return;
    var single = !/[\t\n]/.test(text.replace(/\r?\n$/, ""));
    // A single text goes into a text cell as the browser does it.
    if (single && el.matches("input[type=text]")) return;
    event.preventDefault();
    var found = recognised(table(text));
    if (found.parts) {
      found.lines = found.lines.filter(function (line) {
        return !isBesideTheTable(line, found.parts);
      });
    }
    fill(el, found.lines, found.parts, single);
    grid.changed();
  });
})();
