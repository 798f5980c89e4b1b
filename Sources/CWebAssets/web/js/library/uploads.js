// Sends files to a collection, a few at a time, and keeps the count that the page shows.
import { call, withQuery } from "../base/api.js";
import { mayPass, problemFrom } from "../base/problem.js";
import { signal } from "../base/state.js";

const atOnce = 3;
const nothing = { total: 0, sent: 0, problems: [], busy: false };

/** `progress()` is `{total, sent, problems: [{path, reason, item}], busy}`; `onAccepted` gets each `(reply, item)`. */
export class Uploads {
  progress = signal(nothing);
  #waiting = [];
  #running = 0;
  #onAccepted;
  #signal;

  constructor({ onAccepted, signal: left }) {
    this.#onAccepted = onAccepted;
    this.#signal = left;
  }

  /** Queues `accepted` for `collection` and shows `refused` at once. */
  add(collection, { accepted, refused }) {
    const before = this.progress.peek();
    const start = before.busy ? before : nothing;
    this.#waiting.push(...accepted.map((item) => ({ ...item, collection })));
    this.progress.set({
      total: start.total + accepted.length,
      sent: start.sent,
      problems: [...start.problems, ...refused],
      busy: this.#waiting.length + this.#running > 0,
    });
    while (this.#running < atOnce && this.#waiting.length > 0) this.#next();
  }

  /** Sends again what failed on the way. */
  retry() {
    const again = this.progress.peek().problems.filter((problem) => problem.item);
    this.progress.update((before) => ({ ...before, problems: before.problems.filter((problem) => !problem.item) }));
    for (const { item } of again) this.add(item.collection, { accepted: [item], refused: [] });
  }

  dismiss() {
    if (!this.progress.peek().busy) this.progress.set(nothing);
  }

  async #next() {
    const item = this.#waiting.shift();
    this.#running += 1;
    let problem = null;
    try {
      const path = withQuery(`/collections/${encodeURIComponent(item.collection)}/documents`, { path: item.path });
      this.#onAccepted(await call("POST", path, { bytes: item.file, type: item.type, signal: this.#signal }), item);
    } catch (failure) {
      problem = problemFrom(failure);
    }
    this.#running -= 1;
    if (this.#signal?.aborted) return;
    this.#finished(item, problem);
    if (this.#waiting.length > 0) this.#next();
  }

  #finished(item, problem) {
    this.progress.update((before) => ({
      ...before,
      sent: before.sent + (problem ? 0 : 1),
      total: before.total - (problem ? 1 : 0),
      problems: problem ? [...before.problems, failed(item, problem)] : before.problems,
      busy: this.#waiting.length + this.#running > 0,
    }));
  }
}

function failed(item, problem) {
  const reason = [problem.title, problem.detail].filter(Boolean).join(" ");
  return { path: item.path, reason, item: mayPass(problem) ? item : null };
}
