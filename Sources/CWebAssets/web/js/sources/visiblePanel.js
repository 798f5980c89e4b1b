// "What would somebody see?": how much of a source the rules of this moment let one person read.
import { get, withQuery } from "../base/api.js";
import { tags } from "../base/dom.js";
import { ofTotal } from "../base/format.js";
import { problemFrom, problemView } from "../base/problem.js";
import { signal } from "../base/state.js";

const { div, label, select, option, p } = tags;
const pageSize = 200;
const pagesMax = 10;

/** A choice of people, and the number for the chosen one. `id` is the source. */
export function visiblePanel(id, left) {
  const people = signal([]);
  const answer = signal(null);
  const problem = signal(null);
  const attempt = async (act) => {
    problem.set(null);
    try {
      await act();
    } catch (failure) {
      problem.set(problemFrom(failure));
    }
  };
  const ask = (event) => attempt(async () => {
    const subject = event.target.value;
    answer.set(null);
    if (!subject) return;
    const found = await get(withQuery(`/sources/${encodeURIComponent(id)}/visible`, { subject }), { signal: left });
    // A slow answer about somebody who is not chosen any more is not shown.
    if (event.target.value === subject) answer.set({ ...found, name: nameOf(people.peek(), subject) });
  });
  attempt(async () => people.set(await loadPeople(left)));
  return div(
    { class: "visible-panel" },
    div(
      { class: "field" },
      label({ for: "visible-person" }, "Person"),
      select(
        { id: "visible-person", class: "select", onchange: ask },
        option({ value: "" }, "Choose somebody"),
        () => people().map((one) => option({ value: one.id }, one.displayName || one.name)),
      ),
    ),
    div({ role: "status" }, () => (answer() ? p({ class: "visible-answer" }, visibleWords(answer())) : null)),
    () => (problem() ? problemView(problem()) : null),
  );
}

/** "Anna sees 12 of 40 documents." */
export function visibleWords({ name, visible, documents }) {
  return `${name} sees ${ofTotal(visible, documents)} ${documents === 1 ? "document" : "documents"}.`;
}

async function loadPeople(left) {
  const found = [];
  let cursor = null;
  for (let page = 0; page < pagesMax && cursor !== undefined; page += 1) {
    const reply = await get(withQuery("/users", { limit: pageSize, cursor }), { signal: left });
    found.push(...reply.items);
    cursor = reply.next;
  }
  return found;
}

function nameOf(people, subject) {
  const one = people.find((person) => person.id === subject);
  return one?.displayName || one?.name || "This person";
}
