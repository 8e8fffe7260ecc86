/** Fills this phone's time zone into an <input data-zone> that is empty; one click then replaces it. */
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll("[data-zone]")) {
  field.value ||= [...field.list.options].find((each) => each.dataset.name === zone)?.value ?? "";
  field.addEventListener("focus", () => field.select());
}
