// The one place where the application makes DOM nodes. Tags and attributes are allow-lists and text always becomes a
// text node, so that no document, question or server reply can turn into markup or script (the page's content policy
// says the same). A function given as attribute or child is followed: the node changes with the signals it reads.
import { effect, scope, signal, untracked, whenDisposed } from "./state.js";

const svgSpace = "http://www.w3.org/2000/svg";
const svgTags = new Set(["svg", "path", "circle"]);
const htmlTags = new Set([
  "a", "article", "aside", "br", "button", "code", "dd", "del", "details", "dialog", "div", "dl", "dt", "em",
  "fieldset", "footer", "form", "h1", "h2", "h3", "h4", "header", "input", "ins", "label", "legend", "li", "main",
  "mark", "nav", "ol",
  "option", "p", "pre", "progress", "section", "select", "small", "span", "strong", "summary", "table", "tbody", "td",
  "textarea", "th", "thead", "time", "tr", "ul",
]);
const attributeNames = new Set([
  "accept", "autocomplete", "autofocus", "checked", "class", "colspan", "d", "datetime", "dir", "disabled", "download",
  "enterkeyhint", "fill", "for", "height", "hidden", "href", "id", "inputmode", "lang", "max", "maxlength", "method",
  "min", "minlength", "multiple", "name", "open", "placeholder", "readonly", "rel", "required", "role", "rows", "scope",
  "selected", "spellcheck", "step", "stroke", "stroke-linecap", "stroke-linejoin", "stroke-width", "tabindex", "title",
  "type", "value", "viewBox", "webkitdirectory", "width", "cx", "cy", "r",
]);
// What a person types lives in the property; the attribute is only its first value.
const properties = new Set(["value", "checked", "disabled", "hidden", "open", "selected"]);

/** Makes one element. `attributes` may hold `onclick`-like functions, `aria-*`, `data-*` and the allowed names. */
export function element(tag, attributes = {}, ...children) {
  if (!htmlTags.has(tag) && !svgTags.has(tag)) throw new TypeError(`The tag ${tag} is not allowed.`);
  const node = svgTags.has(tag) ? document.createElementNS(svgSpace, tag) : document.createElement(tag);
  append(node, children);
  for (const [name, value] of Object.entries(attributes)) apply(node, name, value);
  return node;
}

const maker = (tag) => (...all) => {
  const plain = all[0] !== null && typeof all[0] === "object" && Object.getPrototypeOf(all[0]) === Object.prototype;
  return plain ? element(tag, ...all) : element(tag, {}, ...all);
};

/** `tags.p("text")`, `tags.button({ onclick }, "Ask")`: one function for each allowed tag. */
export const tags = Object.fromEntries([...htmlTags, ...svgTags].map((tag) => [tag, maker(tag)]));

/** Puts `children` (text, nodes, lists, functions; null and false are skipped) at the end of `node`. */
export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    if (typeof child === "function") appendFollowing(node, child);
    else node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Replaces everything in `node`. */
export function replaceChildren(node, ...children) {
  node.replaceChildren();
  append(node, children);
}

/** A list whose rows keep their nodes and focus while `items()` changes. `render` gets a signal of the item. */
export function keyed(node, items, keyOf, render) {
  const rows = new Map();
  const end = (row) => {
    row.dispose();
    row.result.remove();
  };
  effect(() => {
    const list = items();
    const keys = new Set(list.map(keyOf));
    for (const [key, row] of rows) {
      if (keys.has(key)) continue;
      end(row);
      rows.delete(key);
    }
    untracked(() => place(node, list, keyOf, render, rows));
  });
  whenDisposed(() => rows.forEach(end));
  return node;
}

function place(node, list, keyOf, render, rows) {
  let previous = null;
  for (const item of list) {
    const key = keyOf(item);
    const known = rows.get(key);
    if (known) known.item.set(item);
    const row = known ?? makeRow(item, render);
    if (!known) rows.set(key, row);
    const wanted = previous ? previous.nextSibling : node.firstChild;
    if (row.result !== wanted) node.insertBefore(row.result, wanted);
    previous = row.result;
  }
}

function makeRow(item, render) {
  const followed = signal(item);
  return Object.assign(scope(() => render(followed)), { item: followed });
}

function appendFollowing(node, body) {
  const start = document.createComment("");
  const end = document.createComment("");
  node.append(start, end);
  effect(() => {
    const children = body();
    while (start.nextSibling !== end) start.nextSibling.remove();
    const holder = document.createDocumentFragment();
    append(holder, [children]);
    end.before(holder);
  });
}

function apply(node, name, value) {
  if (name.startsWith("on")) {
    if (typeof value !== "function") throw new TypeError(`${name} takes a function.`);
    node.addEventListener(name.slice(2), value);
    return;
  }
  if (!attributeNames.has(name) && !/^(aria|data)-[a-z-]+$/.test(name)) {
    throw new TypeError(`The attribute ${name} is not allowed.`);
  }
  if (typeof value === "function") effect(() => set(node, name, value()));
  else set(node, name, value);
}

function set(node, name, value) {
  if (name === "href" && !isLocal(value)) throw new TypeError("A link leads only into this application.");
  if (properties.has(name) && name in node) node[name] = value ?? false;
  else if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** True for a link that stays in this application: a fragment or a path of this origin, and never a script. */
export function isLocal(address) {
  return typeof address === "string" && /^(#|\/(?![/\\]))/.test(address);
}

/**
 * A link to another system. It opens in a page of its own that learns nothing of this one. Null unless `address` is
 * one of the web, without a name and a password in it: what documents and other systems say is not trusted.
 */
export function outsideLink(address, attributes, ...children) {
  const url = webAddress(address);
  if (!url) return null;
  const node = element("a", attributes, ...children);
  node.href = url;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  return node;
}

/** A picture that this server makes; nothing from elsewhere is ever shown. `alt` says what is to be seen. */
export function picture(address, { alt, ...attributes }) {
  if (!isLocal(address) || !address.startsWith("/")) throw new TypeError("A picture comes from this server.");
  const node = document.createElement("img");
  node.alt = alt;
  for (const [name, value] of Object.entries(attributes)) apply(node, name, value);
  node.src = address;
  return node;
}

/** `address` in full when it is absolute and of HTTP; null for any other. */
export function webAddress(address) {
  if (typeof address !== "string" || !/^https?:/i.test(address) || !URL.canParse(address)) return null;
  const url = new URL(address);
  return url.username === "" && url.password === "" ? url.href : null;
}
