/**
 * Tells the server where this browser takes push messages, where somebody has turned it on: with
 * every Today, as that may have changed, and when push_on.js says so. What is kept begins with
 * <body data-me>, so that it goes with whoever signs out (leave.js, mine.js).
 */
const { pushKey, pushTo } = document.querySelector("[data-push-key]")?.dataset ?? {};
const wanted = `${document.body.dataset.me}:push`;
const options = { userVisibleOnly: true, applicationServerKey: pushKey };

/** @param {boolean} [again] whether the one before had ended without this browser's knowing */
async function tell(again) {
  try {
    await navigator.serviceWorker.register("/sw.js");
    const { pushManager: way } = await navigator.serviceWorker.ready;
    const made = await way.subscribe(options).catch(async () => {
      // It was made for an older key.
      await (await way.getSubscription())?.unsubscribe();
      return way.subscribe(options);
    });
    const { endpoint, keys } = made.toJSON();
    await htmx.ajax("POST", pushTo, { values: { endpoint, ...keys }, target: "#device", swap: "outerHTML" });
    if (!again && document.querySelector("[data-push-gone]")) {
      await made.unsubscribe();
      return await tell(true);
    }
    // Where it was refused, no Today asks again.
    if (document.querySelector("[data-push-off]")) localStorage[wanted] = 1;
  } catch {
    document.dispatchEvent(new Event("push:failed"));
  }
}

document.addEventListener("push:on", () => tell());
try {
  if (pushKey && localStorage[wanted]) tell();
} catch {
  // Storage is off: nobody has turned it on.
}
