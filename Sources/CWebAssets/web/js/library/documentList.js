// The documents of a collection as the page knows them: a pure list that pages and live job events flow into.

/** States after which nothing changes by itself. */
const settled = new Set(["ready", "failed", "quarantined"]);
const ended = new Set(["succeeded", "dead", "cancelled"]);

/** `list` with `documents` added or replaced by id; the order stays, new ones come first when `first` is set. */
export function merged(list, documents, { first = false } = {}) {
  const fresh = new Map(documents.map((one) => [one.id, one]));
  const kept = list.map((one) => {
    const newer = fresh.get(one.id);
    fresh.delete(one.id);
    return newer ? { ...one, ...newer } : one;
  });
  return first ? [...fresh.values(), ...kept] : [...kept, ...fresh.values()];
}

/** The row of a document that the server has just accepted, until the server tells more. */
export function acceptedDocument(reply, item, now = new Date()) {
  return {
    id: reply.document, path: item.path, title: item.path.split("/").pop(), state: reply.state ?? "queued",
    bytes: item.file.size, chunks: 0, updated: now.toISOString(),
  };
}

/** `list` after a `job` event; `wanted` is the id of a document that should be asked for again, or null. */
export function afterJob(list, job) {
  const id = job?.resource;
  const known = list.find((one) => one.id === id);
  if (!known) return { list, wanted: null };
  const progress = job.total > 0 ? Math.min(1, job.done / job.total) : null;
  const next = { ...known, state: stateAfter(job.state, known.state), progress, advice: job.reason ?? known.advice };
  return { list: list.map((one) => (one.id === id ? next : one)), wanted: ended.has(job.state) ? id : null };
}

/** True while some document is on its way. */
export function anyOpen(list) {
  return list.some((one) => !settled.has(one.state));
}

/** A job that succeeded says only that the document was looked at: whether it is ready, the document itself says. */
function stateAfter(jobState, known) {
  if (jobState === "queued" || jobState === "retrying") return "queued";
  if (jobState === "leased") return "processing";
  return jobState === "dead" || jobState === "cancelled" ? "failed" : known;
}
