// API keys: made here, shown once, revoked at once.
import { get, post, remove } from "../base/api.js";
import { confirmDialog, field, openDialog } from "../base/dialog.js";
import { tags } from "../base/dom.js";
import { ago } from "../base/format.js";
import { icon } from "../base/icon.js";
import { announce } from "../base/notice.js";
import { problemFrom, problemView } from "../base/problem.js";
import { session } from "../base/session.js";
import { signal } from "../base/state.js";

const { section, header, h2, p, ul, li, div, span, input, select, option, button, code } = tags;
const lifetimes = [["30", "30 days"], ["90", "90 days"], ["365", "One year"]];

export function apiKeys(left) {
  const keys = signal(null);
  const problem = signal(null);
  const fresh = signal(null);
  const load = async () => {
    problem.set(null);
    try {
      const found = (await get("/keys?limit=200", { signal: left }))?.items ?? [];
      // A manager of keys is sent everybody's; this page is about one's own, and about those that still work.
      keys.set(found.filter((key) => key.subject === session.peek()?.subject && !key.revoked));
    } catch (failure) {
      problem.set(problemFrom(failure));
    }
  };
  const create = async () => {
    const made = await createKey();
    if (made) fresh.set(made);
    if (made) load();
  };
  load();
  return section(
    { class: "card", "aria-labelledby": "keys-title" },
    header(
      { class: "card-head" },
      h2({ id: "keys-title" }, "API keys"),
      button({ type: "button", id: "new-key", class: "button", onclick: create }, icon("add"), "New key"),
    ),
    p(
      { class: "hint" },
      "A program that holds a key acts in your name, with at most the rights you have at that moment.",
    ),
    () => (fresh() ? secretBox(fresh()) : null),
    () => (problem() ? problemView(problem(), load) : null),
    () => keyList(keys(), (key) => revoke(key, keys)),
  );
}

/** The only time the secret is on a page. It is not kept anywhere else. */
export function secretBox(made) {
  const copy = async () => {
    await navigator.clipboard?.writeText(made.key);
    announce("Copied.");
  };
  return div(
    { class: "secret", role: "status" },
    p({ class: "secret-title" }, icon("key"), "Copy this key now. It is shown only this once."),
    div(
      { class: "secret-line" },
      code({ id: "new-secret" }, made.key),
      button({ type: "button", class: "icon-button", "aria-label": "Copy the key", onclick: copy }, icon("copy")),
    ),
  );
}

function keyList(keys, onRevoke) {
  if (keys === null) return null;
  if (keys.length === 0) return p({ class: "empty-line" }, "You have no keys.");
  return ul({ class: "key-list" }, keys.map((key) => li(
    icon("key"),
    span({ class: "key-name" }, key.name),
    span({ class: "key-facts" }, factsOf(key)),
    button(
      {
        type: "button",
        class: "button quiet danger-text",
        "aria-label": `Revoke ${key.name}`,
        onclick: () => onRevoke(key),
      },
      "Revoke",
    ),
  )));
}

function factsOf(key) {
  const date = key.expires ? new Date(key.expires) : null;
  const facts = [
    key.created ? `made ${ago(key.created)}` : null,
    date ? `until ${date.toLocaleDateString(undefined, { dateStyle: "medium" })}` : null,
  ];
  return facts.filter(Boolean).join(" · ");
}

function createKey() {
  return openDialog({
    title: "New API key",
    action: "Create",
    body: () => [
      field("key-name", "What is it for?", input, {
        name: "name", type: "text", required: true, maxlength: "100", autocomplete: "off",
        placeholder: "Nightly import",
      }),
      field("key-lifetime", "Works for", select, { name: "expiresInDays", class: "select" },
        lifetimes.map(([value, words]) => option({ value, selected: value === "90" }, words))),
    ],
    submit: (data) =>
      post("/keys", { name: data.get("name").trim(), expiresInDays: Number(data.get("expiresInDays")) }),
  });
}

async function revoke(key, keys) {
  const revoked = await confirmDialog({
    title: `Revoke “${key.name}”?`,
    text: "Programs that use it are cut off at once. This cannot be undone.",
    action: "Revoke",
    submit: () => remove(`/keys/${encodeURIComponent(key.id)}`),
  });
  if (!revoked) return;
  keys.update((list) => list.filter((one) => one.id !== key.id));
  announce(`Revoked ${key.name}.`);
}
