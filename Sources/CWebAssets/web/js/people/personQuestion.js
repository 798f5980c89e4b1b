// A question about somebody: a choice of people, and the answer for the chosen one. For those who may read about users.
import { get, withQuery } from "../base/api.js";
import { tags } from "../base/dom.js";
import { problemFrom, problemView } from "../base/problem.js";
import { signal } from "../base/state.js";

const { div, label, select, option } = tags;
const pageSize = 200;
const pagesMax = 10;

/**
 * `ask(person)` promises what `show(answer, person)` gives nodes for. `id` is the control's, `words` its label, `none`
 * what is chosen at first; the list ends with the page.
 */
export function personQuestion({ id, words = "Person", none = "Choose somebody", ask, show, left }) {
  const people = signal([]);
  const [answer, problem] = [signal(null), signal(null)];
  loadPeople(left).then(people.set, (failure) => problem.set(problemFrom(failure)));
  const choose = chooser({ ask, answer, problem });
  return div(
    { class: "person-question" },
    div(
      { class: "field" },
      label({ for: id }, words),
      select(
        {
          id, class: "select",
          onchange: (event) => choose(people.peek().find((one) => one.id === event.target.value) ?? null),
        },
        option({ value: "" }, none),
        () => people().map((one) => option({ value: one.id }, nameOf(one))),
      ),
    ),
    div({ role: "status" }, () => (answer() ? show(answer().found, answer().person) : null)),
    () => (problem() ? problemView(problem()) : null),
  );
}

/** Asks about a person, or about nobody; a slow answer about somebody who is not chosen any more is not shown. */
export function chooser({ ask, answer, problem }) {
  let turn = 0;
  return async (person) => {
    const mine = (turn += 1);
    answer.set(null);
    problem.set(null);
    if (!person) return;
    try {
      const found = await ask(person);
      if (mine === turn) answer.set({ person, found });
    } catch (failure) {
      if (mine === turn) problem.set(problemFrom(failure));
    }
  };
}

/** What people call this person. */
export function nameOf(person) {
  return person.displayName || person.name || "This person";
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
