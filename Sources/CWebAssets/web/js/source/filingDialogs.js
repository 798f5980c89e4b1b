// The two small forms that change how a document is filed.
import { get, put, withQuery } from "../base/api.js";
import { field, openDialog } from "../base/dialog.js";
import { tags } from "../base/dom.js";
import { session } from "../base/session.js";
import { labels } from "../library/collections.js";
import { dayOf, filingOf } from "./filingWords.js";

const { div, input, select, option, p } = tags;
const choicesMax = 200;
const tagCharactersMax = "5000";

/** The labels that a person cleared for `clearance` may give. */
export function labelsBelow(clearance) {
  const end = labels.findIndex(([value]) => value === clearance);
  return labels.slice(0, end + 1);
}

/** Asks for another label of `document`. Resolves to true once it is set. */
export function changeLabel(document) {
  return openDialog({
    title: "Sensitivity",
    action: "Set",
    body: () => [
      field("document-label", "Label", select, { name: "label", class: "select" },
        labelsBelow(session.peek()?.clearance).map(([value, words]) =>
          option({ value, selected: value === document.label }, words))),
      p({ class: "hint" }, "Only people cleared for it see the document, at once."),
    ],
    submit: async (data) => {
      await put(`/documents/${encodeURIComponent(document.id)}/label`, { label: data.get("label") });
      return true;
    },
  });
}

/** Asks for tags and dates of `document`. Resolves to true once they are set. */
export async function changeFiling(document, filing, left) {
  const others = await candidates(document, filing, left);
  return openDialog({
    title: "Tags and dates",
    action: "Save",
    body: () => formOf(filing, others),
    submit: async (data) => {
      await put(`/documents/${encodeURIComponent(document.id)}/filing`, filingOf(data, filing));
      return true;
    },
  });
}

function formOf(filing, others) {
  const day = (id, words, name, time) =>
    field(id, words, input, { name, type: "date", value: dayOf(time), max: "9999-12-31" });
  return [
    field("filing-tags", "Tags", input, {
      name: "tags", type: "text", value: filing.tags.join(", "), autocomplete: "off", maxlength: tagCharactersMax,
      "aria-describedby": "filing-tags-hint",
    }),
    p({ class: "hint", id: "filing-tags-hint" }, "Parted by commas."),
    div(
      { class: "filing-days" },
      day("filing-from", "Holds from", "from", filing.effectiveFrom),
      day("filing-until", "Holds until", "until", filing.effectiveUntil),
    ),
    p({ class: "hint" }, "Answers leave out what does not hold. On the day of “until” it holds no longer."),
    field("filing-successor", "Superseded by", select, { name: "successor", class: "select" },
      option({ value: "" }, "Nothing"),
      others.map((one) => option({ value: one.id, selected: one.id === filing.supersededBy }, one.title))),
  ];
}

/** The newest documents of the collection, and the one that is chosen already, by title. */
async function candidates(document, filing, left) {
  const path = `/collections/${encodeURIComponent(document.collection)}/documents`;
  const page = await get(withQuery(path, { limit: choicesMax }), { signal: left });
  const others = page.items.filter((one) => one.id !== document.id)
    .map((one) => ({ id: one.id, title: one.title || one.path }));
  const chosen = filing.supersededBy;
  if (chosen && !others.some((one) => one.id === chosen)) others.push({ id: chosen, title: "The one that is set" });
  return others.sort((a, b) => a.title.localeCompare(b.title));
}
