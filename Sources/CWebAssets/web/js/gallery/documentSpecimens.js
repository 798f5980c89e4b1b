// The widgets about one document, and of administration, with made-up content.
import { tags } from "../base/dom.js";
import { verdict } from "../administration/pageAudit.js";
import { explained } from "../ask/passageInspector.js";
import { comparisonView } from "../compare/comparisonView.js";

const { div } = tags;

const comparison = {
  same: false, coarse: false, cut: true,
  passages: [{
    headings: ["Night roster", "Begin"], skippedLines: 12,
    parts: [
      { kind: "same", text: "The night shift begins at " }, { kind: "removed", text: "21:45" },
      { kind: "added", text: "22:15" }, { kind: "same", text: ", on Sundays too.\n" },
      { kind: "added", text: "Whoever comes later tells the ward.\n" },
    ],
  }],
};
const citation = { document: "doc_0", version: "ver_0", start: 412, end: 489 };
const hits = [{
  document: "doc_0", version: "ver_0", start: 400, end: 900, score: 0.0325,
  explanation: {
    dense: { rank: 2, score: 0.612, window: 0 },
    lexical: {
      rank: 1, score: 6.2, length: 80, chunks: 320,
      terms: [{ term: "leav", queryFrequency: 1, frequency: 3, chunks: 12, idf: 3.2, contribution: 4.1 }],
    },
    fusion: { method: "rrf", dense: 0.016, lexical: 0.0165 }, access: "collection: everyone; label internal <= internal",
  },
}];

/** `[name, ...nodes]` of each specimen. */
export function documentSpecimens() {
  return [
    ["Two versions compared", comparisonView(comparison)],
    ["Why a passage was found", div({ class: "proof" }, explained({ hits }, citation))],
    ["The log, checked", verdict({ sound: true, logs: [{ size: 396 }] }),
      verdict({ sound: false, logs: [], fault: { sequence: 17, message: "The entry was changed." } })],
  ];
}
