// How a source is said in words. Pure: the states, ages and settings of the API in, sentences for people out.
import { counted } from "../base/format.js";

const states = {
  waiting: { words: "Current", kind: "good", picture: "check" },
  running: { words: "Reading", kind: "working", picture: "sync" },
  failing: { words: "Failing", kind: "bad", picture: "warning" },
  held: { words: "Needs a decision", kind: "working", picture: "decide" },
  paused: { words: "Paused", kind: "waiting", picture: "pause" },
  removing: { words: "Being deleted", kind: "waiting", picture: "trash" },
};
const notRead = { words: "Waiting", kind: "waiting", picture: "clock" };

/** `{words, kind, picture}` of the badge of a source; what has never been read to its end is not called current. */
export function stateOf({ state, current }) {
  if (state === "waiting" && !current) return notRead;
  return Object.hasOwn(states, state) ? states[state] : notRead;
}

/** "current to 3 minutes ago" from the age of what is known, in seconds; null before the first run has ended. */
export function currentWords(lagSeconds) {
  return isKnown(lagSeconds) ? `current to ${ageWords(lagSeconds)}` : "not read to its end yet";
}

/** "3 minutes ago". */
export function ageWords(lagSeconds) {
  if (!isKnown(lagSeconds)) return "Not read to its end yet";
  return lagSeconds < 60 ? "a moment ago" : `${durationWords(lagSeconds)} ago`;
}

/** 60 -> "Every minute", 300 -> "Every 5 minutes". */
export function everyWords(seconds) {
  const words = durationWords(seconds);
  return words.startsWith("1 ") ? `Every ${words.slice(2)}` : `Every ${words}`;
}

function isKnown(lagSeconds) {
  return typeof lagSeconds === "number";
}

/** 180 -> "3 minutes", in the largest unit that fits. */
export function durationWords(seconds) {
  if (seconds < 60) return counted(Math.round(seconds), "second");
  if (seconds < 3600) return counted(Math.round(seconds / 60), "minute");
  if (seconds < 86_400) return counted(Math.round(seconds / 3600), "hour");
  return counted(Math.round(seconds / 86_400), "day");
}

/** When a document that could not be taken in is tried again; without a time it is not before it changes there. */
export function retryWords(retry, now = Date.now()) {
  const time = Date.parse(retry ?? "");
  if (Number.isNaN(time)) return "Tried again when it changes at the source.";
  const seconds = (time - now) / 1000;
  return seconds < 60 ? "Tried again with the next run." : `Tried again in ${durationWords(seconds)}.`;
}

/** Who may see the documents of a source. */
export function peopleWords({ obeysSource, match }, kind) {
  if (!kind?.statesPermissions || !obeysSource) return "Everybody who may read the collection";
  if (match === "username") return "Whom the source admits, recognised by user name";
  if (match === "email") return "Whom the source admits, recognised by e-mail address";
  return "Whom the source admits, named one by one";
}

/** `access_key` -> "Access key". */
export function optionWords(name) {
  const words = name.replaceAll("_", " ");
  if (words.toLowerCase() === "url") return "URL";
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A stored setting as one line. */
export function valueWords(value) {
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return String(value);
}

const steps = {
  settings: "Settings", name: "Name of the server", connection: "Connection", certificate: "Certificate",
  credentials: "Credentials", listing: "List of documents", items: "Documents",
};

/** The name of a step of a connection test. */
export function stepWords(step) {
  return Object.hasOwn(steps, step) ? steps[step] : optionWords(step);
}

const fieldsByCode = {
  "intake.name_taken": "name", "intake.bad_name": "name", "intake.too_many": null, "intake.bad_interval": "every",
};

/**
 * The field of the form that a refusal is about: "name", "every", "kind", "collection" or `option.` with the name of
 * a setting; null when it is about the whole.
 */
export function fieldOfProblem(problem, options) {
  if (Object.hasOwn(fieldsByCode, problem.code)) return fieldsByCode[problem.code];
  if (problem.code !== "intake.settings") return null;
  const name = /^The setting (\S+) is /.exec(problem.detail)?.[1];
  return options.some((option) => option.name === name) ? `option.${name}` : null;
}
