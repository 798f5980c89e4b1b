// The answer first: sentences in the words of the documents, each with the numbers of its citations.
import { keyed, tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { counted, seconds } from "../base/format.js";
import { problemView } from "../base/problem.js";
import { sourceAddress } from "./evidencePanel.js";
import { traceView } from "./traceView.js";
import { citationNumbered, citationsByDocument, documentCount, isOpen } from "./answerState.js";

const { article, h2, p, div, ol, li, button, span, a, strong } = tags;

/**
 * The answer of the signal `state`; `onCitation(number, chip)` opens evidence, `chosen` is the number that is open,
 * `id` names it among others on its page.
 */
export function answerView({ state, chosen, onCitation, onRetry, canAddDocuments, id = "answer-question" }) {
  return article(
    { class: "answer", "aria-labelledby": id, "aria-busy": () => String(isOpen(state())) },
    h2({ id, class: "answer-question" }, () => state().question),
    keyed(
      div({ class: "answer-sentences", "aria-live": "polite", "aria-relevant": "additions" }),
      () => state().sentences,
      (sentence) => sentence.index,
      (sentence) => sentenceView(sentence, state, chosen, onCitation),
    ),
    () => outcome(state(), onRetry, canAddDocuments),
    () => sources(state(), chosen, onCitation),
  );
}

function sentenceView(sentence, state, chosen, onCitation) {
  const isChosen = () => sentence().citations.includes(chosen());
  return p(
    { class: () => (isChosen() ? "sentence chosen" : "sentence") },
    span({ class: "sentence-text" }, () => sentence().text),
    () => sentence().citations.map((number) => ["\u00a0", chip(number, state, chosen, onCitation)]),
  );
}

function chip(number, state, chosen, onCitation) {
  return button(
    {
      type: "button",
      class: "citation-chip",
      "data-citation": String(number),
      "aria-label": () => `Citation ${number}: ${citationNumbered(state(), number)?.title ?? "source"}`,
      "aria-expanded": () => String(chosen() === number),
      "aria-controls": "evidence",
      onclick: (event) => onCitation(number, event.currentTarget),
    },
    String(number),
  );
}

function outcome(state, onRetry, canAddDocuments) {
  if (state.phase === "waiting") return working("Looking through the documents that you may read");
  if (state.phase === "streaming") return working("Reading on");
  if (state.phase === "declined") return [declined(state, canAddDocuments), traceView(state.trace)];
  if (state.phase === "withdrawn") return withdrawn(state, onRetry);
  if (state.phase === "failed") return problemView(state.problem, onRetry);
  if (state.phase === "stopped") return p({ class: "answer-facts" }, "Stopped. What you see is not the whole answer.");
  return [p({ class: "answer-facts" }, icon("check"), facts(state)), lost(state), heldBack(state), traceView(state.trace)];
}

function heldBack(state) {
  if (state.withheld === 0) return null;
  const words = `${counted(state.withheld, "sentence")} held back: nothing in the documents supports ` +
    (state.withheld === 1 ? "it." : "them.");
  return p({ class: "answer-facts" }, icon("lock"), words);
}

function lost(state) {
  const count = state.withdrawn.length;
  if (count === 0) return null;
  const words = `${counted(count, "sentence")} left out: the source is no longer open to you.`;
  return p({ class: "answer-facts" }, icon("lock"), words);
}

function working(words) {
  return p({ class: "working" }, span({ class: "working-dots", "aria-hidden": "true" }), words);
}

function facts(state) {
  const quoted = state.sentences.every((sentence) => sentence.kind === "quoted");
  const count = counted(state.sentences.length, "sentence");
  const claim = quoted ? `${count}, quoted word for word` : `${count}, each with its evidence`;
  const elapsed = state.elapsedMilliseconds === null ? "" : ` · ${seconds(state.elapsedMilliseconds)}`;
  return `${claim} from ${counted(documentCount(state), "document")}${elapsed}`;
}

function declined(state, canAddDocuments) {
  return div(
    { class: "outcome declined", role: "status" },
    icon("search"),
    div(
      p({ class: "outcome-title" }, strong("Not in your documents")),
      p("Nothing that you may read answers this question, so there is no answer to show."),
      ul(
        "Ask with the words that the document would use.",
        canAddDocuments && ["Add the document that holds the answer in the ", a({ href: "#/library" }, "Library"), "."],
        "If it exists, you may not be allowed to see it: ask its owner.",
      ),
      nearest(state.nearest),
    ),
  );
}

/** What came nearest, for the person to judge: each document once. */
function nearest(citations) {
  const first = citations.filter((one, index) => citations.findIndex((other) => other.document === one.document) === index);
  if (first.length === 0) return null;
  return div(
    { class: "nearest" },
    p("What came nearest:"),
    ul(...first.map((one) => a({ href: sourceAddress(one) }, one.title || one.path, below(one)))),
  );
}

/** The headings under the title, where they say more than it. */
function below({ heading, title }) {
  return heading && heading !== title ? ` › ${heading}` : null;
}

function ul(...items) {
  return tags.ul(items.filter(Boolean).map((item) => li(item)));
}

function withdrawn(state, onRetry) {
  return div(
    { class: "outcome withdrawn", role: "status" },
    icon("lock"),
    div(
      p({ class: "outcome-title" }, strong("This answer was withdrawn")),
      p(state.message || "Your rights changed while it was being written, so it was taken off this page."),
      button({ type: "button", class: "button quiet", onclick: onRetry }, "Ask again with the rights you have now"),
    ),
  );
}

/** One entry for each document, with the numbers that it stands behind. */
function sources(state, chosen, onCitation) {
  if (state.citations.length === 0) return null;
  return ol(
    { class: "source-list", "aria-label": "Sources" },
    citationsByDocument(state).map((citations) => sourceEntry(citations, chosen, onCitation)),
  );
}

function sourceEntry(citations, chosen, onCitation) {
  const [first] = citations;
  const isChosen = () => citations.some((citation) => citation.number === chosen());
  return li(
    button(
      {
        type: "button",
        class: "source-entry",
        "aria-expanded": () => String(isChosen()),
        "aria-controls": "evidence",
        onclick: (event) => onCitation(first.number, event.currentTarget),
      },
      span(
        { class: "source-numbers" },
        citations.map(({ number }) => span(
          { class: () => (chosen() === number ? "citation-number chosen" : "citation-number"), "aria-hidden": "true" },
          String(number),
        )),
      ),
      span({ class: "source-title" }, first.title || first.path),
      span({ class: "source-path" }, first.path),
    ),
  );
}
