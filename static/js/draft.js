/* form[data-draft="key"]: what was typed survives a lost connection, a reload and a timed-out session.
   Kept in this browser under the person's id, never files, passwords or tokens; gone when saved or signed out. */
(function () {
  "use strict";
  var PREFIX = "draft:";
  var PENDING = "draft-pending";
  var KEEP_MS = 7 * 24 * 3600 * 1000;
  var TYPED = /^(text|search|tel|url|email|number|date|month|time|datetime-local|textarea|select-one|select-multiple)$/;
  var user = document.body.dataset.user;

  function store(area, key, value) {
    try {
      if (value === null) area.removeItem(key);
      else area.setItem(key, value);
    } catch (error) {
      /* full or forbidden storage: the form still works */
    }
  }

  function read(area, key) {
    try {
      return JSON.parse(area.getItem(key) || "null");
    } catch (error) {
      return null;
    }
  }

  function keyOf(form) {
    return PREFIX + user + ":" + form.dataset.draft;
  }

  function kept(form) {
    return Array.from(form.elements).filter(function (el) {
      if (!el.name || el.hasAttribute("data-no-draft")) return false;
      return TYPED.test(el.type) || el.type === "radio" || el.type === "checkbox";
    });
  }

  function valuesOf(form) {
    var values = {};
    kept(form).forEach(function (el) {
      values[el.name] = values[el.name] || [];
      if (el.type === "radio" || el.type === "checkbox") {
        if (el.checked) values[el.name].push(el.value);
      } else if (el.type === "select-multiple") {
        Array.from(el.selectedOptions).forEach(function (option) {
          values[el.name].push(option.value);
        });
      } else values[el.name].push(el.value);
    });
    return values;
  }

  function fill(form, values) {
    var seen = {};
    kept(form).forEach(function (el) {
      if (!(el.name in values)) return;
      var list = values[el.name];
      if (el.type === "radio" || el.type === "checkbox") el.checked = list.indexOf(el.value) >= 0;
      else if (el.type === "select-multiple") {
        Array.from(el.options).forEach(function (option) {
          option.selected = list.indexOf(option.value) >= 0;
        });
      } else {
        var index = seen[el.name] || 0;
        seen[el.name] = index + 1;
        if (index < list.length) el.value = list[index];
      }
    });
  }

  function idempotency(form) {
    return form.elements.namedItem("idempotency_key");
  }

  function save(form, sent) {
    var values = valuesOf(form);
    var same = JSON.stringify(values) === form._draftStart;
    if (same && !sent) return;
    var hidden = idempotency(form);
    var draft = { at: Date.now(), values: values, key: sent && hidden ? hidden.value : "" };
    store(localStorage, keyOf(form), JSON.stringify(draft));
  }

  function bar(form, draft) {
    var when = new Date(draft.at);
    var two = function (number) {
      return String(number).padStart(2, "0");
    };
    var box = document.createElement("div");
    box.className = "draft-bar";
    box.setAttribute("role", "status");
    var text = document.createElement("span");
    text.textContent =
      "已恢复未提交的内容（" + (when.getMonth() + 1) + "月" + when.getDate() + "日 " +
      two(when.getHours()) + ":" + two(when.getMinutes()) + " 保存在本机）。照片需重新选择。";
    if (!form.querySelector("input[type=file]")) text.textContent = text.textContent.replace("照片需重新选择。", "");
    var drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn btn-light btn-sm";
    drop.textContent = "丢弃";
    drop.addEventListener("click", function () {
      store(localStorage, keyOf(form), null);
      form.reset();
      box.remove();
    });
    box.append(text, drop);
    form.insertBefore(box, form.firstChild);
  }

  function restore(form) {
    form._draftStart = JSON.stringify(valuesOf(form));
    // Shown again by the server with what was typed and the key to send it under: both are newer than the draft.
    if (form.hasAttribute("data-unsaved")) return;
    var draft = read(localStorage, keyOf(form));
    if (!draft) return;
    if (Date.now() - draft.at > KEEP_MS) {
      store(localStorage, keyOf(form), null);
      return;
    }
    // The first press may have reached the server although its answer was lost: same key, one record.
    var hidden = idempotency(form);
    if (draft.key && hidden) hidden.value = draft.key;
    if (JSON.stringify(draft.values) === form._draftStart) return;
    fill(form, draft.values);
    bar(form, draft);
  }

  function settlePending() {
    var pending = read(sessionStorage, PENDING);
    if (!pending) return;
    var refused = document.querySelector(".error-page, .has-error, .form-errors, .login-page, [data-unsaved]");
    var saved = document.querySelector(".messages .notice-success, [data-saved]");
    if (refused) {
      // Nothing was saved: leaving this page must not count as the sign that it was.
      store(sessionStorage, PENDING, null);
      return;
    }
    if (saved || location.pathname !== pending.path) {
      store(localStorage, pending.draft, null);
      store(sessionStorage, PENDING, null);
    }
  }

  function watch(form) {
    var timer = null;
    function later() {
      clearTimeout(timer);
      timer = setTimeout(save, 1000, form, false);
    }
    function now() {
      if (timer === null) return;
      clearTimeout(timer);
      timer = null;
      save(form, false);
    }
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    window.addEventListener("pagehide", now);
    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "hidden") now();
    });
    form.addEventListener("submit", function (event) {
      clearTimeout(timer);
      timer = null;
      save(form, !event.defaultPrevented);
      store(sessionStorage, PENDING, JSON.stringify({ draft: keyOf(form), path: location.pathname }));
    });
  }

  document.addEventListener("submit", function (event) {
    if (!event.target.matches("form[data-logout]")) return;
    Object.keys(localStorage).forEach(function (key) {
      if (key.indexOf(PREFIX + user + ":") === 0) store(localStorage, key, null);
    });
  });

  settlePending();
  if (!user) return;
  document.querySelectorAll("form[data-draft]").forEach(function (form) {
    restore(form);
    watch(form);
  });
})();
