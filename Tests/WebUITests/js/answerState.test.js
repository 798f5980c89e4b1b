import {
  apply,
  begin,
  citationNumbered,
  citationsByDocument,
  documentCount,
  fail,
  isLast,
  isOpen,
} from "../../../Sources/CWebAssets/web/js/ask/answerState.js";
import { equal, test } from "./harness.js";

const citation = (number, document = "doc_1") => [
  "answer.citation",
  { number, document, quote: "q", heading: ["A", "B"] },
];
const sentence = (index, citations) => ["answer.sentence", { index, text: `s${index}`, kind: "quoted", citations }];
const run = (...events) => events.reduce((state, [name, payload]) => apply(state, name, payload), begin("why?"));

test("a whole answer", () => {
  const state = run(
    ["answer.started", { answer: "ans_1" }], citation(1), sentence(0, [1]), citation(2, "doc_2"), sentence(1, [2]),
    ["answer.finished", { elapsedMilliseconds: 12 }],
  );
  equal([state.phase, state.answer, state.elapsedMilliseconds], ["answered", "ans_1", 12]);
  equal(state.sentences.map((one) => one.text), ["s0", "s1"]);
  equal([documentCount(state), citationNumbered(state, 2).heading, isOpen(state)], [2, "A › B", false]);
});

test("events that come twice or late change nothing for the worse", () => {
  const state = run(citation(1), sentence(1, [1]), sentence(0, [1]), sentence(1, [1]), citation(1));
  equal(state.sentences.map((one) => one.index), [0, 1]);
  equal(state.citations.length, 1);
});

test("a withdrawn answer leaves nothing, and nothing brings it back", () => {
  const state = run(citation(1), sentence(0, [1]), ["answer.withdrawn", {}], sentence(1, [1]), citation(2));
  equal([state.phase, state.sentences, state.citations], ["withdrawn", [], []]);
});

test("one withdrawn sentence takes its citation with it and is counted", () => {
  const state = run(
    citation(1), sentence(0, [1]), citation(2), sentence(1, [2]),
    ["answer.withdrawn", { index: 0 }], ["answer.finished", {}],
  );
  equal([state.phase, state.withdrawn], ["answered", [0]]);
  equal([state.sentences.map((one) => one.index), state.citations.map((one) => one.number)], [[1], [2]]);
});

test("an answer that lost every sentence is withdrawn", () => {
  equal(run(["answer.withdrawn", { index: 0 }], ["answer.finished", {}]).phase, "withdrawn");
});

test("an end tells what was held back, what came nearest and where the time went", () => {
  const trace = { steps: [{ name: "embed", microseconds: 900 }, { name: "x" }], auditEntry: 7 };
  const state = run(citation(1), sentence(0, [1]), ["answer.finished", { withheld: 2, trace }]);
  equal([state.withheld, state.trace], [2, { steps: [trace.steps[0]], auditEntry: 7 }]);
  const nearest = [{ number: 1, document: "doc_9", heading: ["A"] }, { number: "x" }, null];
  equal(run(["answer.declined", { nearest }]).nearest.map((one) => one.document), ["doc_9"]);
  equal(run(sentence(0, [1]), ["answer.stopped", {}]).phase, "stopped");
  const failed = run(sentence(0, [1]), ["answer.failed", { message: "gone" }]);
  equal([failed.phase, failed.problem.detail, failed.sentences.length], ["failed", "gone", 1]);
});

test("declined", () => {
  equal(run(["answer.declined", { message: "no" }]).phase, "declined");
});

test("what ends a stream", () => {
  equal(["answer.finished", "answer.declined", "answer.failed", "answer.sentence", "toString"].map((name) => isLast(name, {})),
    [true, true, true, false, false]);
  equal([isLast("answer.withdrawn", { index: 1 }), isLast("answer.withdrawn", {})], [false, true]);
});

test("unknown events and payloads of the wrong type are dropped", () => {
  const before = begin("why?");
  const hostile = [
    [
      "answer.script",
      { code: "x" },
    ], ["constructor", {}], ["__proto__", {}], ["toString", {}], ["answer.sentence", null],
    ["answer.sentence", "x"], ["answer.sentence", { index: "0", text: "x" }], ["answer.citation", { number: "1" }],
  ];
  for (const [name, payload] of hostile) equal(apply(before, name, payload), before);
});

test("citations are grouped by document, in the order of the answer", () => {
  const state = run(citation(1, "b"), citation(2, "a"), citation(3, "b"));
  equal(citationsByDocument(state).map((group) => group.map((one) => one.number)), [[1, 3], [2]]);
});

test("a failure keeps the sentences that arrived", () => {
  const state = fail(run(citation(1), sentence(0, [1])), { title: "x" });
  equal([state.phase, state.sentences.length], ["failed", 1]);
});
