// What is set for a source, for those who look; secrets are only said to be set.
import { tags } from "../base/dom.js";
import { ageWords, everyWords, optionWords, peopleWords, valueWords } from "./sourceWords.js";

const { dl, dt, dd, a, span } = tags;

/** Facts of the signal `one`; `kind` is its kind and `collection` its collection, each null while unknown. */
export function sourceFacts(one, kind, collection) {
  const known = one.peek();
  return dl(
    { class: "facts" },
    fact("Kind", kind?.title ?? known.kind),
    fact("Documents", () => one().documents.toLocaleString()),
    fact("Not taken in", () => one().problems.toLocaleString()),
    fact("Current to", () => ageWords(one().lagSeconds)),
    fact("Runs", everyWords(known.every)),
    fact("Collection", collectionLink(known.collection, collection)),
    fact("Who may see it", peopleWords(known.people, kind)),
    namesOf(known, kind).map((name) => fact(optionWords(name), settingView(known, name))),
  );
}

/** The settings that have a value, in the order of the form. */
function namesOf({ options, secrets }, kind) {
  const set = [...Object.keys(options), ...secrets];
  return kind ? kind.options.map((option) => option.name).filter((name) => set.includes(name)) : set;
}

function settingView({ options, secrets }, name) {
  return secrets.includes(name) ? "Set" : span({ class: "fact-value" }, valueWords(options[name]));
}

function fact(words, value) {
  return [dt(words), dd(value)];
}

function collectionLink(id, collection) {
  return collection ? a({ href: `#/library/${encodeURIComponent(id)}` }, collection.name) : "Not shared with you";
}
