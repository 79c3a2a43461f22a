/* form[data-once]: one press, one request. The server's idempotency key is the proof; this is the courtesy.
   The page in the history remembers what was sent from it: after Back the same content goes under the same key. */
(function () {
  "use strict";

  function buttonsOf(form) {
    return Array.from(form.elements).filter(function (el) {
      return el.type === "submit";
    });
  }

  function release(form) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    buttonsOf(form).forEach(function (button) {
      button.disabled = false;
      if (!button._was) return;
      button.textContent = "";
      button.append.apply(button, button._was);
      button._was = null;
    });
  }

  function hold(form, pressed) {
    form.setAttribute("aria-busy", "true");
    buttonsOf(form).forEach(function (button) {
      button.disabled = true;
    });
    var shown = pressed || buttonsOf(form)[0];
    if (!shown) return;
    shown._was = Array.from(shown.childNodes);
    shown.textContent = shown.dataset.busy || form.dataset.busy || "正在保存…";
  }

  function contentOf(form, pressed) {
    var parts = [];
    new FormData(form).forEach(function (value, name) {
      // A password never stays behind in the history of the browser, where the next person could read it.
      var field = form.elements.namedItem(name);
      if (field && field.type === "password") return;
      if (typeof value === "string" && name !== "idempotency_key" && name !== "csrfmiddlewaretoken")
        parts.push([name, value]);
    });
    if (pressed && pressed.name) parts.push([pressed.name, pressed.value]);
    return JSON.stringify(parts);
  }

  function remember(form, pressed) {
    var key = form.elements.namedItem("idempotency_key");
    if (!key || !key.value || !form.id) return;
    var content = contentOf(form, pressed);
    var sent = history.state && history.state.sent;
    if (sent && sent.form === form.id && sent.content === content) key.value = sent.key;
    sent = { form: form.id, key: key.value, content: content };
    history.replaceState(Object.assign({}, history.state, { sent: sent }), "");
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches("form[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    remember(form, event.submitter);
    // A disabled button is left out of the request, so it is disabled only after the request was built.
    setTimeout(hold, 0, form, event.submitter);
  });

  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(release);
  });
})();
