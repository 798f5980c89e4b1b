// How a job is said in words. Pure.
import { optionWords } from "../sources/sourceWords.js";

const states = {
  queued: { words: "Waiting", kind: "waiting", picture: "clock" },
  leased: { words: "Running", kind: "working", picture: "sync" },
  retrying: { words: "Tried again soon", kind: "working", picture: "clock" },
  succeeded: { words: "Done", kind: "good", picture: "check" },
  dead: { words: "Failed", kind: "bad", picture: "warning" },
  cancelled: { words: "Cancelled", kind: "waiting", picture: "close" },
};

/** The states in the order in which people are offered them. */
export const stateNames = Object.keys(states);

/** `{words, kind, picture}` of the badge of a job. */
export function stateOf(name) {
  return Object.hasOwn(states, name) ? states[name] : states.queued;
}

const kinds = { "library.ingest": "Reading a document", "intake.sync": "Reading a source" };

/** "Reading a document"; what kind of work it is. */
export function kindWords(kind) {
  return Object.hasOwn(kinds, kind) ? kinds[kind] : optionWords(kind.replaceAll(".", " "));
}

/** What it is called; the title is told only to whom the job belongs. */
export function titleOf(job) {
  return job.title || kindWords(job.kind);
}

/** The page of what a job is about; null when it has none. */
export function addressOf({ resource }) {
  const id = encodeURIComponent(resource ?? "");
  if (id.startsWith("doc_")) return `#/documents/${id}`;
  return id.startsWith("src_") ? `#/sources/${id}` : null;
}

/** "cancel", "retry" or null: what a person can do with a job in this state. */
export function actionOf(state) {
  if (state === "dead" || state === "cancelled") return "retry";
  return state === "succeeded" ? null : "cancel";
}
