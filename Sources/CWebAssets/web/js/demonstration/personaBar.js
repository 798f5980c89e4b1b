// One line that says with whose eyes a demonstration is seen, and lets one be somebody else.
import { tags } from "../base/dom.js";
import { problemFrom, problemView } from "../base/problem.js";
import { session } from "../base/session.js";
import { signal } from "../base/state.js";
import { become, described, personas } from "./personas.js";

const { div, label, select, option, a } = tags;

/** Nothing where no demonstration is loaded. */
export function personaBar(left) {
  const people = signal([]);
  const problem = signal(null);
  personas({ signal: left }).then((found) => people.set(found));
  const change = async (event) => {
    if (!event.target.value) return;
    try {
      await become(event.target.value);
      location.reload();
    } catch (failure) {
      problem.set(problemFrom(failure));
    }
  };
  return () =>
    people().length === 0
      ? null
      : div(
        { class: "persona-bar" },
        label({ for: "persona" }, "Demonstration: you are"),
        select(
          { id: "persona", class: "select quiet", onchange: change },
          choices(people()),
        ),
        a({ href: "#/two-chairs" }, "Ask as two people"),
        () => (problem() ? problemView(problem()) : null),
      );
}

function choices(people) {
  const name = session.peek()?.name;
  const isOne = people.some((one) => one.name === name);
  const own = isOne ? [] : [option({ value: "", selected: true }, name ? `${name}, who runs this server` : "yourself")];
  return [
    ...own,
    ...people.map((one) => option({ value: one.name, selected: one.name === name }, described(one))),
  ];
}
