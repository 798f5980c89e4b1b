// Who may see a document, and the rule that says so; asked for only when somebody wants to know.
import { get, withQuery } from "../base/api.js";
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { problemFrom, problemView } from "../base/problem.js";
import { may, session } from "../base/session.js";
import { signal } from "../base/state.js";
import { nameOf, personQuestion } from "../people/personQuestion.js";

const { details, summary, div, p, code } = tags;

/** A disclosure that loads `/documents/{id}/access` the first time it is opened. `id` is fit for an address. */
export function accessPanel(id, left) {
  const access = signal(null);
  const problem = signal(null);
  const opened = signal(false);
  const load = (event) => {
    if (!event.target.open || access.peek()) return;
    opened.set(true);
    problem.set(null);
    get(`/documents/${id}/access`, { signal: left })
      .then(access.set, (failure) => problem.set(problemFrom(failure)));
  };
  return details(
    { class: "access", ontoggle: load },
    summary(icon("lock"), "Why you may see this"),
    div(() => {
      if (problem()) return problemView(problem());
      return access() ? ruleView(access(), { id: session.peek()?.subject }) : p({ class: "working" }, "Asking");
    }),
    () => (opened() && may("users.read") ? aboutOthers(id, left) : null),
  );
}

function aboutOthers(id, left) {
  return personQuestion({
    id: "access-person", words: "And somebody else?", left,
    ask: (person) => get(withQuery(`/documents/${id}/access`, { subject: person.id }), { signal: left }),
    show: (found, person) => ruleView(found, person),
  });
}

function ruleView(access, person) {
  const { sentence, rule } = ruleWords(access, person, session.peek()?.subject);
  return [p(sentence), p({ class: "access-rule" }, code(rule))];
}

/** The rule with a name in the place of the person's identifier; `reader` is who asks. */
export function ruleWords(access, person, reader) {
  const isReader = person.id === reader;
  const name = isReader ? "you" : nameOf(person);
  const who = isReader ? "You" : name;
  return {
    sentence: `${who} ${access.granted ? "may" : "may not"} see this document, by this rule:`,
    rule: (access.rule ?? "").replaceAll(person.id ?? "\0", () => name),
  };
}
