// The audit log in words, and its search between form, address and API. Pure.

const names = ["action", "subject", "since", "until"];
const dayMilliseconds = 86_400_000;
const nouns = new Map([
  ["documents", "Document"], ["collections", "Collection"], ["folders", "Folder"], ["users", "Person"],
  ["groups", "Group"], ["keys", "Key"], ["sessions", "Session"], ["answers", "Answer"], ["audit", "Log"],
  ["jobs", "Job"], ["sources", "Source"], ["tenants", "Organisation"],
]);

/** What is looked for, each part a text that may be empty. */
export function filterOf(items) {
  return Object.fromEntries(names.map((name) => [name, String(items[name] ?? "").trim()]));
}

/** The query of the API: the last day counts as a whole. */
export function queryOf({ action, subject, since, until }) {
  const end = Date.parse(until);
  const before = Number.isNaN(end) ? "" : new Date(end + dayMilliseconds).toISOString().slice(0, 10);
  return { action, subject, since, before };
}

/** `documents.delete` -> "Document: delete". */
export function actWords(action) {
  const [noun, ...rest] = action.split(".");
  const act = rest.join(" ").replaceAll("_", " ");
  return act ? `${nouns.get(noun) ?? noun}: ${act}` : action;
}

export function outcomeWords(outcome) {
  const words = { allowed: "Done", denied: "Refused", refused: "Refused", failed: "Failed" };
  return Object.hasOwn(words, outcome) ? words[outcome] : outcome;
}
