// People: who may sign in, with which roles; made, changed, suspended and removed by an administrator.
import { patch, post, put, remove } from "../base/api.js";
import { confirmDialog, field, openDialog } from "../base/dialog.js";
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { announce } from "../base/notice.js";
import { may, session } from "../base/session.js";
import { labels, labelWords } from "../library/collections.js";
import { nameOf } from "../people/personQuestion.js";
import { administrationPage, listingTable } from "./administrationFrame.js";
import { personBody, roles, roleWords } from "./personForm.js";
import { PagedList } from "./pagedList.js";

const { td, div, p, span, input, select, option, button, fieldset, legend, label } = tags;

export function pagePeople({ signal: left }) {
  const list = new PagedList("/users", left);
  list.load();
  const manages = may("users.manage");
  const add = async () => {
    if (!await newPerson()) return;
    announce("Added.");
    await list.load();
  };
  const node = administrationPage(
    "people",
    "People",
    {
      action: manages
        ? button({ type: "button", id: "new-person", class: "button primary", onclick: add }, icon("add"), "New person")
        : null,
      hint: "Who may sign in. What somebody may read is decided by the rules of collections, folders and documents.",
    },
    listingTable({
      list, name: "People", columns: ["Name", "Roles", "Cleared for", "State", "Actions"],
      rowOf: (one) => row(one, list, manages), empty: "There is nobody yet.",
    }),
  );
  return { title: "People", node };
}

function row(one, list, manages) {
  const isSelf = one.id === session.peek()?.subject;
  return [
    td(span({ class: "listing-title" }, nameOf(one)), one.displayName ? span({ class: "hint" }, one.name) : null),
    td(one.roles.map(roleWords).join(", ") || "None"),
    td(labelWords(one.clearance)),
    td(one.suspended ? span({ class: "badge bad" }, icon("lock"), "Suspended") : "May sign in"),
    td(manages && !isSelf ? actions(one, list) : span({ class: "hint" }, isSelf ? "This is you" : "–")),
  ];
}

function actions(one, list) {
  const act = (name, words, look, onclick) => button(
    {
      type: "button", class: `button quiet ${look}`, "data-act": name, "aria-label": `${words}: ${nameOf(one)}`,
      onclick,
    },
    words,
  );
  return div(
    { class: "listing-actions" },
    act("change", "Change", "", () => change(one, list)),
    act("password", "Set password", "", () => setPassword(one)),
    one.suspended
      ? act("resume", "Let in again", "", () => suspend(one, false, list))
      : act("suspend", "Suspend", "danger-text", () => suspend(one, true, list)),
    act("remove", "Remove", "danger-text", () => take(one, list)),
  );
}

async function change(one, list) {
  const changed = await openDialog({
    title: `Change ${nameOf(one)}`, action: "Save",
    body: () => [
      field("person-display", "Display name", input, {
        name: "displayName", type: "text", maxlength: "100", autocomplete: "off", value: one.displayName ?? "",
      }),
      rights(one.roles, one.clearance),
    ],
    submit: (data) => patch(`/users/${encodeURIComponent(one.id)}`, personBody(data)),
  });
  if (!changed) return;
  list.replace(one.id, changed);
  announce("Saved.");
}

async function setPassword(one) {
  const isSet = await openDialog({
    title: `Set the password of ${nameOf(one)}`, action: "Set", danger: true,
    body: () => [
      p("Their sessions end at once. Tell them the new password in a safe way."),
      field("person-password", "New password", input, {
        name: "password", type: "password", required: true, autocomplete: "new-password", maxlength: "200",
      }),
    ],
    submit: async (data) => {
      await put(`/users/${encodeURIComponent(one.id)}/password`, { password: data.get("password") });
      return true;
    },
  });
  if (isSet) announce("The password is set.");
}

async function suspend(one, suspended, list) {
  const send = async () => list.replace(one.id, await patch(`/users/${encodeURIComponent(one.id)}`, { suspended }));
  if (!suspended) return openDialog({
    title: `Let ${nameOf(one)} in again?`, body: () => p("They get back exactly the rights they had."),
    action: "Let in again", submit: send,
  });
  return confirmDialog({
    title: `Suspend ${nameOf(one)}?`,
    text: "Sessions, keys and open answers end within a second. Nothing of theirs is deleted.",
    action: "Suspend", submit: send,
  });
}

async function take(one, list) {
  const isGone = await confirmDialog({
    title: `Remove ${nameOf(one)}?`,
    text: "Every session and key of theirs ends. Documents that they added stay. This cannot be undone.",
    action: "Remove", submit: () => remove(`/users/${encodeURIComponent(one.id)}`),
  });
  if (!isGone) return;
  list.replace(one.id, null);
  announce(`Removed ${nameOf(one)}.`);
}

function newPerson() {
  return openDialog({
    title: "New person", action: "Add",
    body: () => [
      field("person-name", "Sign-in name", input, {
        name: "name", type: "text", required: true, maxlength: "100", autocomplete: "off", spellcheck: "false",
      }),
      field("person-display", "Display name", input, {
        name: "displayName", type: "text", maxlength: "100", autocomplete: "off",
      }),
      field("person-password", "First password (may stay empty)", input, {
        name: "password", type: "password", autocomplete: "new-password", maxlength: "200",
      }),
      rights(["user"], "internal"),
    ],
    submit: (data) => post("/users", { ...personBody(data), name: data.get("name").trim() }),
  });
}

function rights(chosen, clearance) {
  return [
    fieldset(
      { class: "role-choice" },
      legend("Roles"),
      roles.map((role) => label(
        input({ type: "checkbox", name: "roles", value: role, checked: chosen.includes(role) }), roleWords(role))),
    ),
    field("person-clearance", "Cleared for", select, { name: "clearance", class: "select" },
      labels.map(([value, words]) => option({ value, selected: value === clearance }, words))),
  ];
}
