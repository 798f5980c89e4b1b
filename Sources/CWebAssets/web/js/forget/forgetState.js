// A deletion as it happens: a pure step from state and event to state. Every number comes from the server's stores.
export const stepNames = ["rows", "key", "originals", "index", "tested", "recorded"];

/** Before the first event. */
export function begin() {
  return { done: {}, problem: null };
}

/** The state after the event `name` with the JSON value `payload`; unknown ones change nothing. */
export function apply(state, name, payload) {
  const step = name.replace(/^erasure\./, "");
  if (!name.startsWith("erasure.") || !stepNames.includes(step) || payload === null) return state;
  return { ...state, done: { ...state.done, [step]: payload } };
}

export function isLast(name) {
  return name === "erasure.recorded";
}

/** The rows of the page: what is counted, what happened to it, and whether it has happened. */
export function rowsOf({ done }) {
  const { rows, key, originals, index, tested, recorded } = done;
  return [
    row("passages", rows?.passages, rows, "passage", "passages", () => versionWords(rows.versions)),
    row("key", 1, key, "key", "keys", () => "destroyed: nothing that it sealed opens any more"),
    row("originals", originals?.originals, originals, "original", "originals", () => "deleted from the store"),
    row("vectors", index?.vectors, index, "vector", "vectors", () => "gone from the index and from memory"),
    row("postings", index?.postings, index, "posting", "postings", () => segmentWords(index.segments)),
    row("tested", 0, tested, "trace", "traces", () => "left: every store was asked again"),
    row("recorded", recorded?.auditEntry, recorded, "entry", "entry", () => "of the audit log says so, for good"),
  ];
}

function versionWords(count) {
  return `of ${count === 1 ? "one version" : `${count} versions`}: nobody finds them any more`;
}

function segmentWords(segments) {
  if (!segments) return "gone; no sealed segment held any";
  return `gone; ${segments === 1 ? "one sealed segment was" : `${segments} sealed segments were`} written anew`;
}

function row(id, count, isDone, one, many, words) {
  if (!isDone) return { id, isDone: false, number: "", noun: many, words: "" };
  const number = (id === "recorded" ? "#" : "") + (count ?? 0).toLocaleString();
  return { id, isDone: true, number, noun: count === 1 ? one : many, words: words() };
}
