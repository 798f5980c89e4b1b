// What was found in a collection, in words. Pure: the counts of the API in, sentences for people out.
import { counted } from "../base/format.js";
import { durationWords, optionWords } from "../sources/sourceWords.js";

const windowMilliseconds = 20_000;
const spanMillisecondsMin = 2000;
const opens = ["queued", "processing"];
const ends = ["ready", "quarantined", "failed"];

/** The states of a collection that has documents in them, as `{state, documents}`. */
export function countsOf(progress) {
  return [...opens, ...ends].filter((state) => progress[state] > 0)
    .map((state) => ({ state, documents: progress[state] }));
}

const sumOf = (states) => (progress) => states.reduce((sum, state) => sum + (progress[state] ?? 0), 0);

/** How many documents have come to an end, and how many are on their way. */
export const settledOf = sumOf(ends);
export const openOf = sumOf(opens);

/** `samples` of `{at, settled}` with a newer one; those older than the rate looks back are let go. */
export function sampled(samples, progress, at) {
  const settled = settledOf(progress);
  // Documents that are read again, or deleted, start the count anew.
  const known = samples.at(-1)?.settled > settled ? [] : samples;
  return [...known.filter((one) => at - one.at <= windowMilliseconds), { at, settled }];
}

/** Documents per second over the last seconds; null before there is enough to tell. */
export function rateOf(samples) {
  const [first, last] = [samples[0], samples.at(-1)];
  const span = samples.length > 1 ? last.at - first.at : 0;
  return span >= spanMillisecondsMin ? ((last.settled - first.settled) * 1000) / span : null;
}

/** 12.3 -> "12 documents per second", 0.2 -> "12 documents per minute". */
export function rateWords(rate) {
  if (rate === null) return "Measuring";
  if (rate === 0) return "Nothing finished in the last seconds";
  if (rate >= 10) return `${counted(Math.round(rate), "document")} per second`;
  if (rate >= 1) return `${rate.toLocaleString(undefined, { maximumFractionDigits: 1 })} documents per second`;
  return `${counted(Math.max(1, Math.round(rate * 60)), "document")} per minute`;
}

/** "about 3 minutes left"; null while nobody can tell. */
export function leftWords(rate, open) {
  return rate > 0 && open > 0 ? `about ${durationWords(Math.max(1, open / rate))} left` : null;
}

const kinds = {
  email_address: "E-mail addresses", phone_number: "Phone numbers", iban: "Bank accounts (IBAN)",
  payment_card: "Payment cards", date_of_birth: "Dates of birth",
  us_social_security_number: "Social security numbers, United States", de_tax_number: "Tax numbers, Germany",
  gb_nhs_number: "NHS numbers, United Kingdom", fr_social_security_number: "Social security numbers, France",
  it_tax_code: "Tax codes, Italy", es_identity_number: "Identity numbers, Spain",
  ch_insurance_number: "Insurance numbers, Switzerland", model_instruction: "Orders to a model",
  role_marker: "Role markers of a model", tool_call: "Tool calls of a model",
  invisible_characters: "Invisible characters", hidden_text: "Hidden text", encoded_blob: "Encoded data",
};

/** The name of a kind of finding. */
export function kindWords(kind) {
  return Object.hasOwn(kinds, kind) ? kinds[kind] : optionWords(kind);
}

/** `[{kind, count}]` of one document as one line. */
export function findingsWords(findings) {
  return findings.map(({ kind, count }) => `${kindWords(kind)}: ${count.toLocaleString()}`).join(" · ");
}

/** "de" -> "German", in the reader's language. */
export function languageWords(code, locale = undefined) {
  try {
    return new Intl.DisplayNames(locale, { type: "language" }).of(code);
  } catch {
    return code;
  }
}

/** 0.973 -> "97 % like the oldest". A copy is one of whichever document of the group, not always of the oldest. */
export function likenessWords({ similarity, exact }, isOldest) {
  const isSame = exact && similarity >= 1;
  // An estimate never calls what may differ wholly alike.
  const likeness = `${Math.min(99, Math.floor(similarity * 100))} % like the oldest`;
  const words = [
    isOldest ? "the oldest" : null, isOldest || isSame ? null : likeness, exact ? "has an exact copy here" : null,
  ];
  return words.filter(Boolean).join(", ");
}

/** Failed `documents` by what is the matter with them, as `[{advice, documents}]`, the commonest first. */
export function byAdvice(documents) {
  const groups = new Map();
  for (const one of documents) {
    const advice = one.advice || "It could not be read.";
    groups.set(advice, [...groups.get(advice) ?? [], one]);
  }
  return [...groups].map(([advice, all]) => ({ advice, documents: all }))
    .sort((a, b) => b.documents.length - a.documents.length);
}
