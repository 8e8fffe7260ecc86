/**
 * A tap on a form marked data-offline is kept on this phone, with the day of its card and the key
 * that makes a repeat harmless, until the server has answered it: without a connection it is sent
 * again, in order. What the server does not take is shown until it is put aside. The words for all
 * of this stand in templates.
 */

const { me } = document.body.dataset;
const WAITING = `${me}:taps`;
const WAIT = 2000; // ms, doubled with every try
const LONGEST_WAIT = 300_000;
const PATIENCE = 15_000;
/** Answers that say nothing about the tap itself: sign in, a stale page, too busy. */
const UNDECIDED = [0, 401, 403, 408, 425, 429];

let sending = false;
let tries = 0;
/** @type {number | undefined} */
let timer;

/** @returns {{ url: string, said: string, fields: Record<string, string>, refused?: string }[]} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(WAITING) ?? "[]");
  } catch {
    return []; // storage is off: a tap that fails is told of, as any other
  }
}
const others = ({ fields }) => kept().filter((each) => each.fields.client_key !== fields.client_key);
const keep = (taps) => localStorage.setItem(WAITING, JSON.stringify(taps));

/** @param {Element} form */
function tapOf(form) {
  const { csrfmiddlewaretoken, ...fields } = Object.fromEntries(new FormData(form));
  return { url: form.action, said: form.dataset.said, fields };
}

/** @param {number} status @param {boolean} away whether it leads to signing in */
const undecided = (status, away) => away || status >= 500 || UNDECIDED.includes(status);

function tryAgain() {
  tries += 1;
  const wait = Math.min(WAIT * 2 ** tries, LONGEST_WAIT);
  timer = window.setTimeout(send, wait * (0.5 + Math.random()));
}

/** Sends one; true once it is known what has become of it. */
async function deliver(tap) {
  let answer, page;
  const ended = new AbortController(); // AbortSignal.timeout is younger than some phones
  const patience = window.setTimeout(() => ended.abort(), PATIENCE);
  try {
    answer = await fetch(tap.url, {
      method: "POST",
      body: new URLSearchParams(tap.fields),
      headers: { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true" },
      signal: ended.signal,
    });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return false;
  } finally {
    window.clearTimeout(patience);
  }
  const ours = page.querySelector("#board, #notices") || !answer.ok; // and not the sign-in page of a hotel
  const notices = page.getElementById("notices");
  if (!ours || undecided(answer.status, answer.headers.has("HX-Redirect"))) return false;
  const problem = notices?.querySelector(".notice-error")?.textContent ?? "";
  if (answer.ok && !problem) {
    keep(others(tap));
    document.getElementById("notices")?.append(...notices?.children ?? []); // for which day it was
    document.dispatchEvent(new Event("taps:taken"));
  } else {
    keep([...others(tap), { ...tap, refused: problem }]);
    draw();
  }
  return true;
}

async function send() {
  window.clearTimeout(timer);
  if (sending || !navigator.onLine) return;
  sending = true;
  let tap;
  let told = true;
  // Asked for anew each time: signing out, or another page of ours, may have emptied the list.
  while (told && (tap = kept().find((each) => each.refused === undefined))) told = await deliver(tap);
  sending = false;
  if (told) tries = 0;
  else tryAgain();
}

function sendNow() {
  tries = 0;
  if (!document.hidden) send();
}

/** Shows at each card what is kept for it, and on every page what was not taken. */
function draw() {
  const taps = kept();
  for (const form of document.querySelectorAll("[data-offline]")) {
    const { url, fields } = tapOf(form);
    const waits = taps.some((tap) =>
      tap.refused === undefined && tap.url === url && tap.fields.day === fields.day);
    if (form.hidden === waits) continue;
    if (form.contains(document.activeElement)) {
      document.getElementById("main")?.focus({ preventScroll: true });
    }
    form.hidden = waits;
    const line = document.getElementById("kept-tap").content.cloneNode(true);
    document.getElementById(form.dataset.offline)?.replaceChildren(...(waits ? [line] : []));
  }
  document.getElementById("untaken").replaceChildren(
    ...taps.filter((tap) => tap.refused !== undefined).map(untaken));
}

function untaken(tap) {
  const card = document.getElementById("untaken-tap").content.firstElementChild.cloneNode(true);
  card.querySelector("[data-said]").textContent = tap.said;
  if (tap.refused) card.querySelector("[data-why]").textContent = tap.refused;
  card.querySelector("button").addEventListener("click", () => {
    keep(others(tap));
    draw();
    document.getElementById("main")?.focus({ preventScroll: true });
  });
  return card;
}

/** @param {(form: HTMLFormElement, event: CustomEvent) => void} step */
const ofTap = (step) => (event) => {
  const form = event.detail.elt;
  if (form.matches("[data-offline]")) step(form, event);
};

if (me) {
  document.addEventListener("htmx:beforeRequest", ofTap((form) => {
    const tap = tapOf(form);
    keep([...others(tap), tap]);
  }));
  document.addEventListener("htmx:beforeOnLoad", ofTap((form, { detail: { xhr } }) => {
    const away = xhr.getResponseHeader("HX-Redirect") !== null;
    if (!undecided(xhr.status, away)) keep(others(tapOf(form)));
  }));
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(name, ofTap((form, event) => {
      if (others(tapOf(form)).length === kept().length) return;
      event.preventDefault(); // it is not lost, and notices.js need not say so
      draw();
      window.clearTimeout(timer);
      tryAgain();
    }));
  }
  document.addEventListener("htmx:afterSwap", draw);
  window.addEventListener("online", sendNow);
  document.addEventListener("visibilitychange", sendNow);
  draw();
  send();
}
