/**
 * Tells the server where this browser takes push messages, where somebody has turned it on: with
 * every Today, as that may have changed, and when push_on.js says so. What is kept of it begins with
 * <body data-me>, so that it goes with whoever signs out (leave.js, mine.js).
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
    await window.htmx.ajax("POST", pushTo, { values: { endpoint, ...keys }, target: "#device", swap: "outerHTML" });
    if (document.querySelector("[data-push-off]")) localStorage.setItem(wanted, 1);
    // Refused: it would be refused with every Today.
    else if (document.querySelector("#device [role=alert]")) localStorage.removeItem(wanted);
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
