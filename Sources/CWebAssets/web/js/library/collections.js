// The collections a person may see, and a dialog that makes a new one.
import { get, post } from "../base/api.js";
import { tags } from "../base/dom.js";
import { field, openDialog } from "../base/dialog.js";
import { icon } from "../base/icon.js";

const { nav, ul, li, a, span, button, input, select, option, p } = tags;

export const labels = [
  ["public", "Public"],
  ["internal", "Internal"],
  ["confidential", "Confidential"],
  ["restricted", "Restricted"],
  ["top_secret", "Top secret"],
];

export function labelWords(name) {
  return labels.find(([value]) => value === name)?.[1] ?? name ?? "";
}

export async function loadCollections(signal) {
  return (await get("/collections", { signal }))?.items ?? [];
}

/** The list at the side; `onCreate` is null for a person who may not make collections. */
export function collectionList(collections, openID, onCreate) {
  return nav(
    { class: "collection-list", "aria-label": "Collections" },
    ul(
      () => collections().map((one) =>
        li(
          a(
            { href: `#/library/${encodeURIComponent(one.id)}`, "aria-current": one.id === openID() ? "page" : null },
            icon("folder"),
            span({ class: "collection-name" }, one.name),
            span(
              { class: "collection-count", "aria-label": `${one.documents} documents` },
              one.documents.toLocaleString(),
            ),
          ),
        ),
      ),
    ),
    onCreate ? button(
      { type: "button", class: "button quiet", "aria-label": "New collection", onclick: onCreate },
      icon("add"),
      span("New collection"),
    ) : null,
  );
}

/** Asks for a name and a label and creates the collection. Resolves to it, or to null. */
export function createCollection() {
  return openDialog({
    title: "New collection",
    action: "Create",
    body: () => [
      field("collection-name", "Name", input, {
        name: "name", type: "text", required: true, maxlength: "200", autocomplete: "off",
      }),
      field("collection-label", "Sensitivity", select, { name: "label", class: "select" },
        labels.map(([value, words]) => option({ value, selected: value === "internal" }, words))),
      p({ class: "hint" }, "Only people cleared for this label can see what is in it."),
    ],
    submit: (data) => post("/collections", { name: data.get("name").trim(), label: data.get("label") }),
  });
}
