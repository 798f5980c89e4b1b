// "What would somebody see?": how much of a source the rules of this moment let one person read.
import { get, withQuery } from "../base/api.js";
import { tags } from "../base/dom.js";
import { ofTotal } from "../base/format.js";
import { nameOf, personQuestion } from "../people/personQuestion.js";

const { p } = tags;

/** A choice of people, and the number for the chosen one. `id` is the source. */
export function visiblePanel(id, left) {
  const path = `/sources/${encodeURIComponent(id)}/visible`;
  return personQuestion({
    id: "visible-person", left,
    ask: (person) => get(withQuery(path, { subject: person.id }), { signal: left }),
    show: (found, person) => p({ class: "visible-answer" }, visibleWords({ ...found, name: nameOf(person) })),
  });
}

/** "Anna sees 12 of 40 documents." */
export function visibleWords({ name, visible, documents }) {
  return `${name} sees ${ofTotal(visible, documents)} ${documents === 1 ? "document" : "documents"}.`;
}
