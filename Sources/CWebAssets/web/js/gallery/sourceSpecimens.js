// The widgets of sources with made-up content.
import { tags } from "../base/dom.js";
import { signal } from "../base/state.js";
import { connectionSteps } from "../sources/connectionSteps.js";
import { decisionPanel } from "../sources/decisionPanel.js";
import { kindCards } from "../sources/kinds.js";
import { checkField, optionFields } from "../sources/optionFields.js";
import { problemList } from "../sources/problemList.js";
import { sourceFacts } from "../sources/sourceFacts.js";
import { sourceRows } from "../sources/sourceRows.js";

const { form, section, h2 } = tags;

const kind = {
  name: "store", title: "Document store", summary: "Documents of a store, with who may read them.",
  statesPermissions: true,
  options: [
    { name: "address", form: "text", required: true, help: "Address of the store." },
    { name: "spaces", form: "texts", required: false, help: "Only these spaces." },
    { name: "depth", form: "integer", required: false, help: "How many levels.", min: 1, max: 20 },
    { name: "edition", form: "choice", required: false, help: "Which edition it is.", choices: ["cloud", "server"] },
    { name: "drafts", form: "flag", required: false, help: "Drafts are read too." },
    { name: "token", form: "secret", required: true, help: "Access token." },
  ],
};
const kinds = [kind, { name: "folder", title: "Folder", summary: "Files of a folder, with their access lists." }];

const source = (id, name, state, more = {}) => ({
  id, name, kind: "store", collection: "col_0", state, problem: null, documents: 40, problems: 0, held: 0,
  current: "2026-01-02T08:00:00Z", lagSeconds: 180, every: 300, people: { obeysSource: true, match: "email" },
  options: { address: "store.example", spaces: ["ward", "pharmacy"], drafts: true }, secrets: ["token"], ...more,
});
const sources = [
  source("a", "Ward handbook", "waiting"),
  source("b", "Intranet", "running", { problems: 3, lagSeconds: 7200 }),
  source("c", "Pharmacy", "failing", { problem: "The server does not accept the token.", lagSeconds: 90_000 }),
  source("d", "Archive", "held", { problem: "33 documents are not there any more. They are hidden.", held: 33 }),
  source("e", "Laboratory", "paused"),
  source("f", "Old share", "removing"),
  source("g", "New share", "waiting", { current: null, lagSeconds: null, documents: 0 }),
];
const report = {
  good: false,
  steps: [
    { step: "name", good: true, sentence: "The name store.example has an address." },
    { step: "connection", good: true, sentence: "The server answers." },
    { step: "credentials", good: false, sentence: "The server does not accept the token." },
  ],
};
const problems = [
  { path: "ward/scan-17.tiff", reason: "It is larger than 64000000 bytes.", attempts: 1, retry: null },
  {
    path: "ward/plan.docx",
    reason: "The source could not give it this time.",
    attempts: 3,
    retry: "2000-01-01T00:00:00Z",
  },
];

/** `[name, ...nodes]` of each specimen. */
export function sourceSpecimens() {
  return [
    ["Sources", sourceRows(signal(sources), () => kind.title)],
    ["Kinds of sources", kindCards(kinds)],
    ["Fields of a source", form(
      { class: "source-form", "aria-label": "Fields" },
      optionFields(kind, sources[0]),
      checkField({ name: "obeys", words: "Obey the source's permissions", hint: "On at first.", checked: true }),
    )],
    ["Connection test", connectionSteps(report)],
    ["Needs a decision", decisionPanel({ held: 33 }, async () => {})],
    ["About a source", section({ class: "card" }, sourceFacts(signal(sources[0]), kind, { name: "Ward" }))],
    ["Could not be taken in", section(
      { class: "card", "aria-labelledby": "problems-title" },
      h2({ id: "problems-title" }, "Could not be taken in"),
      problemList(problems, 12),
    )],
  ];
}
