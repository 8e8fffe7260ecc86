/**
 * What is kept on this phone belongs to one person: every key begins with <body data-me>. Whatever
 * is somebody else's goes as soon as a page of the next person stands here. A page that knows
 * nobody, such as the one for signing in, takes nothing away. leave.js says what else does.
 */
const { me } = document.body.dataset;

try {
  const theirs = Object.keys(localStorage).filter((key) => me && !key.startsWith(`${me}:`));
  for (const key of theirs) localStorage.removeItem(key);
} catch {
  // Storage is off: nothing was kept.
}
