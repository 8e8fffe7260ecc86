/**
 * A page knows its day. Once the couple's next day has begun, whatever says "today" is asked for
 * anew, also on a phone that has slept meanwhile; without an answer, or on a page that stays open
 * for longer than a day, once more every hour.
 */

const AGAIN = 3_600_000; // ms
const left = Number(document.body.dataset.dayLeft) * 1000;
let ends = Date.now() + left;

function look() {
  if (document.hidden || Date.now() < ends) return;
  ends = Date.now() + AGAIN;
  window.setTimeout(look, AGAIN);
  document.dispatchEvent(new Event("day:begun"));
}

if (left) {
  window.setTimeout(look, left);
  for (const name of ["visibilitychange", "pageshow", "focus", "online"]) window.addEventListener(name, look);
}
