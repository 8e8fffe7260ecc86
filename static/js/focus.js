/**
 * Keeps the place of somebody who writes, or goes by keyboard or by ear, when a part of the page is
 * replaced: in the same field with the caret where it was (some engines drop the focus of a field that
 * is carried over, hx-preserve), on the control with the same words, or, where that has done its work
 * and is gone, on the page. What somebody has unfolded stays unfolded.
 */

/** What had the focus in the part that goes. @type {HTMLElement | null} */
let held = null;
/** Start, end and direction of what was selected in it. @type {any[]} */
let caret;

/** Folds with an id that stood open. @type {Element[]} */
let unfolded = [];

/** @param {Element} control */
const words = (control) => control.textContent?.trim();

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  unfolded = [...target.querySelectorAll("details[id][open]")];
  held = document.activeElement;
  caret = [held.selectionStart, held.selectionEnd, held.selectionDirection];
  if (!target.contains(held)) held = null;
});

document.addEventListener("htmx:afterSwap", () => {
  for (const { id } of unfolded) document.getElementById(id)?.setAttribute("open", "");
  unfolded = [];
  const same = held?.isConnected ? held : held?.id && document.getElementById(held.id);
  if (!same) return;
  // At once, before the browser draws: later, a phone has put its keyboard away.
  if (document.activeElement !== same) same.focus({ preventScroll: true });
  if (caret[0] != null) same.setSelectionRange(...caret);
});

document.addEventListener("htmx:afterSettle", () => {
  if (held && document.activeElement === document.body) {
    const same = [...document.querySelectorAll(`#main ${held.tagName}`)].find(
      (control) => words(control) && words(control) === words(held),
    );
    (same ?? document.getElementById("main"))?.focus({ preventScroll: true });
  }
  held = null;
});
