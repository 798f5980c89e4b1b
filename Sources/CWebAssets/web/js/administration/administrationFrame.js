// What the pages of an administrator share: their heading, the way from one to the other, a table of a listing.
import { tags } from "../base/dom.js";
import { problemView } from "../base/problem.js";
import { may } from "../base/session.js";

const { section, header, nav, div, h1, p, a, button, table, thead, tbody, tr, th } = tags;

const places = [
  { name: "people", words: "People", address: "#/administration/people", needs: "users.read" },
  { name: "groups", words: "Groups", address: "#/administration/groups", needs: "groups.read" },
  {
    name: "collections", words: "Collections", address: "#/administration/collections", needs: "collections.manage",
  },
  { name: "keys", words: "Keys", address: "#/administration/keys", needs: "keys.manage" },
  { name: "audit", words: "Audit log", address: "#/administration/audit", needs: "audit.read" },
  { name: "health", words: "Health", address: "#/administration/health", needs: "users.read" },
];

/** A page of administration. `action` is its one thing to do, if any. */
export function administrationPage(name, title, { action, hint }, ...children) {
  return section(
    { class: "administration", "aria-labelledby": "page-title" },
    nav(
      { class: "administration-nav", "aria-label": "Administration" },
      places.filter(({ needs }) => may(needs)).map((place) =>
        a({ href: place.address, "aria-current": place.name === name ? "page" : null }, place.words)),
    ),
    header({ class: "administration-head" }, h1({ id: "page-title", tabindex: "-1" }, title), action ?? null),
    hint ? p({ class: "hint" }, hint) : null,
    children,
  );
}

/** `list` is a `PagedList`; `rowOf(entry)` gives the cells of a row, and `columns` their names. */
export function listingTable({ list, name, columns, rowOf, empty }) {
  return div(
    { class: "listing" },
    () => (list.problem() ? problemView(list.problem(), () => list.load()) : null),
    div({ role: "status" }, () => standing(list, empty)),
    () => (list.items()?.length > 0 ? grid(name, columns, list.items(), rowOf) : null),
    () => (list.next() ? button({ type: "button", class: "button", onclick: () => list.more() }, "Show more") : null),
  );
}

function standing(list, empty) {
  if (list.items() === null) return list.problem() ? null : p({ class: "working" }, "Looking it up");
  if (list.items().length > 0) return null;
  const words = list.next() ? "Nothing of this in the newest entries." : typeof empty === "function" ? empty() : empty;
  return p({ class: "empty-line" }, words);
}

// Where it is narrow a row stands as a card, and each cell says by itself what it is.
function grid(name, columns, items, rowOf) {
  const row = (entry) => {
    const cells = rowOf(entry);
    cells.forEach((cell, index) => cell.setAttribute("data-name", columns[index]));
    return tr({ "data-row": entry.id ?? String(entry.sequence) }, cells);
  };
  return table(
    { class: "listing-table", "aria-label": name },
    thead(tr(columns.map((words) => th({ scope: "col" }, words)))),
    tbody(items.map(row)),
  );
}
