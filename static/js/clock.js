/** Tells the server by which clock this phone goes, when it is news (couples/phone_clock.py). */
const { clock, to } = document.querySelector("[data-clock]").dataset;
const { timeZone, hour12 } = Intl.DateTimeFormat([], { hour: "numeric" }).resolvedOptions();
const said = `${timeZone} ${hour12}`;
if (said !== clock) htmx.ajax("POST", to, { values: { said } });
