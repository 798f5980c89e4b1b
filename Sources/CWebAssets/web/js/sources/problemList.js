// Documents of a source that could not be taken in, each with the reason and when it is tried again.
import { tags } from "../base/dom.js";
import { counted } from "../base/format.js";
import { retryWords } from "./sourceWords.js";

const { ul, li, span, p } = tags;

/** `problems` are `{path, reason, attempts, retry}`; `count` is how many there are in all. */
export function problemList(problems, count) {
  return [
    ul(
      { class: "problem-list", "aria-labelledby": "problems-title" },
      problems.map((one) => li(
        span({ class: "problem-path" }, one.path),
        span({ class: "problem-reason" }, one.reason),
        span({ class: "problem-retry" }, attemptsWords(one.attempts), retryWords(one.retry)),
      )),
    ),
    count > problems.length ? p({ class: "hint" }, `The first ${problems.length} of ${count.toLocaleString()}.`) : null,
  ];
}

function attemptsWords(attempts) {
  return attempts > 1 ? `${counted(attempts, "attempt")} so far. ` : null;
}
