// Documents that wait until a person has looked at what was found in them: let in, or refused.
import { post } from "../base/api.js";
import { confirmDialog } from "../base/dialog.js";
import { keyed, tags } from "../base/dom.js";
import { ofTotal } from "../base/format.js";
import { announce } from "../base/notice.js";
import { problemFrom, problemView } from "../base/problem.js";
import { may } from "../base/session.js";
import { signal } from "../base/state.js";
import { findingsWords } from "./foundWords.js";
import { heldText } from "./heldText.js";

const { div, ul, li, span, p, button } = tags;

/**
 * `waiting()` is `GET /collections/{id}/quarantine`; `onDecided(version)` takes one out of it. Whoever may not add
 * documents may not let one in either.
 */
export function reviewList(waiting, onDecided, send = sendDecision) {
  const problem = signal(null);
  const busy = new Set();
  const decided = (one, words) => {
    leave(one, onDecided);
    announce(`${words}: ${titleOf(one)}.`);
  };
  const approve = async (one) => {
    if (busy.has(one.version)) return;
    busy.add(one.version);
    problem.set(null);
    try {
      await send(one, "approve");
      decided(one, "Let in");
    } catch (failure) {
      problem.set(problemFrom(failure));
    }
    busy.delete(one.version);
  };
  const refuse = async (one) => {
    if (await confirmRefusal(one, () => send(one, "reject"))) decided(one, "Refused");
  };
  return div(
    { class: "review" },
    () => (problem() ? problemView(problem()) : null),
    keyed(
      ul({ class: "review-list", "aria-labelledby": "review-title" }),
      () => waiting().items,
      (one) => one.version,
      (one) => row(one.peek(), may("documents.write") ? approve : null, refuse),
    ),
    () => (waiting().total > waiting().items.length
      ? p({ class: "hint" }, `The oldest ${ofTotal(waiting().items.length, waiting().total)}.`)
      : null),
  );
}

function confirmRefusal(one, submit) {
  return confirmDialog({
    title: `Refuse “${titleOf(one)}”?`,
    text: "This upload stays out of every answer. If nothing of it was let in before, it is deleted with its key. "
      + "This cannot be undone.",
    action: "Refuse",
    submit,
  });
}

function row(one, onApprove, onRefuse) {
  const title = titleOf(one);
  const act = (name, look, words, onclick) =>
    button({ type: "button", class: look, "data-act": name, "aria-label": `${words}: ${title}`, onclick }, words);
  return li(
    { class: "review-row", "data-version": one.version },
    div(
      { class: "review-name" },
      span({ class: "review-title" }, title),
      // What was never let in has no title yet.
      title === one.document.path ? null : span({ class: "review-path" }, one.document.path),
      span({ class: "review-findings" }, findingsWords(one.document.findings ?? []) || "Nothing was found in it"),
    ),
    div(
      { class: "review-actions" },
      onApprove ? act("approve", "button", "Let in", () => onApprove(one)) : null,
      act("reject", "button quiet danger-text", "Refuse", () => onRefuse(one)),
    ),
    heldText(one),
  );
}

/** The row goes; the focus goes on to the next one, or to the title of the page when it was the last. */
function leave(one, onDecided) {
  const gone = document.querySelector(`.review-row[data-version="${CSS.escape(one.version)}"]`);
  const next = gone?.nextElementSibling ?? gone?.previousElementSibling;
  onDecided(one.version);
  (next?.querySelector("button") ?? document.getElementById("page-title"))?.focus();
}

/** The version says what was looked at: a newer upload is not decided about by mistake. */
function sendDecision({ document: one, version }, decision) {
  return post(`/documents/${encodeURIComponent(one.id)}/review`, { decision, version });
}

function titleOf({ document: one }) {
  return one.title || one.path;
}
