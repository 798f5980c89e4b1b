// What the test of a connection found, step by step.
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { stepWords } from "./sourceWords.js";

const { div, ol, li, p, span, strong } = tags;

/** `report` is `{good, steps: [{step, good, sentence}]}`. */
export function connectionSteps(report) {
  return div(
    { class: "connection" },
    p({ class: "connection-title" }, report.good ? "The connection works." : "The connection does not work yet."),
    ol({ class: "connection-steps" }, report.steps.map(step)),
  );
}

function step({ step: name, good, sentence }) {
  return li(
    { class: good ? "good" : "bad" },
    icon(good ? "check" : "close"),
    div(
      strong(stepWords(name)),
      span({ class: "visually-hidden" }, good ? ": good. " : ": failed. "),
      span({ class: "connection-sentence" }, sentence),
    ),
  );
}
