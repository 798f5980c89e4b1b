// Which answers rest on a document: for those who review answers, and only when they ask, because asking is recorded.
import { get } from "../base/api.js";
import { tags } from "../base/dom.js";
import { ago, counted } from "../base/format.js";
import { icon } from "../base/icon.js";
import { problemFrom, problemView } from "../base/problem.js";
import { signal } from "../base/state.js";
import { nameOf } from "../people/personQuestion.js";

const { details, summary, div, p, ul, li, span, time } = tags;
const shownMax = 20;

/** A disclosure that loads `/documents/{id}/answers` the first time it is opened. `id` is fit for an address. */
export function lineagePanel(id, left) {
  const lineage = signal(null);
  const problem = signal(null);
  const load = (event) => {
    if (!event.target.open || lineage.peek()) return;
    problem.set(null);
    get(`/documents/${id}/answers`, { signal: left })
      .then(lineage.set, (failure) => problem.set(problemFrom(failure)));
  };
  return details(
    { class: "access lineage", ontoggle: load },
    summary(icon("question"), "Answers that rest on this"),
    div(() => {
      if (problem()) return problemView(problem());
      return lineage() ? lineageView(lineage(), personNames(lineage(), left)) : p({ class: "working" }, "Asking");
    }),
  );
}

/** `nameOfSubject(id)` is followed: names may come later. */
export function lineageView({ items, whole }, nameOfSubject) {
  if (items.length === 0) return p({ class: "hint" }, "None so far.");
  const people = new Set(items.map((one) => one.subject)).size;
  const shown = items.slice(0, shownMax);
  return [
    p({ class: "lineage-count" },
      `${whole ? "" : "More than "}${counted(items.length, "answer")} of ${counted(people, "person", "people")}. ` +
      "What was asked stays with whoever asked."),
    ul({ class: "lineage-list" }, shown.map((one) => li(
      { "data-answer": one.answer },
      time({ datetime: one.asked }, ago(one.asked)),
      span(() => nameOfSubject(one.subject)),
      span({ class: "hint" }, counted(one.citations, "citation")),
    ))),
    items.length > shown.length ? p({ class: "hint" }, `The newest ${shown.length}.`) : null,
  ];
}

/** Looked up once a person; who may not be looked up, or is gone, is a former or unknown person. */
function personNames({ items }, left) {
  const names = new Map();
  for (const { subject } of items.slice(0, shownMax)) {
    if (names.has(subject)) continue;
    const name = signal("");
    names.set(subject, name);
    get(`/users/${encodeURIComponent(subject)}`, { signal: left })
      .then((found) => name.set(nameOf(found)), () => name.set("Somebody who is not here any more"));
  }
  return (subject) => names.get(subject)?.() ?? "";
}
