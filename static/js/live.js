/**
 * One stream of event names per page. A name such as "today" becomes the event `live:today` on the
 * body, and parts of the page that listen (hx-trigger="live:today from:body") ask again.
 * `live:resync` is sent whenever something may have been missed.
 */

const ASK_EVERY = 30_000; // ms, while the stream cannot be had
const TRIES = 3;

const address = document.body.dataset.live;
/** @type {EventSource | null} */
let source = null;
let failures = 0;
let missed = false;
/** @type {number | undefined} */
let timer;

/** Parts of the page that wait for an answer. @type {Set<Element>} */
const asking = new Set();
/** Names told meanwhile. @type {Set<string>} */
const again = new Set();
/** Whether a finger, a pen or a mouse button is down. */
let pressed = false;

/**
 * Tells the page that something changed. A part that is asking already asks anew once it has its
 * answer, which may be older than the change; left to htmx, that question would go with the part.
 * A part that has just come (htmx-added) does not listen yet, for a few milliseconds. While a finger
 * is down nothing is asked: a button replaced under it would never hear of the tap.
 * @param {string} name
 */
function tell(name) {
  const listens = `[hx-trigger*="live:${name} "]`;
  const busy = [...asking].some((part) => part.isConnected && part.matches(listens));
  if (pressed || busy || document.querySelector(`.htmx-added${listens}`)) again.add(name);
  else window.htmx?.trigger(document.body, `live:${name}`);
}

function tellAgain() {
  if (pressed) return;
  const names = [...again];
  again.clear();
  names.forEach(tell);
}

document.addEventListener("htmx:beforeRequest", (event) => asking.add(event.detail.elt));
document.addEventListener("htmx:afterRequest", (event) => {
  asking.delete(event.detail.elt);
  tellAgain();
});
document.addEventListener("htmx:afterSettle", tellAgain);
// taps.js has brought something to the server past htmx; day.js has seen a day begin.
for (const name of ["taps:taken", "day:begun"]) document.addEventListener(name, () => tell("resync"));

/**
 * Two answers may race for one part of the page: that of a tap, and that of asking again. The later
 * one finds its target gone; swapping it in would take the words being typed (hx-preserve) out of
 * the page with it. So it is dropped, and the part asks once more.
 * @param {CustomEvent} event
 */
function dropLate(event) {
  if (event.detail.target.isConnected) return;
  event.detail.shouldSwap = false;
  window.setTimeout(() => tell("resync"));
}

/** What was asked before the finger came down, and is answered under it, is asked once more. */
function waitForTheTap(event) {
  if (!pressed || event.detail.requestConfig.verb !== "get") return;
  event.detail.shouldSwap = false;
  again.add("resync");
}

document.addEventListener("pointerdown", () => { pressed = true; });
for (const up of ["pointerup", "pointercancel", "dragend", "blur"]) {
  // The click comes after the finger has gone; whatever was held back comes after the click.
  window.addEventListener(up, () => {
    pressed = false;
    window.setTimeout(tellAgain);
  });
}

document.addEventListener("htmx:beforeSwap", waitForTheTap);

// Heard on the target itself: what happens to an element outside the page reaches no document.
document.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.target?.addEventListener("htmx:beforeSwap", dropLate);
});

function close() {
  window.clearTimeout(timer);
  source?.close();
  source = null;
}

function retry() {
  close();
  missed = true;
  failures += 1;
  if (failures >= TRIES) tell("resync");
  const wait = failures >= TRIES ? ASK_EVERY : 1000 * 2 ** failures;
  timer = window.setTimeout(open, wait * (0.5 + Math.random()));
}

function open() {
  if (source || document.hidden || !address) return;
  source = new EventSource(address);
  source.addEventListener("open", () => {
    failures = 0;
    if (missed) tell("resync");
    missed = false;
  });
  source.addEventListener("changed", (event) => {
    for (const name of event.data.split(/\s+/).filter(Boolean)) tell(name);
  });
  // The server has missed something itself, or hears nothing for the moment.
  source.addEventListener("resync", () => tell("resync"));
  source.addEventListener("error", retry);
}

if (address && "EventSource" in window) {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      missed = true;
      close();
    } else {
      open();
    }
  });
  // The connection is back: nobody waits for the next try.
  window.addEventListener("online", () => {
    close();
    missed = true;
    open();
  });
  // A page that comes back from the browser's memory shows what was true when it was left.
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) missed = true;
    open();
  });
  open();
}
