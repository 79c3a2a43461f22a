/* input[data-photos]: shrinks pictures on the phone, shows them, lets one be taken out again before saving.
   HEIC and anything the browser cannot read goes up as it is; without this script the plain input works. */
(function () {
  "use strict";
  var SHRINKABLE = /^image\/(jpeg|png|webp)$/;
  var LONG_SIDE = 2560;
  var SMALL_ENOUGH = 400 * 1024;

  function readable(bytes) {
    return bytes >= 1048576 ? (bytes / 1048576).toFixed(1) + " MB" : Math.max(1, Math.round(bytes / 1024)) + " KB";
  }

  function shrink(file) {
    return new Promise(function (resolve) {
      if (!SHRINKABLE.test(file.type) || file.size <= SMALL_ENOUGH || !window.Compressor) {
        resolve(file);
        return;
      }
      new window.Compressor(file, {
        quality: 0.85,
        maxWidth: LONG_SIDE,
        maxHeight: LONG_SIDE,
        convertSize: Infinity,
        success: function (blob) {
          resolve(new File([blob], file.name, { type: blob.type, lastModified: file.lastModified }));
        },
        error: function () {
          resolve(file);
        },
      });
    });
  }

  function element(tag, css, text) {
    var node = document.createElement(tag);
    if (css) node.className = css;
    if (text) node.textContent = text;
    return node;
  }

  function tile(item, onRemove) {
    var box = element("figure", "tile");
    var frame = element("span", "tile-link");
    var image = element("img");
    image.alt = item.file.name;
    image.src = item.url;
    image.onerror = function () {
      frame.replaceChild(element("span", "tile-icon tile-text", "无法预览"), image);
    };
    frame.appendChild(image);
    var caption = element("figcaption");
    caption.appendChild(element("span", "tile-name", item.file.name));
    caption.appendChild(element("small", "", item.ready ? readable(item.file.size) : "处理中…"));
    var remove = element("button", "", "移除");
    remove.type = "button";
    remove.setAttribute("aria-label", "移除 " + item.file.name);
    remove.addEventListener("click", onRemove);
    box.append(frame, caption, remove);
    return box;
  }

  function setUp(input) {
    var pick = input.closest(".photo-pick");
    if (!pick || !window.DataTransfer) return;
    var list = pick.parentNode.querySelector("[data-photo-list]");
    var items = [];
    pick.classList.add("is-on");
    input.addEventListener("focus", function () {
      pick.classList.toggle("is-focus", input.matches(":focus-visible"));
    });
    input.addEventListener("blur", function () {
      pick.classList.remove("is-focus");
    });

    function sync() {
      var transfer = new DataTransfer();
      items.forEach(function (item) {
        transfer.items.add(item.file);
      });
      input.files = transfer.files;
      list.textContent = "";
      items.forEach(function (item) {
        list.appendChild(
          tile(item, function () {
            URL.revokeObjectURL(item.url);
            items = items.filter(function (other) {
              return other !== item;
            });
            sync();
            input.focus();
          })
        );
      });
    }

    input.addEventListener("change", function () {
      var added = Array.from(input.files).map(function (file) {
        return { file: file, url: URL.createObjectURL(file), ready: false };
      });
      items = input.multiple ? items.concat(added) : added;
      sync();
      // One after another: a phone that decodes ten pictures at once runs out of memory.
      input._photosBusy = added.reduce(function (before, item) {
        return before
          .then(function () {
            return shrink(item.file);
          })
          .then(function (file) {
            item.file = file;
            item.ready = true;
            sync();
          });
      }, input._photosBusy || Promise.resolve());
      input._photosBusy.then(function () {
        if (
          items.every(function (item) {
            return item.ready;
          })
        )
          input._photosBusy = null;
      });
    });
  }

  document.addEventListener(
    "submit",
    function (event) {
      var form = event.target;
      var waiting = Array.from(form.querySelectorAll("input[data-photos]"))
        .map(function (input) {
          return input._photosBusy;
        })
        .filter(Boolean);
      if (!waiting.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      var pressed = event.submitter;
      Promise.all(waiting).then(function () {
        setTimeout(function () {
          form.requestSubmit(pressed || undefined);
        }, 0);
      });
    },
    true
  );

  document.querySelectorAll("input[type=file][data-photos]").forEach(setUp);
})();
