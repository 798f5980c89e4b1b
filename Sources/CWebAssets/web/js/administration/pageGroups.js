// Groups: who is meant when a rule names a group.
import { post } from "../base/api.js";
import { field, openDialog } from "../base/dialog.js";
import { tags } from "../base/dom.js";
import { counted } from "../base/format.js";
import { icon } from "../base/icon.js";
import { announce } from "../base/notice.js";
import { go } from "../base/router.js";
import { may } from "../base/session.js";
import { administrationPage, listingTable } from "./administrationFrame.js";
import { PagedList } from "./pagedList.js";

const { td, a, input, button } = tags;

export function groupAddress(id) {
  return `/administration/groups/${encodeURIComponent(id)}`;
}

export function pageGroups({ signal: left }) {
  const list = new PagedList("/groups", left);
  list.load();
  const add = async () => {
    const made = await newGroup();
    if (!made) return;
    announce("Made.");
    go(groupAddress(made.id));
  };
  const node = administrationPage(
    "groups",
    "Groups",
    {
      action: may("groups.manage")
        ? button({ type: "button", id: "new-group", class: "button primary", onclick: add }, icon("add"), "New group")
        : null,
      hint: "Rules name groups. Somebody who leaves a group loses at once what only the group may read.",
    },
    listingTable({
      list, name: "Groups", columns: ["Name", "Members", "Kept by"],
      rowOf: (one) => [
        td(a({ class: "listing-title", href: `#${groupAddress(one.id)}` }, one.name)),
        td(counted(one.memberCount, "member")),
        td(one.isManaged ? "A source" : "Administrators"),
      ],
      empty: "There is no group yet.",
    }),
  );
  return { title: "Groups", node };
}

function newGroup() {
  return openDialog({
    title: "New group", action: "Make",
    body: () => field("group-name", "Name", input, {
      name: "name", type: "text", required: true, maxlength: "100", autocomplete: "off",
    }),
    submit: (data) => post("/groups", { name: data.get("name").trim() }),
  });
}
