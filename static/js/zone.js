/** Chooses this phone's time zone in a <select data-zone> or <input data-zone> nobody has set yet. */
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll("[data-zone]")) {
  if (!zone || field.dataset.zone === "chosen") continue;
  const known = !(field instanceof HTMLSelectElement) || [...field.options].some((o) => o.value === zone);
  if (known) field.value = zone;
}
