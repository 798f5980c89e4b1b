// "Forget it": a document leaves, store by store, while its reader watches; then the last question is asked again.
import { post } from "../base/api.js";
import { tags } from "../base/dom.js";
import { follow, payloadOf } from "../base/events.js";
import { icon } from "../base/icon.js";
import { problemFrom, problemView } from "../base/problem.js";
import { computed, signal } from "../base/state.js";
import { recentQuestions } from "../ask/recentQuestions.js";
import { apply, begin, isLast, rowsOf } from "./forgetState.js";

const { section, h1, h2, p, ol, li, span, div, a, strong } = tags;

/** Deletes the document at once; `id` is fit for an address. */
export function forgetView(id, title, left) {
  const state = signal(begin());
  const again = signal(null);
  const question = recentQuestions.peek()[0] ?? null;
  run(id, state, left).then(() => {
    if (question && state.peek().done.recorded) askAgain(question, again, left);
  });
  const finished = computed(() => Boolean(state().done.recorded));
  return section(
    { class: "forget", "aria-labelledby": "page-title" },
    h1({ id: "page-title", tabindex: "-1" }, () => (finished() ? `“${title}” is forgotten` : `Forgetting “${title}”`)),
    () => (state().problem ? problemView(state().problem) : null),
    ol(
      { class: "forget-steps", "aria-live": "polite" },
      rowsOf(state.peek()).map((_, index) => stepRow(state, index)),
    ),
    () => (finished() && question ? askedAgain(question, again) : null),
    () => (finished() ? p(a({ class: "button", href: "#/library" }, "Back to the library")) : null),
  );
}

async function run(id, state, left) {
  try {
    await follow({
      first: ["DELETE", `/documents/${id}`, {}],
      onEvent: (event) => state.update((before) => apply(before, event.name, payloadOf(event))),
      isLast: (event) => isLast(event.name), signal: left,
    });
  } catch (failure) {
    const problem = problemFrom(failure);
    if (problem) state.update((before) => ({ ...before, problem }));
  }
}

async function askAgain(question, again, left) {
  try {
    again.set(await post("/ask", { question }, { signal: left }));
  } catch (failure) {
    const problem = problemFrom(failure);
    if (problem) again.set({ problem });
  }
}

function stepRow(state, index) {
  const row = computed(() => rowsOf(state())[index]);
  return li(
    { class: () => (row().isDone ? "forget-step done" : "forget-step"), "data-step": row.peek().id },
    span({ class: "forget-number" }, () => row().number),
    div(
      span({ class: "forget-noun" }, () => row().noun),
      span({ class: "forget-words" }, () => row().words),
    ),
    span({ class: "forget-mark" }, () => (row().isDone ? icon("check") : null)),
  );
}

function askedAgain(question, again) {
  return section(
    { class: "forget-again", "aria-labelledby": "again-title" },
    h2({ id: "again-title" }, "Asked again"),
    p({ class: "forget-question" }, question),
    div({ role: "status" }, () => (again() ? outcome(again()) : p({ class: "working" }, "Looking"))),
  );
}

/** Whatever it is now: another document may still answer. */
function outcome(answer) {
  if (answer.problem) return problemView(answer.problem);
  if (answer.declined) {
    const words = " Nothing you may read answers it any more.";
    return p({ class: "forget-declined" }, icon("check"), strong("Not in your documents."), words);
  }
  const [first] = answer.sentences ?? [];
  const source = (answer.citations ?? [])[0];
  return [
    p("Other documents still answer it:"),
    first ? p({ class: "sentence" }, first.text) : null,
    source ? p({ class: "hint" }, source.title || source.path) : null,
  ];
}
