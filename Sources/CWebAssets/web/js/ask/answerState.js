// An answer as it arrives: a pure step from state and event to state. Events may come twice after a broken connection
// and in any order that the stream's contract allows; unknown ones are dropped, because what a server sends is data.

const endings = { "answer.finished": 1, "answer.declined": 1, "answer.stopped": 1, "answer.failed": 1 };

/** True for an event after which nothing follows. */
export function isLast(name, payload) {
  return Object.hasOwn(endings, name) || (name === "answer.withdrawn" && !hasIndex(payload));
}

/** The state of a question that was just asked. */
export function begin(question) {
  return {
    phase: "waiting", question, answer: null, conversation: null, answerer: "", sentences: [], citations: [],
    withdrawn: [], withheld: 0, nearest: [], trace: null, message: "", elapsedMilliseconds: null, problem: null,
  };
}

/** The state after the event `name` with the JSON value `payload`. */
export function apply(state, name, payload) {
  if (state.phase === "withdrawn" || payload === null || typeof payload !== "object") return state;
  return Object.hasOwn(steps, name) ? steps[name](state, payload) : state;
}

/** The state after the stream failed; sentences that arrived stay. */
export function fail(state, problem) {
  return { ...state, phase: "failed", problem };
}

/** The state after the person pressed Stop. */
export function stop(state) {
  return { ...state, phase: "stopped" };
}

/** True while sentences may still come. */
export function isOpen(state) {
  return state.phase === "waiting" || state.phase === "streaming";
}

/** The citations in groups of one document, in the order in which the answer names them first. */
export function citationsByDocument(state) {
  const groups = new Map();
  for (const citation of state.citations) {
    groups.set(citation.document, [...(groups.get(citation.document) ?? []), citation]);
  }
  return [...groups.values()];
}

/** How many different documents the citations name. */
export function documentCount(state) {
  return citationsByDocument(state).length;
}

/** The citation with this number, or undefined. */
export function citationNumbered(state, number) {
  return state.citations.find((citation) => citation.number === number);
}

const steps = {
  "answer.started": (state, payload) => ({
    ...state,
    answer: text(payload.answer) || state.answer,
    conversation: text(payload.conversation) || state.conversation,
    answerer: text(payload.answerer),
  }),
  "answer.citation": (state, payload) =>
    Number.isInteger(payload.number)
      ? { ...state, citations: inserted(state.citations, citation(payload), (citation) => citation.number) }
      : state,
  "answer.sentence": (state, payload) =>
    Number.isInteger(payload.index) && typeof payload.text === "string"
      ? { ...state, phase: "streaming", sentences: inserted(state.sentences, sentence(payload), (one) => one.index) }
      : state,
  "answer.declined": (state, payload) => ({
    ...state, ...ending(payload), phase: "declined", sentences: [], citations: [], message: text(payload.message),
    nearest: Array.isArray(payload.nearest) ? payload.nearest.filter(isCitation).map(citation) : [],
  }),
  "answer.stopped": (state, payload) => ({ ...state, ...ending(payload), phase: "stopped" }),
  "answer.failed": (state, payload) => ({
    ...state, phase: "failed", problem: { title: "The answer broke off.", detail: text(payload.message) },
  }),
  "answer.finished": (state, payload) => ({
    ...state,
    ...ending(payload),
    phase: state.sentences.length === 0 && state.withdrawn.length > 0 ? "withdrawn" : "answered",
    elapsedMilliseconds: Number.isFinite(payload.elapsedMilliseconds) ? payload.elapsedMilliseconds : null,
  }),
  // What the reader may no longer see leaves the page as well: one sentence, or all of them.
  "answer.withdrawn": (state, payload) => (hasIndex(payload) ? withoutSentence(state, payload.index) : {
    ...state, phase: "withdrawn", sentences: [], citations: [], message: text(payload.message),
  }),
};

/** What every end tells: how much was held back, and how long each step took. */
function ending(payload) {
  return { withheld: Number.isInteger(payload.withheld) ? payload.withheld : 0, trace: traceOf(payload.trace) };
}

function traceOf(trace) {
  const steps = Array.isArray(trace?.steps) ? trace.steps.filter(isStep) : [];
  return steps.length === 0 ? null : { steps, auditEntry: Number.isInteger(trace.auditEntry) ? trace.auditEntry : null };
}

function isStep(step) {
  return typeof step?.name === "string" && Number.isFinite(step.microseconds);
}

function isCitation(value) {
  return Number.isInteger(value?.number) && typeof value.document === "string";
}

function withoutSentence(state, index) {
  const sentences = state.sentences.filter((one) => one.index !== index);
  const cited = new Set(sentences.flatMap((one) => one.citations));
  const lost = new Set(state.sentences.find((one) => one.index === index)?.citations ?? []);
  return {
    ...state,
    sentences,
    citations: state.citations.filter((one) => cited.has(one.number) || !lost.has(one.number)),
    withdrawn: [...new Set([...state.withdrawn, index])],
  };
}

function hasIndex(payload) {
  return Number.isInteger(payload?.index);
}

function sentence(payload) {
  const citations = Array.isArray(payload.citations) ? payload.citations.filter(Number.isInteger) : [];
  return { index: payload.index, text: payload.text, kind: text(payload.kind), citations };
}

/** The heading path may come as a list or as one text. */
function citation(payload) {
  const heading = Array.isArray(payload.heading) ? payload.heading.join(" › ") : text(payload.heading);
  return { ...payload, heading };
}

/** `list` with `item` in its place by key; one with the same key is replaced. */
function inserted(list, item, keyOf) {
  const others = list.filter((other) => keyOf(other) !== keyOf(item));
  return [...others, item].sort((left, right) => keyOf(left) - keyOf(right));
}

function text(value) {
  return typeof value === "string" ? value : "";
}
