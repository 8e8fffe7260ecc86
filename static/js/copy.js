/** Copies the line beside a button: <div data-copy><input readonly><button data-done="Copied">. */
document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-copy] button") : null;
  if (!button) return;
  const line = /** @type {HTMLInputElement} */ (button.parentElement.querySelector("input"));
  line.select();
  try {
    await navigator.clipboard.writeText(line.value);
  } catch {
    // No clipboard over plain http: the text is selected and can be copied by hand.
    return;
  }
  const before = button.textContent;
  button.textContent = button.dataset.done;
  button.setAttribute("aria-live", "polite");
  window.setTimeout(() => { button.textContent = before; }, 2000);
});
