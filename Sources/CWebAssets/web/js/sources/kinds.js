// The kinds of systems that can be connected, as the server declares them.
import { get } from "../base/api.js";
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";

const { ul, li, a, span } = tags;

/** The kinds, in the order in which people are offered them. */
export async function loadKinds(signal) {
  return (await get("/source-kinds", { signal }))?.items ?? [];
}

/** One card for each kind; each leads to its form. */
export function kindCards(kinds) {
  return ul(
    { class: "kind-cards" },
    kinds.map((kind) => li(
      a(
        { class: "kind-card", href: `#/sources/new/${encodeURIComponent(kind.name)}`, "data-kind": kind.name },
        span({ class: "kind-title" }, icon(pictureOf(kind.name)), kind.title),
        span({ class: "kind-summary" }, kind.summary),
      ),
    )),
  );
}

const pictures = { folder: "folder", web: "web", s3: "store", git: "branch", imap: "mail", confluence: "document", webdav: "folder" };

/** The icon of a kind of source. */
export function pictureOf(name) {
  return Object.hasOwn(pictures, name) ? pictures[name] : "source";
}
