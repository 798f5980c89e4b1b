// The jobs as the page knows them: a pure list that pages and live events flow into.

/** `list` with the older jobs of a page added behind. */
export function withPage(list, items) {
  const known = new Set(list.map((one) => one.id));
  return [...list, ...items.filter((one) => !known.has(one.id))];
}

/**
 * `{list, isFull}` after `changed` jobs. A known one changes in place, also when it no longer fits `state`: no row goes
 * away under somebody's hand. A new one that fits stands in its place by age while there are fewer than `max`. Unless
 * the list is `complete`, what is older than its last is on a later page.
 */
export function withChanges(list, changed, { state, max, complete }) {
  const fresh = new Map(changed.map((one) => [one.id, one]));
  const kept = list.map((one) => {
    const newer = fresh.get(one.id);
    fresh.delete(one.id);
    return newer ?? one;
  });
  const oldest = complete || list.length === 0 ? -Infinity : madeAt(list.at(-1));
  const fitting = [...fresh.values()].filter((one) => (!state || one.state === state) && madeAt(one) >= oldest);
  const added = fitting.slice(0, Math.max(0, max - kept.length));
  const isFull = added.length < fitting.length;
  if (added.length === 0) return { list: kept, isFull };
  return { list: [...added, ...kept].sort((a, b) => madeAt(b) - madeAt(a)), isFull };
}

/** Those of `seen` that say more than `items`, a page that was on its way when they came. */
export function saidSince(items, seen) {
  const known = new Map(items.map((one) => [one.id, Date.parse(one.updated)]));
  return seen.filter((one) => !known.has(one.id) || Date.parse(one.updated) > known.get(one.id));
}

const madeAt = (job) => Date.parse(job.created);
