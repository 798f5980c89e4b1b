// Collections: what there is, who may read it, and the ways to change that.
import { get, put, remove } from "../base/api.js";
import { confirmDialog, openDialog } from "../base/dialog.js";
import { tags } from "../base/dom.js";
import { counted } from "../base/format.js";
import { icon } from "../base/icon.js";
import { announce } from "../base/notice.js";
import { signal } from "../base/state.js";
import { createCollection, labelWords } from "../library/collections.js";
import { openCollectionSettings } from "../library/collectionSettings.js";
import { nameOf } from "../people/personQuestion.js";
import { accessBody, accessWords, choices } from "./accessForm.js";
import { administrationPage, listingTable } from "./administrationFrame.js";
import { PagedList } from "./pagedList.js";

const { td, a, div, button, fieldset, legend, label, input, p } = tags;
const choicesMax = 200;

export function pageCollections({ signal: left }) {
  const list = new PagedList("/collections", left);
  const grantees = signal({ groups: [], people: [] });
  const names = () => new Map([...grantees().groups, ...grantees().people]);
  list.load();
  loadGrantees(left).then(grantees.set, () => {});
  const add = async () => {
    if (await createCollection()) await list.load();
  };
  const node = administrationPage(
    "collections",
    "Collections",
    {
      action: button(
        { type: "button", id: "new-collection", class: "button primary", onclick: add },
        icon("add"),
        "New collection",
      ),
      hint: "Who may read is decided here, narrowed by folders and documents. A change holds at the next question.",
    },
    listingTable({
      list, name: "Collections", columns: ["Name", "Sensitivity", "Documents you see", "Who may read", "Actions"],
      rowOf: (one) => [
        td(a({ class: "listing-title", href: `#/library/${encodeURIComponent(one.id)}` }, one.name)),
        td(labelWords(one.label)),
        td(counted(one.documents, "document")),
        td(() => accessWords(one.access, names())),
        td(actions(one, list, grantees)),
      ],
      empty: "There is no collection yet.",
    }),
  );
  return { title: "Collections", node };
}

async function loadGrantees(left) {
  const [groups, people] = await Promise.all(
    ["/groups", "/users"].map((path) => get(`${path}?limit=${choicesMax}`, { signal: left })));
  return {
    groups: groups.items.map((one) => [one.id, one.name]), people: people.items.map((one) => [one.id, nameOf(one)]),
  };
}

function actions(one, list, grantees) {
  const act = (name, words, look, onclick) => button(
    {
      type: "button", class: `button quiet ${look}`, "data-act": name, "aria-label": `${words}: ${one.name}`, onclick,
    },
    words,
  );
  const settings = async () => {
    const kept = await openCollectionSettings(one.id);
    if (kept) list.replace(one.id, kept);
  };
  return div(
    { class: "listing-actions" },
    act("access", "Who may read", "", () => changeAccess(one, list, grantees.peek())),
    act("settings", "Settings", "", settings),
    act("remove", "Delete", "danger-text", () => take(one, list)),
  );
}

async function changeAccess(one, list, { groups, people }) {
  const [allow, deny] = [one.access.allow ?? [], one.access.deny ?? []];
  const all = choices(groups, people, allow, deny);
  const deniable = all.filter(([id]) => id !== "everyone" || deny.includes(id));
  const changed = await openDialog({
    title: `Who may read ${one.name}`, action: "Save", danger: true,
    body: () => [
      p("This holds for every document in it, at once."),
      boxes("May read", "allow", all, allow),
      boxes("May not read, even so", "deny", deniable, deny),
    ],
    submit: async (data) => {
      const access = accessBody(data, one.access);
      await put(`/collections/${encodeURIComponent(one.id)}/access`, access);
      return access;
    },
  });
  if (!changed) return;
  list.replace(one.id, { access: changed });
  announce("Saved.");
}

function boxes(words, name, all, chosen) {
  return fieldset(
    { class: "role-choice grantee-choice" },
    legend(words),
    all.map(([id, title]) => label(input({ type: "checkbox", name, value: id, checked: chosen.includes(id) }), title)),
  );
}

async function take(one, list) {
  const isGone = await confirmDialog({
    title: `Delete ${one.name}?`, action: "Delete",
    text: "Only an empty collection can be deleted. This cannot be undone.",
    submit: () => remove(`/collections/${encodeURIComponent(one.id)}`),
  });
  if (!isGone) return;
  list.replace(one.id, null);
  announce(`Deleted ${one.name}.`);
}
