/**
 * Keeps the place of somebody who goes by keyboard or by ear when a part of the page is replaced:
 * on the control with the same words, or, where that has done its work and is gone, on the page.
 * What somebody has unfolded stays unfolded.
 */

const CONTROLS = "button, a, summary";

/** @type {{ words: string, kind: string } | null} */
let left = null;

/** Folds with an id that stood open. @type {string[]} */
let unfolded = [];

/** @param {Element} control */
const words = (control) => control.textContent?.trim() ?? "";

document.addEventListener("htmx:beforeSwap", (event) => {
  const held = document.activeElement;
  const goes = held instanceof HTMLElement && held.matches(CONTROLS) && event.detail.target.contains(held);
  unfolded = [...event.detail.target.querySelectorAll("details[id][open]")].map((fold) => fold.id);
  left = goes ? { words: words(held), kind: held.tagName } : null;
});

document.addEventListener("htmx:afterSwap", () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  unfolded = [];
});

document.addEventListener("htmx:afterSettle", () => {
  if (left && document.activeElement === document.body) {
    const { words: said, kind } = left;
    const main = document.getElementById("main");
    const same = [...(main?.querySelectorAll(CONTROLS) ?? [])].find(
      (control) => control.tagName === kind && words(control) === said,
    );
    /** @type {HTMLElement | null} */ (same ?? main)?.focus({ preventScroll: true });
  }
  left = null;
});
