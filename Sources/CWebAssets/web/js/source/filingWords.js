// How a document is filed, between the API and a form. Pure.

/** `2026-11-21T00:00:00Z` -> `2026-11-21`; empty for nothing. */
export function dayOf(time) {
  return typeof time === "string" ? time.slice(0, 10) : "";
}

/** "21 Nov 2026" in the reader's language; a day is a day of UTC wherever it is read. */
export function dayWords(time) {
  const at = Date.parse(time ?? "");
  if (Number.isNaN(at)) return "";
  return new Date(at).toLocaleDateString(undefined, { dateStyle: "medium", timeZone: "UTC" });
}

/** What a date field says; a time of day that was set elsewhere is kept unless its day is changed. */
export function timeOf(day, before) {
  if (!day) return null;
  return dayOf(before) === day ? before : day;
}

/** "a, b" as a list, each once. */
export function tagsOf(text) {
  return [...new Set(text.split(",").map((tag) => tag.trim()).filter(Boolean))];
}

/** The body to send for what stands in the form `data`; `before` is what was there. */
export function filingOf(data, before) {
  return {
    tags: tagsOf(data.get("tags")),
    effectiveFrom: timeOf(data.get("from"), before.effectiveFrom),
    effectiveUntil: timeOf(data.get("until"), before.effectiveUntil),
    supersededBy: data.get("successor") || null,
  };
}

/** Whether it holds at `now`; a sentence when it does not. */
export function holdsWords(filing, now = Date.now()) {
  if (filing.supersededBy) return "Another document says this anew. Answers use that one.";
  if (Date.parse(filing.effectiveFrom ?? "") > now) return "This does not hold yet. Answers leave it out until then.";
  if (Date.parse(filing.effectiveUntil ?? "") <= now) return "This holds no longer. Answers leave it out.";
  return null;
}
