// Keys: every key of the organisation that still works, whose it is, and the way to end it.
import { remove } from "../base/api.js";
import { confirmDialog } from "../base/dialog.js";
import { tags } from "../base/dom.js";
import { ago, counted } from "../base/format.js";
import { icon } from "../base/icon.js";
import { announce } from "../base/notice.js";
import { administrationPage, listingTable } from "./administrationFrame.js";
import { peopleNames } from "./names.js";
import { PagedList } from "./pagedList.js";

const { td, span, button, code } = tags;

export function pageKeys({ signal: left }) {
  const list = new PagedList("/keys", left);
  const names = peopleNames(left);
  list.load();
  const node = administrationPage(
    "keys",
    "Keys",
    { hint: "A key acts in somebody's name. Everybody makes their own, on the Account page." },
    listingTable({
      list, name: "Keys", columns: ["Name", "Whose", "Made", "State", "Actions"],
      rowOf: (one) => row(one, names, list), empty: "There is no key.",
    }),
  );
  return { title: "Keys", node };
}

function row(one, names, list) {
  return [
    td(span({ class: "listing-title" }, one.name), span({ class: "hint" }, counted(one.scopes.length, "permission"))),
    td(() => names().get(one.subject) ?? code(one.subject)),
    td(ago(one.created)),
    td(stateOf(one)),
    td(one.revoked ? "–" : revoker(one, names, list)),
  ];
}

function stateOf(one, now = Date.now()) {
  if (one.revoked) return span({ class: "badge bad" }, icon("lock"), "Revoked");
  return Date.parse(one.expires) <= now ? "Run out" : "Works";
}

function revoker(one, names, list) {
  const ask = async () => {
    const isDone = await confirmDialog({
      title: `Revoke “${one.name}”?`, action: "Revoke",
      text: "Programs that use it, and keys that were made with it, are cut off at once. This cannot be undone.",
      submit: () => remove(`/keys/${encodeURIComponent(one.id)}`),
    });
    if (!isDone) return;
    list.replace(one.id, { revoked: new Date().toISOString() });
    announce(`Revoked ${one.name}.`);
  };
  return button(
    { type: "button", class: "button quiet danger-text", "aria-label": `Revoke ${one.name}`, onclick: ask }, "Revoke");
}
