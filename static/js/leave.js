/**
 * Leave quickly: ends the session, clears what this site stored, replaces the page.
 * Without this script the form posts by itself and the answer goes to the same place.
 * Signing out (data-sign-out) clears what was stored as well.
 */

/** Drops drafts, taps that wait and offline pages; each step may fail without holding up the next. */
function clearStored() {
  for (const store of ["sessionStorage", "localStorage"]) {
    try {
      window[store].clear();
    } catch {
      // Storage can be switched off; then nothing was kept either.
    }
  }
  if ("caches" in window) {
    caches.keys().then((names) => names.forEach((name) => caches.delete(name)), () => undefined);
  }
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.matches("[data-sign-out]")) clearStored();
  const to = form.dataset.leave;
  if (!to) return;
  event.preventDefault();
  // Gone from the screen before the network has answered.
  document.documentElement.hidden = true;
  document.title = "";
  fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    keepalive: true,
    redirect: "manual",
    credentials: "same-origin",
  }).catch(() => undefined);
  clearStored();
  window.location.replace(to);
});
