// Which versions are compared, and what a comparison amounts to. Pure.

/** `{from, to}` of `versions`, newest first: what the address asks for, else the newest and the one before it. */
export function chosenPair(versions, from, to) {
  if (versions.length < 2) return null;
  const known = (id) => versions.find((one) => one.id === id)?.id;
  const later = known(to) ?? versions[0].id;
  const place = versions.findIndex((one) => one.id === later);
  return { from: known(from) ?? (versions[place + 1] ?? versions[place - 1]).id, to: later };
}

/** How many words were removed and added in all of `passages`. */
export function wordCounts(passages) {
  const counts = { removed: 0, added: 0 };
  for (const { kind, text } of passages.flatMap((one) => one.parts)) {
    if (Object.hasOwn(counts, kind)) counts[kind] += text.split(/\s+/u).filter(Boolean).length;
  }
  return counts;
}

/** What of `parts` stood in the earlier version ("removed") or stands in the later one ("added"). */
export function sideOf(parts, kind) {
  return parts.filter((one) => one.kind === "same" || one.kind === kind);
}
