// The dot that a person looks at while they calibrate, in a corner of the window or in its middle.
//
// It lies above everything (the browser's top layer), takes no press and no focus, and says in words
// what to do. A hidden line says the same to screen readers, once for each new sentence.

const AROUND = 2 * Math.PI * 18;

export default function ({ data, parentElement }) {
  const parts = parentElement.mienDot ?? build(parentElement);
  parentElement.mienDot = parts;
  show(parts, data);
}

function build(parentElement) {
  const place = document.createElement("div");
  place.popover = "manual";
  place.setAttribute("aria-hidden", "true");
  place.innerHTML =
    '<svg viewBox="0 0 44 44"><circle class="rail" cx="22" cy="22" r="18"/>' +
    '<circle class="ring" cx="22" cy="22" r="18"/><circle class="dot" cx="22" cy="22" r="7"/></svg>';
  const words = document.createElement("div");
  words.className = "words";
  place.append(words);
  const told = document.createElement("div");
  told.className = "told";
  told.setAttribute("role", "status");
  parentElement.append(place, told);
  return { place, words, told, ring: place.querySelector(".ring") };
}

function show({ place, words, told, ring }, { corner, share, waits, text }) {
  if (told.textContent !== text) words.textContent = told.textContent = text;
  place.className = `place ${corner}${waits ? " waits" : ""}`;
  ring.style.strokeDasharray = AROUND;
  ring.style.strokeDashoffset = AROUND * (1 - share);
  place.hidden = !corner;
  // Without the top layer, in older browsers, it is fixed above the page.
  if (place.isConnected && place.showPopover && !place.matches(":popover-open")) place.showPopover();
}
