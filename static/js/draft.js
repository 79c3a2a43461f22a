/* form[data-draft="key"]: what was typed survives a lost connection, a reload and a timed-out session.
   Kept in this browser under the person's id, never files, passwords or tokens; gone when saved or signed out.
   The key says form, record and place, so that a draft comes back only where it was written; the version it was
   written on comes back with it, so that a record changed meanwhile is not overwritten.
   [data-drafts="group"]: a list of the drafts of that group. */
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

  function photosOf(form) {
    var names = [];
    form.querySelectorAll("input[type=file]").forEach(function (input) {
      Array.from(input.files).forEach(function (file) {
        names.push(file.name);
      });
    });
    return names;
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

  function hidden(form, name) {
    var field = form.elements.namedItem(name);
    return field && field.type === "hidden" ? field : null;
  }

  function versionOf(form) {
    return hidden(form, "seen") || hidden(form, "version");
  }

  function nameOf(form) {
    var stage = form.querySelector("input[name=stage]:checked");
    var name = document.title.split(" · ")[0];
    return stage && stage.labels.length ? name + "：" + stage.labels[0].textContent.trim() : name;
  }

  function save(form, sent) {
    var values = valuesOf(form);
    var photos = photosOf(form);
    var same = JSON.stringify(values) === form._draftStart && !photos.length;
    if (same && !sent) return;
    var key = hidden(form, "idempotency_key");
    var version = versionOf(form);
    var draft = {
      at: Date.now(),
      values: values,
      key: sent && key ? key.value : "",
      version: version ? version.value : "",
      photos: photos,
      group: form.dataset.draftGroup || "",
      name: nameOf(form),
      url: location.pathname + location.search,
    };
    store(localStorage, keyOf(form), JSON.stringify(draft));
  }

  function two(number) {
    return String(number).padStart(2, "0");
  }

  function moment(at) {
    var when = new Date(at);
    return when.getMonth() + 1 + "月" + when.getDate() + "日 " + two(when.getHours()) + ":" + two(when.getMinutes());
  }

  function photoWords(photos) {
    return photos && photos.length ? "照片没有保存，请重新选择 " + photos.length + " 张：" + photos.join("、") + "。" : "";
  }

  function element(tag, css, text) {
    var node = document.createElement(tag);
    if (css) node.className = css;
    if (text) node.textContent = text;
    return node;
  }

  function bar(form, draft) {
    var box = element("div", "draft-bar");
    box.setAttribute("role", "status");
    var words = "已恢复未提交的内容（" + moment(draft.at) + " 保存在本机）。" + photoWords(draft.photos);
    var drop = element("button", "btn btn-light btn-sm", "丢弃");
    drop.type = "button";
    drop.addEventListener("click", function () {
      store(localStorage, keyOf(form), null);
      // The version came back with the draft, and goes with it.
      location.reload();
    });
    box.append(element("span", "", words), drop);
    form.insertBefore(box, form.firstChild);
  }

  /* Back on a form that has made its record: under the key it was sent with, it makes no second one. */
  function sentBefore(form) {
    var sent = history.state && history.state.sent;
    var key = hidden(form, "idempotency_key");
    if (!sent || sent.form !== form.id || !key || versionOf(form)) return;
    key.value = sent.key;
    var box = element("div", "draft-bar");
    box.setAttribute("role", "status");
    var again = element("a", "btn btn-light btn-sm", "另外登记一条");
    again.href = location.pathname + location.search;
    again.addEventListener("click", function () {
      history.replaceState(Object.assign({}, history.state, { sent: null }), "");
    });
    box.append(element("span", "", "您已从本页提交过一次，内容已保存，不会重复登记。"), again);
    form.insertBefore(box, form.firstChild);
  }

  function restore(form) {
    form._draftStart = JSON.stringify(valuesOf(form));
    // Shown again by the server with what was typed and the key to send it under: both are newer than the draft.
    if (form.hasAttribute("data-unsaved")) return;
    var draft = read(localStorage, keyOf(form));
    if (!draft) return sentBefore(form);
    if (Date.now() - draft.at > KEEP_MS) {
      store(localStorage, keyOf(form), null);
      return;
    }
    // The first press may have reached the server although its answer was lost: same key, one record.
    var key = hidden(form, "idempotency_key");
    if (draft.key && key) key.value = draft.key;
    var photos = draft.photos || [];
    if (JSON.stringify(draft.values) === form._draftStart && !photos.length) return;
    var version = versionOf(form);
    if (draft.version && version) version.value = draft.version;
    fill(form, draft.values);
    bar(form, draft);
  }

  function list(place) {
    var rows = [];
    Object.keys(localStorage).forEach(function (key) {
      if (key.indexOf(PREFIX + user + ":") !== 0) return;
      var draft = read(localStorage, key);
      if (!draft || draft.group !== place.dataset.drafts || Date.now() - draft.at > KEEP_MS) return;
      rows.push(draft);
    });
    if (!rows.length) return;
    var items = element("ul", "draft-list");
    rows.forEach(function (draft) {
      var link = element("a", "", draft.name + "（" + moment(draft.at) + "）");
      link.href = draft.url;
      var item = element("li", "");
      item.append(link, element("span", "", photoWords(draft.photos)));
      items.append(item);
    });
    place.className = "draft-bar";
    place.append(element("span", "", "本机有尚未提交的内容，点开可继续填写："), items);
    place.hidden = false;
  }

  /* After a form was sent: drop its draft once it is saved; keep it when the answer says otherwise. */
  function resolvePending() {
    var pending = read(sessionStorage, PENDING);
    if (!pending) return;
    var login = document.querySelector(".login-page .login-card");
    if (login && pending.photos && pending.photos.length) {
      var words = "刚才提交的内容还没有保存：文字已保留在本机，登录后恢复。" + photoWords(pending.photos);
      login.insertBefore(element("p", "notice notice-warn", words), login.firstChild);
    }
    var refused = document.querySelector(".error-page, .has-error, .form-errors, .login-page, [data-unsaved]");
    var saved = refused ? null : document.querySelector(".messages .notice-success");
    // Saved, though the page asks for something more.
    saved = document.querySelector("[data-saved]") || saved;
    // Only a page that says so has saved it: an expired session, or a person who went elsewhere, has not.
    if (saved) store(localStorage, pending.draft, null);
    if (!login) store(sessionStorage, PENDING, null);
    // A page that holds what was sent sends it again: what it leads to may say that the draft is saved.
    var again = document.querySelector("form[data-again]");
    if (again)
      again.addEventListener("submit", function () {
        store(sessionStorage, PENDING, JSON.stringify(pending));
      });
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
      var pending = { draft: keyOf(form), photos: photosOf(form) };
      store(sessionStorage, PENDING, JSON.stringify(pending));
    });
  }

  document.addEventListener("submit", function (event) {
    if (!event.target.matches("form[data-logout]")) return;
    Object.keys(localStorage).forEach(function (key) {
      if (key.indexOf(PREFIX + user + ":") === 0) store(localStorage, key, null);
    });
  });

  resolvePending();
  if (!user) return;
  document.querySelectorAll("form[data-draft]").forEach(function (form) {
    restore(form);
    watch(form);
  });
  document.querySelectorAll("[data-drafts]").forEach(list);
})();
