// Who may see a document, and the rule that says so; asked for only when somebody wants to know.
import { get } from "../base/api.js";
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { problemFrom, problemView } from "../base/problem.js";
import { session } from "../base/session.js";
import { signal } from "../base/state.js";

const { details, summary, div, p, code } = tags;

/** A disclosure that loads `/documents/{id}/access` the first time it is opened. */
export function accessPanel(id) {
  const access = signal(null);
  const problem = signal(null);
  const load = (event) => {
    if (!event.target.open || access.peek()) return;
    problem.set(null);
    get(`/documents/${id}/access`).then(access.set, (failure) => problem.set(problemFrom(failure)));
  };
  return details(
    { class: "access", ontoggle: load },
    summary(icon("lock"), "Why you may see this"),
    div(() => (problem() ? problemView(problem()) : access() ? rule(access()) : p({ class: "working" }, "Asking"))),
  );
}

function rule(access) {
  return [
    p(access.granted ? "You may see this document, by this rule:" : "You may not see this document, by this rule:"),
    p({ class: "access-rule" }, code((access.rule ?? "").replaceAll(session.peek()?.subject ?? "\0", "you"))),
  ];
}
