/**
 * Says to a screen reader what has just come to the page, from one region that was there before: a
 * region that comes with its words is read by nobody. It is said once, whoever brought it: the other,
 * one's own tap, or a page that begins with a notice. What takes the focus is read out with it, and
 * what is folded away is not.
 */

const READ = ".notice:not([autofocus]), main :is(h1, h2, .note, .said, .how-it-stands, .list-link, [data-say])";
const PAUSE = 150; // ms: the region has to be seen empty, and a page that begins to have begun

const region = document.getElementById("say");
/** @type {string[]} */
let known = [];
/** @type {string[]} */
let fresh = [];
/** What the region says: it goes with the words themselves, which may have been taken back. @type {string[]} */
let said = [];
let timer = 0;

/** @param {Element} line */
const read = (line) => line.textContent.replace(/\s+/g, " ").trim();

/** @param {Element} line Not what waits in a closed fold, nor what stands within another line. */
const open = (line) => !line.closest("details:not([open])") && !line.parentElement.closest(READ);

/** @param {(line: Element) => boolean} wanted */
function look(wanted) {
  const lines = [...document.querySelectorAll(READ)].filter((line) => !line.closest("[hidden]"));
  const came = lines.filter((line) => wanted(line) && open(line)).map(read);
  fresh.push(...came.filter((words) => !known.includes(words)));
  known = lines.map(read);
  if (fresh.length || said.some((words) => !known.includes(words))) region.textContent = "";
  if (!fresh.length) return;
  clearTimeout(timer);
  timer = setTimeout(() => {
    said = fresh.splice(0);
    region.textContent = said.join(" ");
  }, PAUSE);
}

look((line) => line.closest("#notices") !== null);
new MutationObserver(() => look(() => true)).observe(document.body, {
  childList: true,
  subtree: true,
  attributeFilter: ["hidden"],
});
