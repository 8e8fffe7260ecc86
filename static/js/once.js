/**
 * A form that is on its way is not sent a second time: two taps in a hurry are one. It can be sent
 * again after a while, with other words, and on a page that comes back: the first may never have
 * arrived, and the server answers a repeated tap as it answered the first (couples/repeats.py).
 * Leaving quickly waits for nothing, and what htmx sends is kept apart by htmx.
 */

const UNDER_WAY = 10_000; // ms

/** When each form was sent. @type {Map<EventTarget, number>} */
let sent = new Map();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.dataset.leave) return;
  if (event.timeStamp - sent.get(form) < UNDER_WAY) event.preventDefault();
  else sent.set(form, event.timeStamp);
});

document.addEventListener("input", ({ target }) => sent.delete(target.form));
window.addEventListener("pageshow", () => { sent = new Map(); });
window.addEventListener("offline", () => { sent = new Map(); });
