/* Says that the network is gone and keeps a form from being sent into the void. */
(function () {
  "use strict";
  // On the machine that runs the product itself, "no network" says nothing about reaching it.
  if (/^(localhost|127\.|\[::1\])/.test(location.hostname)) return;
  var bar = document.querySelector("[data-offline]");
  if (!bar) return;

  function show() {
    bar.hidden = navigator.onLine !== false;
  }

  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  document.addEventListener(
    "submit",
    function (event) {
      if (navigator.onLine !== false || event.target.method !== "post") return;
      event.preventDefault();
      show();
      bar.scrollIntoView({ block: "center" });
    },
    true
  );
  show();
})();
