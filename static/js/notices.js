/**
 * What the app says of a tap stays until the next one: a part of the page that is asked for anew
 * takes none of it away. When a tap did not get through, the words come from the server's template.
 */
const notices = () => document.getElementById("notices");

/** What went wrong stands in this part of the page, which is being asked for anew. @type {Element[]} */
let stay = [];

/** @param {string | undefined} text */
function say(text) {
  const list = notices();
  if (!list || !text || list.textContent?.includes(text)) return;
  const line = document.createElement("p");
  line.className = "notice notice-error";
  line.textContent = text;
  list.append(line);
  list.scrollIntoView({ block: "nearest" });
}

/** @param {Event} event Asking again in the background stays silent: nobody has tapped. */
const tapped = (event) => event.detail.requestConfig?.verb !== "get";

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    // taps.js prevents it for a tap that is kept and goes out later.
    if (tapped(event) && !event.defaultPrevented) say(notices()?.dataset.failed);
  });
}
document.addEventListener("htmx:beforeRequest", (event) => {
  if (tapped(event)) notices()?.replaceChildren();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  stay = tapped(event) ? [] : [...event.detail.target.querySelectorAll(".notice-error")];
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const part = document.getElementById(detail.requestConfig.elt.id);
  part?.prepend(...stay.filter(({ textContent }) => !part.textContent.includes(textContent)));
  stay = [];
});
