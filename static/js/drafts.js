/**
 * Keeps what is being typed in a field marked data-keep="key" on this phone, for this tab, until it
 * is sent. Nothing typed leaves the phone this way. Signing out and leaving clear everything.
 */

const PREFIX = "draft:";
const SENT = "sent";

/** @param {Event} event @returns {HTMLTextAreaElement | null} */
const keptField = (event) =>
  event.target instanceof Element ? event.target.closest("[data-keep]") : null;

/** @param {() => void} step */
function quietly(step) {
  try {
    step();
  } catch {
    // Storage is off or full: typing goes on, only the safety net is gone.
  }
}

/** @param {ParentNode} root */
function restore(root) {
  for (const field of root.querySelectorAll("[data-keep]")) {
    quietly(() => {
      const kept = sessionStorage.getItem(PREFIX + field.dataset.keep);
      // What the server sent back is newer than what was kept.
      if (kept && !field.value) field.value = kept;
    });
  }
}

/** @param {Element} form */
function forget(form) {
  for (const field of form.querySelectorAll("[data-keep]")) {
    quietly(() => sessionStorage.removeItem(PREFIX + field.dataset.keep));
  }
}

document.addEventListener("input", (event) => {
  const field = keptField(event);
  if (field) quietly(() => sessionStorage.setItem(PREFIX + field.dataset.keep, field.value));
});

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  quietly(() => {
    if (form.matches("[data-sign-out]")) sessionStorage.clear();
    const keys = [...form.querySelectorAll("[data-keep]")].map((field) => field.dataset.keep);
    if (keys.length) sessionStorage.setItem(SENT, JSON.stringify(keys));
  });
});

/** What was sent has arrived once a page without that field answers; a sign-in or an error page
 * (data-undecided) says nothing about it, so the words stay until the form is back. */
function settle() {
  if (document.querySelector("[data-undecided]")) return;
  const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "[]");
  for (const key of sent) {
    if (!document.querySelector(`[data-keep="${CSS.escape(key)}"]`)) {
      sessionStorage.removeItem(PREFIX + key);
    }
  }
  sessionStorage.removeItem(SENT);
}

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target instanceof Element ? event.target.closest("form") : null;
  if (form && event.detail.successful) forget(form);
});
document.addEventListener("htmx:afterSwap", (event) => restore(event.target));

/**
 * A step of the other may take away the form somebody is writing in, for good. What was being typed
 * is then shown where the form was, and stays until it is copied, or the page is left.
 * @param {CustomEvent} event
 */
function giveBack(event) {
  const { target, requestConfig } = event.detail;
  if (requestConfig?.verb !== "get") return;
  const fields = [...target.querySelectorAll("[data-keep]:not([type=hidden])")];
  const typed = fields.filter((field) => field.value.trim());
  if (!typed.length) return;
  document.addEventListener("htmx:afterSettle", () => {
    for (const { dataset: { keep }, value } of typed) {
      if (document.querySelector(`[data-keep="${CSS.escape(keep)}"]`)) continue;
      const unsent = document.getElementById("unsent")?.content.firstElementChild?.cloneNode(true);
      if (!unsent) continue;
      unsent.querySelector("[data-typed]").textContent = value;
      document.getElementById("notices")?.append(unsent);
    }
  }, { once: true });
}

document.addEventListener("htmx:beforeSwap", giveBack);

quietly(settle);
restore(document);
