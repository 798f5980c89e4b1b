// The jobs as the page knows them: a pure list that pages and live events flow into.

/** `list` with the older jobs of a page added behind. */
export function withPage(list, items) {
  const known = new Set(list.map((one) => one.id));
  return [...list, ...items.filter((one) => !known.has(one.id))];
}

/**
 * `{list, left}` after `changed` jobs. A known one changes in place, also when it no longer fits `state`: no row goes
 * away under somebody's hand. A new one that fits stands in its place by age; beyond `max` it only counts as `left`.
 */
export function withChanges(list, changed, { state, max }) {
  const fresh = new Map(changed.map((one) => [one.id, one]));
  const kept = list.map((one) => {
    const newer = fresh.get(one.id);
    fresh.delete(one.id);
    return newer ?? one;
  });
  const fitting = [...fresh.values()].filter((one) => !state || one.state === state);
  const added = fitting.slice(0, Math.max(0, max - kept.length));
  if (added.length === 0) return { list: kept, left: fitting.length };
  const all = [...added, ...kept].sort((a, b) => Date.parse(b.created) - Date.parse(a.created));
  return { list: all, left: fitting.length - added.length };
}
