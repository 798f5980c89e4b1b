// A language that nobody speaks, for tests: every word of the application stands in brackets, longer than before and
// from right to left. What is not in brackets was forgotten, and what breaks would break in Arabic or Finnish, too.
// Words of documents and people's own values stay as they are.

export const pseudoLocale = "ar-XB";
// 30 percent more, as long sentences grow in German; short words grow more.
const growth = 0.3;
const growthMin = 2;
const [open, close] = ["⟦", "⟧"];
const content = [
  "[translate=no]", "code", "pre", ".source-text", ".passage", ".sentence-text", ".comparison-text",
].join(", ");
const attributes = ["aria-label", "title", "placeholder", "alt"];

/** Turns the whole page into the pseudo-locale, now and whenever something is drawn, if `wanted` names it. */
export function usePseudoLocale(wanted) {
  if (wanted !== pseudoLocale) return;
  Object.assign(document.documentElement, { lang: pseudoLocale, dir: "rtl" });
  const observer = new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === "childList") record.addedNodes.forEach(translateTree);
      else if (record.type === "attributes") translateAttributes(record.target);
      else translateText(record.target);
    }
  });
  observer.observe(document.body, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: attributes,
  });
}

/** `Ask` -> `⟦Ask··⟧`; what stands in brackets already, or has no letter, stays. */
export function pseudo(text) {
  if (!/\p{Letter}/u.test(text) || text.includes(open)) return text;
  const [, before, words, after] = /^(\s*)([^]*?)(\s*)$/u.exec(text);
  return before + open + words + "·".repeat(Math.max(growthMin, Math.round(words.length * growth))) + close + after;
}

/** Visible texts below `root` that are not in brackets: none, when nothing was forgotten. */
export function forgotten(root) {
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.TEXT_NODE) found.push(isText(node.parentElement) ? node.data : "");
    else if (!isContent(node)) found.push(...attributes.map((name) => node.getAttribute(name) ?? ""));
  }
  return found.filter((text) => pseudo(text) !== text);
}

function isContent(element) {
  return element === null || element.closest(content) !== null;
}

// What somebody has typed is theirs; what stands in the empty field is ours.
function isText(element) {
  return !isContent(element) && !element.matches("textarea");
}

function translateTree(node) {
  if (node.nodeType === Node.TEXT_NODE) return translateText(node);
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  translateAttributes(node);
  node.childNodes.forEach(translateTree);
}

function translateText(node) {
  if (!isText(node.parentElement)) return;
  const text = pseudo(node.data);
  if (text !== node.data) node.data = text;
}

function translateAttributes(element) {
  if (isContent(element)) return;
  for (const name of attributes) {
    const before = element.getAttribute(name);
    const after = before === null ? null : pseudo(before);
    if (after !== before) element.setAttribute(name, after);
  }
}
