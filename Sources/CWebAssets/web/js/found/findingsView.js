// Personal data, suspicious things, languages and notes of a collection: kinds and counts, never the thing itself.
import { tags } from "../base/dom.js";
import { counted } from "../base/format.js";
import { kindWords, languageWords } from "./foundWords.js";

const { section, h2, ul, li, span, p, progress: bar } = tags;

const suspiciousHint =
  "What text aimed at a language model looks like. A handbook that quotes an attack is found like the attack.";

/** A part of the page under its title. */
export function foundCard(id, words, ...children) {
  return section({ class: "card", "aria-labelledby": id }, h2({ id, tabindex: "-1" }, words), children);
}

/** The cards of `GET /collections/{id}/findings`; nothing for what was not found, but for personal data. */
export function findingsView(found) {
  const looked = found.documents - found.unscreened;
  const share = (rows) => shareRows(rows, found.documents);
  return [
    foundCard(
      "personal-title", "Personal data",
      looked === 0
        ? p({ class: "hint" }, "No document was looked through yet.")
        : found.personal.length > 0 ? share(found.personal.map(kindRow)) : p("None that we know how to recognise."),
      scopeHint(found),
    ),
    found.suspicious.length > 0
      ? foundCard(
        "suspicious-title", "Worth a look",
        p({ class: "hint" }, suspiciousHint),
        share(found.suspicious.map(kindRow)),
      )
      : null,
    found.languages.length > 0
      ? foundCard("languages-title", "Languages", share(byCount(found.languages).map(languageRow)))
      : null,
    found.notes.length > 0
      ? foundCard("notes-title", "Noted while reading", share(byCount(found.notes).map(noteRow)))
      : null,
  ];
}

const kindRow = (one) => ({ ...one, words: kindWords(one.kind), more: counted(one.occurrences, "place") });
const languageRow = (one) => ({ ...one, words: languageWords(one.code) });
const noteRow = (one) => ({ ...one, words: one.words ?? one.code });
const byCount = (rows) => [...rows].sort((a, b) => b.documents - a.documents);

function scopeHint(found) {
  const words = [
    found.complete ? null : `Only ${counted(found.documents, "document")} were looked through.`,
    found.unscreened > 0 ? `Not looked through: ${counted(found.unscreened, "document")}.` : null,
  ].filter(Boolean);
  return words.length > 0 ? p({ class: "hint" }, words.join(" ")) : null;
}

/** `{words, documents, more}` as rows with a bar each, out of `total` documents. */
export function shareRows(rows, total) {
  return ul(
    { class: "share-rows" },
    rows.map(({ words, documents, more }) => li(
      span({ class: "share-words" }, words),
      span({ class: "share-count" }, counted(documents, "document"), more ? ` · ${more}` : null),
      bar({ "aria-hidden": "true", max: String(Math.max(1, total)), value: String(documents) }),
    )),
  );
}
