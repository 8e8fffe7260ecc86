/**
 * Keeps what is being typed in a field marked data-keep="key" on this phone, for whoever is signed
 * in, until it has arrived: over a closed tab and a session that ends, for 30 days. Where a form can
 * be about one of many, data-about on it says which. Nothing typed leaves the phone this way.
 */

const { me } = document.body.dataset;
const PREFIX = `${me}:draft:`;
const SENT = "sent";
const LASTS = 30 * 24 * 3600_000; // ms

/** @param {() => void} step */
function quietly(step) {
  try {
    step();
  } catch {
    // Storage is off or full: typing goes on, only the safety net is gone.
  }
}

/** @param {HTMLElement} field */
const nameOf = (field) =>
  `${PREFIX}${field.closest("[data-about]")?.dataset.about ?? ""}:${field.dataset.keep}`;

/** @param {ParentNode} root @returns {HTMLTextAreaElement[]} */
const fieldsIn = (root) => [...root.querySelectorAll("[data-keep]")];

/** @param {string} name */
const keptAs = (name) => JSON.parse(localStorage.getItem(name) ?? "{}");

/** @param {ParentNode} root */
function restore(root) {
  for (const field of fieldsIn(root)) {
    quietly(() => {
      const { words, over } = keptAs(nameOf(field));
      // Another text than the one that was being changed is newer than what was kept.
      if (words && (!field.value || field.value === over)) field.value = words;
    });
  }
}

/** @param {HTMLTextAreaElement} field */
function keep(field) {
  const name = nameOf(field);
  const words = field.value;
  const before = keptAs(name);
  // A hidden field has no text of the server's; one that came back with a message has our own.
  const drawn = field.type === "hidden" ? "" : field.defaultValue;
  const over = before.words === drawn ? before.over : drawn;
  if (words === over) localStorage.removeItem(name);
  else localStorage.setItem(name, JSON.stringify({ words, over, at: Date.now() }));
}

document.addEventListener("input", ({ target }) => {
  const field = me && target instanceof Element ? target.closest("[data-keep]") : null;
  field?.removeAttribute("aria-invalid"); // it is being put right
  if (field) quietly(() => keep(field));
});

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return; // htmx sends it, and hears of the answer
  const sent = { names: fieldsIn(event.target).map(nameOf), from: location.href.split("#")[0] };
  if (sent.names.length) quietly(() => sessionStorage.setItem(SENT, JSON.stringify(sent)));
});

/**
 * What was sent has arrived once a page of ours answers it, unless that page gives the words back
 * in their field. A sign-in or an error page (data-undecided) says nothing about it, and neither
 * does a page that was not reached from the form: signing in may be quicker than that page's scripts.
 */
function settle() {
  const sent = JSON.parse(sessionStorage.getItem(SENT));
  sessionStorage.removeItem(SENT);
  const [way] = performance.getEntriesByType("navigation");
  if (way?.type !== "navigate" || document.referrer !== sent?.from) return;
  if (document.querySelector("[data-undecided]")) return;
  const back = fieldsIn(document).filter((field) => field.value).map(nameOf);
  for (const name of sent.names) if (!back.includes(name)) localStorage.removeItem(name);
}

function dropOld() {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(PREFIX) && keptAs(name).at < Date.now() - LASTS) localStorage.removeItem(name);
  }
}

document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, successful } }) => {
  const form = requestConfig.elt; // which may have left the page with the answer
  if (!successful || !form.matches("form")) return;
  quietly(() => fieldsIn(form).forEach((field) => localStorage.removeItem(nameOf(field))));
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
  const typed = fieldsIn(target).filter((field) => field.type !== "hidden" && field.value.trim());
  if (!typed.length) return;
  document.addEventListener("htmx:afterSettle", () => {
    for (const { dataset: { keep: key }, value } of typed) {
      if (document.querySelector(`[data-keep="${CSS.escape(key)}"]`)) continue;
      const unsent = document.getElementById("unsent")?.content.firstElementChild?.cloneNode(true);
      if (!unsent) continue;
      unsent.querySelector("[data-typed]").textContent = value;
      document.getElementById("notices")?.append(unsent);
    }
  }, { once: true });
}

document.addEventListener("htmx:beforeSwap", giveBack);

quietly(settle);
quietly(dropOld);
restore(document);
