// The widgets of what was found, of jobs and of a document's panel, with made-up content.
import { tags } from "../base/dom.js";
import { signal } from "../base/state.js";
import { duplicateGroups } from "../found/duplicateGroups.js";
import { findingsView, foundCard } from "../found/findingsView.js";
import { progressMeter } from "../found/progressMeter.js";
import { reviewList } from "../found/reviewList.js";
import { unreadableList } from "../found/unreadableList.js";
import { jobRows } from "../jobs/jobRows.js";
import { filingPart, findingsPart, versionsPart } from "../source/aboutPanel.js";

const { div } = tags;
const moment = "2026-01-02T08:00:00Z";

const findings = {
  documents: 1240, complete: true, unscreened: 14,
  personal: [
    { kind: "email_address", documents: 310, occurrences: 1204 }, { kind: "iban", documents: 12, occurrences: 40 },
  ],
  suspicious: [{ kind: "model_instruction", documents: 1, occurrences: 2 }],
  languages: [{ code: "de", documents: 900 }, { code: "en", documents: 320 }],
  notes: [{ code: "guessed_charset", words: "Its character set was guessed.", documents: 7 }],
  failures: [],
};
const duplicates = {
  compared: 1240, complete: true,
  groups: [{
    documents: [
      { document: "doc_0", path: "ward/plan.docx", title: "Holiday plan", similarity: 1, exact: true },
      { document: "doc_1", path: "old/plan.docx", title: "Holiday plan", similarity: 1, exact: true },
      { document: "doc_2", path: "ward/plan-2.docx", title: "Holiday plan, new", similarity: 0.91, exact: false },
    ],
  }],
};
const waiting = {
  total: 1,
  items: [{
    version: "ver_9",
    document: {
      id: "doc_9", title: "Offer", path: "mail/offer.html", findings: [{ kind: "model_instruction", count: 2 }],
    },
  }],
};
const failed = [
  { id: "a", path: "scan-17.pdf", advice: "It has no text that can be read." },
  { id: "b", path: "notes.txt", advice: "It is not text in UTF-8." },
  { id: "c", path: "old/notes.txt", advice: "It is not text in UTF-8." },
];

const job = (id, state, more = {}) => ({
  id, state, kind: "library.ingest", title: "handbook/leave.md", resource: "doc_0", done: 0, total: 0, attempt: 1,
  created: moment, updated: moment, ...more,
});
const jobs = [
  job("a", "leased", { done: 12, total: 40, step: "Embedding" }),
  job("b", "queued", { title: null }),
  job("c", "retrying", { attempt: 3, reason: "The disk is full." }),
  job("d", "dead", { kind: "intake.sync", title: "Ward files", resource: "src_0", reason: "The folder is gone." }),
  job("e", "cancelled"),
  job("f", "succeeded"),
];

const filing = {
  tags: ["ward", "night shift"], effectiveFrom: moment, effectiveUntil: "2027-01-01T00:00:00Z", supersededBy: null,
};
const versions = [
  { id: "ver_2", number: 2, state: "ready", current: true, created: moment },
  { id: "ver_1", number: 1, state: "ready", current: false, created: moment },
];

/** `[name, ...nodes]` of each specimen. */
export function librarySpecimens() {
  const progress = { queued: 40, processing: 2, ready: 1200, failed: 3, quarantined: 1 };
  return [
    ["A collection settles", foundCard("progress-title", "Documents", progressMeter(signal(progress)))],
    ["What was found", findingsView(findings)],
    ["Near-duplicates", foundCard("duplicates-title", "Near-duplicates", duplicateGroups(duplicates))],
    ["Waits for review", foundCard("review-title", "Waits for review", reviewList(signal(waiting), () => {}))],
    ["Not readable", foundCard(
      "unreadable-title", "Not readable", unreadableList({ documents: failed, complete: false }),
    )],
    ["Jobs", jobRows(signal(jobs), async () => false)],
    ["About a document", div(
      { class: "about" },
      div(
        { class: "about-parts" },
        filingPart(filing, null, () => {}),
        findingsPart(waiting.items[0].document.findings),
        versionsPart(versions, { document: "doc_0", version: "ver_2" }),
      ),
    )],
  ];
}
