/**
 * One tap, one answer. What one's own tap has just put under the finger takes no tap for a moment,
 * nor does what the other's act has put in the place of something else: the second half of a double
 * tap would answer for somebody who has read nothing. What stands where it stood answers the same,
 * and stays free; so do leaving and the way to safety. A key held down is one tap, too.
 */

const REST = 800; // ms; two taps of one finger lie up to 0.7 s apart
const NEAR = 40; // px, about as far as they lie from each other
const MOVED = 24; // px, half a control
const CONTROLS = "main :is(button, a, summary):not([href='/safety/'], [data-at-once])";

/** Until when a control rests. @type {WeakMap<Element, number>} */
const rests = new WeakMap();
/** The last that was let through; a key has no place, and counts everywhere. @type {MouseEvent} */
let tap;
/** Place, answer and rest of the controls as they stood before a part of the page was drawn. */
let before = [];
let drawn = 0;
let own = false;

const controls = () => [...document.querySelectorAll(CONTROLS)];
const placeOf = (control) => control.getBoundingClientRect();

/** What a tap on it answers, but for the key of the tap. */
const answerOf = (control) => control.textContent + (control.form ?? control).outerHTML
  .replace(/(client_key|csrf\w+)" value="[^"]*|class="[^"]*/g, "");

const under = ({ left, right, top, bottom }) => !tap?.detail || Math.hypot(
  Math.max(left - tap.clientX, 0, tap.clientX - right),
  Math.max(top - tap.clientY, 0, tap.clientY - bottom),
) < NEAR;

function settle() {
  for (const control of controls()) {
    const place = placeOf(control);
    const answer = answerOf(control);
    const same = before.find(([old, said]) =>
      said === answer && Math.hypot(old.x - place.x, old.y - place.y) < MOVED);
    const until = same && !(own && under(place)) ? same[2] : drawn + REST;
    rests.set(control, until);
    control.classList.toggle("rests", until > performance.now());
  }
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.shouldSwap) return;
  drawn = performance.now();
  own = detail.requestConfig.verb !== "get";
  before = controls().map((control) => [placeOf(control), answerOf(control), rests.get(control)]);
});
document.addEventListener("htmx:afterSwap", settle);
document.addEventListener("htmx:afterSettle", () => {
  window.setTimeout(settle); // where the page has been scrolled to
  window.setTimeout(settle, REST);
});

document.addEventListener("click", (event) => {
  if (rests.get(event.target.closest(CONTROLS)) > performance.now()) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else {
    tap = event;
  }
}, true);
document.addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Enter" && event.target.closest("a, button, input, summary")) event.preventDefault();
}, true);

// base.css lets the buttons of a page rest that a tap has opened, also before this has loaded.
window.setTimeout(() => document.body.classList.remove("tapped"), 2 * REST);
