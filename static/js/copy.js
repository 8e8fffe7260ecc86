/** Copies the line beside a button: <div data-copy><input readonly><button data-done="Copied">. */
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy] button");
  if (!button) return;
  const line = button.parentElement.querySelector("input");
  line.select();
  try {
    await navigator.clipboard.writeText(line.value);
    const before = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = before; }, 2000);
  } catch {
    // No clipboard over plain http: the text is selected and can be copied by hand.
  }
});
