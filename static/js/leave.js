/**
 * Leave quickly: blank at the tap, then the neutral site in the place of this page. It stands in the
 * head of every page and is no module, so that no page is seen before it listens. Nothing it does
 * waits for the network: that may be away, hang, or answer with an error. Without it the form posts
 * by itself, and the answer leads to the same place. couples/leaving.py says what the mark does.
 * Signing out (data-sign-out) clears what was stored as well.
 */
{
  const html = document.documentElement;
  const secure = location.protocol === "https:";
  const name = secure ? "__Host-left" : `left_${location.port || 80}`;

  const LASTS = 60 * 24 * 3600; // seconds: as long as a session may live

  /** @param {number} seconds for how long; 0 takes the mark away */
  function mark(seconds) {
    document.cookie = `${name}=1;path=/;samesite=lax;max-age=${seconds}${secure ? ";secure" : ""}`;
  }

  /** Drops drafts, taps that wait and offline pages; each step may fail without holding up the next. */
  function clearStored() {
    for (const store of ["sessionStorage", "localStorage"]) {
      try {
        window[store].clear();
      } catch {
        // Storage can be switched off; then nothing was kept either.
      }
    }
    window.caches?.keys().then((names) => names.forEach((each) => caches.delete(each)), () => undefined);
  }

  addEventListener("submit", (event) => {
    const { action, dataset } = /** @type {HTMLFormElement} */ (event.target);
    if ("signOut" in dataset) clearStored();
    if (!dataset.leave) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    html.hidden = true;
    document.title = "";
    mark(LASTS);
    clearStored();
    fetch(action, { method: "POST", keepalive: true, redirect: "manual" }).catch(() => undefined);
    location.replace(dataset.leave);
  }, true);

  // A page that the browser keeps in memory is kept blank, and asked for anew when it comes back.
  addEventListener("pagehide", ({ persisted }) => {
    if (persisted) html.hidden = true;
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload();
  });

  // The blank page: whoever went back to it goes on, and whoever opened it on purpose comes in.
  const { neutral } = html.dataset;
  if (neutral) {
    html.hidden = true;
    const [way] = performance.getEntriesByType("navigation");
    mark(way?.type === "back_forward" ? LASTS : 0);
    if (way?.type === "back_forward") location.replace(neutral);
    else if (document.cookie.includes(name)) html.hidden = false; // it stays: there is a button
    else location.reload();
  }
}
