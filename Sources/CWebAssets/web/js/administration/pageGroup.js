// One group: who is in it.
import { get, put, remove } from "../base/api.js";
import { confirmDialog, field, openDialog } from "../base/dialog.js";
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { announce } from "../base/notice.js";
import { problemFrom, problemView } from "../base/problem.js";
import { may } from "../base/session.js";
import { signal } from "../base/state.js";
import { nameOf } from "../people/personQuestion.js";
import { administrationPage, listingTable } from "./administrationFrame.js";
import { PagedList } from "./pagedList.js";

const { td, a, p, select, option, button } = tags;
const choicesMax = 200;

export function pageGroup({ parameters, signal: left }) {
  const address = `/groups/${encodeURIComponent(parameters.group)}`;
  const [group, problem] = [signal(null), signal(null)];
  const list = new PagedList(`${address}/members`, left);
  list.load();
  get(address, { signal: left }).then(group.set, (failure) => problem.set(problemFrom(failure)));
  const manages = () => may("groups.manage") && group()?.isManaged === false;
  const add = async () => {
    if (!await chooseMember(address, left)) return;
    announce("Added.");
    await list.load();
  };
  const node = administrationPage(
    "groups",
    () => group()?.name ?? "Group",
    {
      action: () => (manages()
        ? button({ type: "button", id: "add-member", class: "button primary", onclick: add }, icon("add"), "Add member")
        : null),
    },
    p(a({ href: "#/administration/groups" }, "All groups")),
    () => (problem() ? problemView(problem()) : null),
    () => (group()?.isManaged ? p({ class: "hint" }, "A source fills this group. Change it there.") : null),
    listingTable({
      list, name: "Members", columns: ["Name", "Kind", "Actions"],
      rowOf: (one) => [
        td(one.name), td(one.kind === "group" ? "Group" : "Person"),
        td(() => (manages() ? takeOut(one, address, list) : "–")),
      ],
      empty: "Nobody is in this group.",
    }),
  );
  return { title: "Group", node };
}

function takeOut(one, address, list) {
  const ask = async () => {
    const isOut = await confirmDialog({
      title: `Take ${one.name} out?`, action: "Take out",
      text: "What only this group may read is closed to them within a second.",
      submit: () => remove(`${address}/members/${encodeURIComponent(one.id)}`),
    });
    if (!isOut) return;
    list.replace(one.id, null);
    announce(`Taken out: ${one.name}.`);
  };
  return button(
    { type: "button", class: "button quiet danger-text", "aria-label": `Take out: ${one.name}`, onclick: ask },
    "Take out",
  );
}

async function chooseMember(address, left) {
  const [people, groups] = await Promise.all(
    ["/users", "/groups"].map((path) => get(`${path}?limit=${choicesMax}`, { signal: left })));
  return openDialog({
    title: "Add a member", action: "Add",
    body: () => field("member", "Who", select, { name: "member", class: "select", required: true },
      people.items.map((one) => option({ value: one.id }, nameOf(one))),
      groups.items.map((one) => option({ value: one.id }, `${one.name} (group)`))),
    submit: async (data) => {
      await put(`${address}/members/${encodeURIComponent(data.get("member"))}`, {});
      return true;
    },
  });
}
