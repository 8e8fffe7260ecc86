/**
 * Tells the server where this browser takes push messages: with every Today, as a new password or
 * the browser itself may have changed that, and whenever push_on.js says so.
 * Only where somebody has turned it on. What is kept of that begins with <body data-me>, so that it
 * goes with whoever signs out (leave.js, mine.js).
 */
const { pushKey, pushTo } = document.querySelector("[data-push-key]").dataset;
const wanted = `${document.body.dataset.me}:push`;
const options = { userVisibleOnly: true, applicationServerKey: pushKey };

async function tell() {
  try {
    await navigator.serviceWorker.register("/sw.js");
    const { pushManager: way } = await navigator.serviceWorker.ready;
    const made = await way.subscribe(options).catch(async () => {
      // It was made for a key that the server has no more.
      await (await way.getSubscription())?.unsubscribe();
      return way.subscribe(options);
    });
    const { endpoint, keys } = made.toJSON();
    localStorage.setItem(wanted, 1);
    window.htmx.ajax("POST", pushTo, { values: { endpoint, ...keys }, target: "#device", swap: "outerHTML" });
  } catch {
    document.dispatchEvent(new Event("push:failed"));
  }
}

document.addEventListener("push:on", tell);
try {
  if (localStorage.getItem(wanted)) tell();
} catch {
  // Storage is off: nobody has turned it on.
}
