/**
 * Tells the server by which clock this phone goes, when it is news (couples/phone_clock.py). Not by
 * htmx, which would complain when somebody goes on meanwhile.
 */
const form = document.forms.clock;
const { timeZone, hour12 } = Intl.DateTimeFormat([], { hour: "numeric" }).resolvedOptions();
if (form.clock.value !== (form.clock.value = `${timeZone} ${hour12}`)) {
  try {
    // 202: there is something to draw (live.js).
    if ((await fetch(form.action, { method: "POST", body: new FormData(form) })).status > 201) document.dispatchEvent(new Event("taps:taken"));
  } catch {
    // It says so with the next Today.
  }
}
