/* Opening a walk where several campaigns run: only what the chosen one takes is in sight. Works without as well. */
(function () {
  "use strict";

  var place = document.querySelector("select[data-fits]");
  if (!place) return;
  var fits = JSON.parse(place.dataset.fits);

  function show(part, fit) {
    part.hidden = !fit;
    part.disabled = !fit;
  }

  function fit() {
    var taken = fits[place.value];
    if (!taken) return;
    document.querySelectorAll('button[name="mode"]').forEach(function (button) {
      show(button, taken.mode.indexOf(button.value) >= 0);
    });
    document.querySelectorAll('select[name="kind"] option').forEach(function (option) {
      show(option, taken.kind.indexOf(option.value) >= 0);
      if (option.disabled && option.selected) option.parentNode.selectedIndex = -1;
    });
    document.querySelectorAll('input[name="delegation_reason"]').forEach(function (radio) {
      show(radio, taken.delegation_reason.indexOf(radio.value) >= 0);
      radio.closest("label").hidden = radio.disabled;
      if (radio.disabled) radio.checked = false;
      radio.closest("fieldset").hidden = !taken.delegation_reason.length;
    });
  }

  place.addEventListener("change", fit);
  fit();
})();
