// The explanation of a search hit in words. Pure.
import { session } from "../base/session.js";

/** The hit of `hits` in which the cited words begin, with its `place` from 1; null when there is none. */
export function hitOf(hits, citation) {
  const place = hits.findIndex((hit) =>
    hit.document === citation.document && hit.version === citation.version
      && hit.start <= citation.start && citation.start < hit.end);
  return place < 0 ? null : { ...hits[place], place: place + 1 };
}

/** "number 3, score 0.612" of one list; a part that took no part says so. */
export function rankWords(part) {
  if (!part) return "took no part";
  const place = part.rank ? `number ${part.rank}` : "not among the first";
  return `${place}, score ${part.score.toFixed(3)}`;
}

/** What one word of the question adds. `chunks` is how many passages this person may read. */
export function termWords(term, chunks) {
  const times = term.frequency === 1 ? "once" : `${term.frequency} times`;
  return `stands in it ${times}, in ${term.chunks.toLocaleString()} of ${chunks.toLocaleString()} passages, `
    + `adds ${term.contribution.toFixed(2)}`;
}

/** The rule with "you" in the place of the reader's identifier. */
export function ruleOf(access) {
  return (access ?? "").replaceAll(session.peek()?.subject ?? "\0", () => "you");
}
