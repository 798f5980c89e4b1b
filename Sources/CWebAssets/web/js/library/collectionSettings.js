// The settings of a collection: label of new documents, which of them wait for a review, and how all are cut.
import { get, put } from "../base/api.js";
import { field, openDialog } from "../base/dialog.js";
import { tags } from "../base/dom.js";
import { announce } from "../base/notice.js";
import { labels } from "./collections.js";

const { input, select, option, p } = tags;

export const quarantineRules = [
  ["off", "None"],
  ["suspicious", "Those with instructions to a model or hidden text"],
  ["personal", "Those, and those with personal data"],
  ["all", "All"],
];

export const chunkingStrategies = [
  ["structure", "By the document's own parts"],
  ["recursive", "By paragraphs, then sentences"],
  ["semantic", "Where the subject changes (slow)"],
  ["fixed", "In pieces of one size"],
];

const tokensMin = 32;
const tokensMax = 2048;

/** What the server is sent: only what is otherwise than in `known`, so that nothing is read again for nothing. */
export function settingsDraft(known, data) {
  const chunking = {
    strategy: data.get("strategy"), tokens: Number(data.get("tokens")), overlap: Number(data.get("overlap")),
  };
  const draft = {};
  if (data.get("label") !== known.label) draft.label = data.get("label");
  if (data.get("quarantine") !== known.quarantine) draft.quarantine = data.get("quarantine");
  if (Object.keys(chunking).some((name) => chunking[name] !== known.chunking[name])) draft.chunking = chunking;
  return draft;
}

/** Asks for the settings of a collection and keeps them. Resolves to the collection, or to null. */
export async function openCollectionSettings(id) {
  const path = `/collections/${encodeURIComponent(id)}`;
  const known = await get(path);
  const kept = await openDialog({
    title: `Settings of ${known.name}`,
    action: "Save",
    body: () => fields(known),
    submit: (data) => put(`${path}/settings`, settingsDraft(known, data)),
  });
  if (kept) announce("The settings are saved.");
  return kept;
}

function fields(known) {
  return [
    choice("settings-label", "Sensitivity of new documents", "label", labels, known.label),
    choice("settings-quarantine", "New documents that wait for a review", "quarantine", quarantineRules,
      known.quarantine),
    choice("settings-strategy", "How documents are cut", "strategy", chunkingStrategies, known.chunking.strategy),
    field("settings-tokens", "Most tokens of a piece", input, {
      name: "tokens", type: "number", required: true, min: String(tokensMin), max: String(tokensMax),
      value: String(known.chunking.tokens),
    }),
    field("settings-overlap", "Tokens repeated from the piece before", input, {
      name: "overlap", type: "number", required: true, min: "0", max: String(tokensMax / 2),
      value: String(known.chunking.overlap),
    }),
    p({ class: "hint" }, "When they are cut otherwise, all documents are read again in the background. "
      + "Search goes on meanwhile."),
  ];
}

function choice(id, words, name, values, current) {
  return field(id, words, select, { name, class: "select" },
    values.map(([value, text]) => option({ value, selected: value === current }, text)));
}
