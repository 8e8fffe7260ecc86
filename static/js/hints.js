/** Quiet hints while a part is written: looked for on this phone alone, sent nowhere. */

const PAUSE = 800;
let pause = 0;

/** As `first` in repairs/hints.py. @param {string} text @param {HTMLElement[]} among */
export function first(text, among) {
  const plain = ` ${text.toLowerCase().replace(/['’‘ʼ]/g, "").replace(/[.!?;…\n\r]+/g, " . ")
    .replace(/[^a-z0-9\u00c0-\u024f.]+/g, " ")} `;
  return among.find(({ dataset }) => RegExp(dataset.raised).test(plain));
}

function look(field, [aside, all, place]) {
  // Whoever has gone on to something else keeps the page as it is under the thumb.
  if (document.activeElement !== field) return;
  const open = [...all.content.children].filter((hint) => !aside.value.includes(hint.dataset.hint));
  const found = first(field.value, open);
  if (place.firstElementChild?.dataset.hint === found?.dataset.hint) return;
  place.replaceChildren(...(found ? [found.cloneNode(true)] : []));
  field.nextElementSibling.textContent = found?.dataset.says ?? "";
}

document.addEventListener("input", ({ target }) => {
  const hints = target.name === "words" && target.form?.querySelector("[data-hints]");
  if (!hints) return;
  clearTimeout(pause);
  pause = setTimeout(look, PAUSE, target, hints.children);
});

document.addEventListener("click", ({ target }) => {
  const hint = target.matches("[data-aside]") && target.closest("[data-hint]");
  if (!hint) return;
  const [aside] = hint.closest("[data-hints]").children;
  aside.value += ` ${hint.dataset.hint}`;
  aside.dispatchEvent(new Event("input", { bubbles: true })); // kept as drafts are
  const { words } = target.form;
  words.nextElementSibling.textContent = "";
  words.focus({ preventScroll: true });
  hint.remove();
});
