/** The page on which push is turned on and off for this browser; push.js does it. */
import "./push.js";

function say(what) {
  for (const each of document.querySelectorAll("[data-push-say]")) each.hidden = each.dataset.pushSay !== what;
}

document.addEventListener("push:failed", () => say("failed"));
document.addEventListener("click", async ({ target }) => {
  if (!target.matches("[data-push-on]")) return;
  if ((await window.Notification?.requestPermission()) === "granted") document.dispatchEvent(new Event("push:on"));
  else say("blocked");
});
document.addEventListener("submit", ({ target }) => {
  if (target.matches("[data-push-off]")) localStorage.removeItem(`${document.body.dataset.me}:push`);
});
document.querySelector("[data-push-on]")?.removeAttribute("hidden");
