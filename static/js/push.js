/**
 * Push on this browser. It is turned on by hand, once; from then on every Today tells the server
 * where this browser takes messages, as a new password or the browser itself may have changed that.
 */

const { me } = document.body.dataset;
const at = /** @type {HTMLElement} */ (document.querySelector("[data-push-key]"));
const { pushKey, pushTo } = at.dataset;
/** Begins with `me`, so that it goes with whoever signs out (leave.js, mine.js). */
const WANTED = `${me}:push`;

const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** @param {string} text base64url without padding */
function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/** Whether a subscription was made for the key that the server has now. */
function fits(subscription) {
  const had = new Uint8Array(subscription.options?.applicationServerKey ?? []);
  return String(had) === String(bytes(pushKey));
}

async function subscription() {
  const worker = await navigator.serviceWorker.register("/sw.js");
  await navigator.serviceWorker.ready;
  const found = await worker.pushManager.getSubscription();
  if (found && fits(found)) return found;
  await found?.unsubscribe();
  const options = { userVisibleOnly: true, applicationServerKey: bytes(pushKey) };
  return worker.pushManager.subscribe(options);
}

/** Where this browser takes messages, as a form says it. */
async function said() {
  const { endpoint, keys } = (await subscription()).toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth };
}

function wanted() {
  try {
    return localStorage.getItem(WANTED) === "on";
  } catch {
    return false;
  }
}

/** @param {boolean} on */
function want(on) {
  try {
    if (on) localStorage.setItem(WANTED, "on");
    else localStorage.removeItem(WANTED);
  } catch {
    // Storage is off: it works until this browser's subscription changes.
  }
}

/** @param {string} what names one of the sentences that wait in the page */
function say(what) {
  for (const sentence of document.querySelectorAll("[data-push-say]")) {
    sentence.hidden = sentence.dataset.pushSay !== what;
  }
}

async function turnOn() {
  say("");
  if ((await Notification.requestPermission()) !== "granted") {
    say("blocked");
    return;
  }
  try {
    const values = await said();
    want(true);
    await window.htmx.ajax("POST", pushTo, { values, target: "#device", swap: "outerHTML" });
    show();
  } catch {
    say("failed");
  }
}

async function sayAgain() {
  try {
    const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
    const body = new URLSearchParams(await said());
    await fetch(pushTo, { method: "POST", body, headers: token });
  } catch {
    // The network or the push service is away; the next Today tries once more.
  }
}

/** The button stands in the page for browsers that can do it. */
function show() {
  const button = document.querySelector("[data-push-on]");
  if (!button) return;
  if (able) button.hidden = false;
  else say("unable");
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-push-on]")) turnOn();
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-push-off]")) want(false);
});

show();
if (able && wanted() && Notification.permission === "granted") sayAgain();
