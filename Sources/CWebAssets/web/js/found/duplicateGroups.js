// Documents that are the same or nearly, side by side.
import { tags } from "../base/dom.js";
import { counted } from "../base/format.js";
import { icon } from "../base/icon.js";
import { signal } from "../base/state.js";
import { likenessWords } from "./foundWords.js";

const { ol, ul, li, a, span, p, button } = tags;
const groupsPage = 10;
const membersShownMax = 20;

/** `report` is `GET /collections/{id}/duplicates`. */
export function duplicateGroups({ groups, compared, complete }) {
  const count = signal(Math.min(groupsPage, groups.length));
  if (groups.length === 0) return p(`None among ${counted(compared, "document")}.`);
  const more = () => count.update((shown) => Math.min(shown + groupsPage, groups.length));
  return [
    ol({ class: "duplicate-groups" }, () => groups.slice(0, count()).map(group)),
    button(
      { type: "button", class: "button", onclick: more, hidden: () => count() === groups.length },
      "Show more groups",
    ),
    complete ? null : p({ class: "hint" }, `Not everything is shown: ${counted(compared, "document")} were compared.`),
  ];
}

function group({ documents }) {
  const shown = documents.slice(0, membersShownMax);
  return li(
    { class: "duplicate-group" },
    p({ class: "duplicate-title" }, icon("copy"), `${counted(documents.length, "document")} alike`),
    ul(shown.map((one, index) => li(
      a({ href: `#/documents/${encodeURIComponent(one.document)}` }, one.title || one.path),
      span({ class: "duplicate-facts" }, likenessWords(one, index === 0), " · ", one.path),
    ))),
    documents.length > shown.length ? p({ class: "hint" }, `and ${documents.length - shown.length} more`) : null,
  );
}
