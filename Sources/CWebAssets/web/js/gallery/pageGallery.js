// Every widget with made-up content, for those who work on them. It asks the server for nothing.
import { replaceChildren, tags } from "../base/dom.js";
import { confirmDialog } from "../base/dialog.js";
import { icon, mark } from "../base/icon.js";
import { announce, noticeView } from "../base/notice.js";
import { problemView, unreachable } from "../base/problem.js";
import { signal } from "../base/state.js";
import { secretBox } from "../account/apiKeys.js";
import { apply, begin } from "../ask/answerState.js";
import { answerView } from "../ask/answerView.js";
import { evidencePanel } from "../ask/evidencePanel.js";
import { documentRows } from "../library/documentRows.js";
import { dropZone } from "../library/dropZone.js";
import { themeButton } from "../shell/shell.js";
import { documentSpecimens } from "./documentSpecimens.js";
import { librarySpecimens } from "./librarySpecimens.js";
import { sourceSpecimens } from "./sourceSpecimens.js";

const { main, section, h1, h2, div, button, p, span } = tags;

const citation = {
  number: 1, document: "doc_0", version: "ver_0", title: "Leave policy", path: "handbook/leave.md",
  heading: "Annual leave › Carrying over", before: "Leave is planned with your team. ",
  quote: "Up to five days may be carried over into the first quarter of the next year.",
  after: " What is not taken by the end of March is lost.", start: 412, end: 489,
  parser: "markdown/2", hash: "9f2c".repeat(16),
};
const documents = [
  {
    id: "a",
    title: "Leave policy",
    path: "handbook/leave.md",
    state: "ready",
    bytes: 4200,
    chunks: 3,
    updated: "2026-01-02T08:00:00Z",
  },
  {
    id: "b",
    title: "Incident 17",
    path: "incidents/17.md",
    state: "processing",
    progress: 0.4,
    bytes: 90_300,
    chunks: 0,
  },
  {
    id: "e",
    title: "Visiting hours",
    path: "Intranet/visiting-hours.html",
    state: "ready",
    bytes: 12_400,
    chunks: 5,
    source: "src_0",
    origin: location.origin,
  },
  { id: "c", title: "notes.txt", path: "notes.txt", state: "queued", bytes: 120, chunks: 0 },
  {
    id: "d",
    title: "scan.txt",
    path: "scan.txt",
    state: "failed",
    advice: "It is not text in UTF-8.",
    bytes: 88_000,
    chunks: 0,
  },
];
const colours = [
  "paper",
  "surface",
  "surface-sunk",
  "accent",
  "accent-soft",
  "mark",
  "good-soft",
  "working-soft",
  "bad-soft",
];

function specimen(name, ...nodes) {
  return section({ class: "gallery-specimen" }, h2(name), nodes);
}

function answered(...events) {
  return signal(events.reduce(
    (state, [name, payload]) => apply(state, name, payload),
    begin("How much leave can I carry over?"),
  ));
}

function answers() {
  const sentence = ["answer.sentence", { index: 0, text: citation.quote, kind: "quoted", citations: [1] }];
  const none = { chosen: signal(null), onCitation() {}, onRetry() {}, canAddDocuments: true };
  return [
    ["Answer", ["answer.citation", citation], sentence, ["answer.finished", { elapsedMilliseconds: 320 }]],
    ["Answer on its way", ["answer.citation", citation], sentence],
    ["Nothing found", ["answer.declined", {}]],
    ["Withdrawn", ["answer.withdrawn", {}]],
  ].map(([name, ...events], index) =>
    specimen(name, answerView({ state: answered(...events), ...none, id: `answer-${index}` })));
}

function buttons() {
  const ask = () => confirmDialog({
    title: "Delete “Leave policy”?",
    text: "This cannot be undone.",
    action: "Delete",
    submit: async () => {},
  });
  return div(
    { class: "gallery-row" },
    button({ type: "button", class: "button primary" }, "Primary"),
    button({ type: "button", class: "button" }, "Ordinary"),
    button({ type: "button", class: "button quiet" }, "Quiet"),
    button({ type: "button", class: "button danger", id: "open-dialog", onclick: ask }, "Danger, asks first"),
    button({ type: "button", class: "button", disabled: true }, "Disabled"),
    button(
      { type: "button", class: "icon-button", "aria-label": "Copy", onclick: () => announce("Copied.") },
      icon("copy"),
    ),
  );
}

replaceChildren(
  document.getElementById("application"),
  main(
    { class: "main gallery" },
    div({ class: "gallery-row" }, mark(), h1("Widgets"), themeButton()),
    specimen(
      "Colours",
      div({ class: "gallery-row" }, colours.map((name) => span({ class: `gallery-swatch swatch-${name}` }, name))),
    ),
    specimen("Buttons", buttons()),
    answers(),
    specimen("Evidence", evidencePanel(signal(citation), () => {})),
    specimen("Drop zone", dropZone({ onFiles() {}, large: () => false })),
    specimen("Documents", documentRows(signal(documents), () => {})),
    documentSpecimens().map(([name, ...nodes]) => specimen(name, ...nodes)),
    librarySpecimens().map(([name, ...nodes]) => specimen(name, ...nodes)),
    sourceSpecimens().map(([name, ...nodes]) => specimen(name, ...nodes)),
    specimen("Problem", problemView(unreachable, () => {})),
    specimen("Working", p({ class: "working" }, "Looking through the documents that you may read")),
    specimen("Secret, shown once", secretBox({ key: "clk_0000000000000000000000000000000000000000000" })),
  ),
  noticeView(),
);
