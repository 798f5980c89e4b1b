// What the Jobs page knows, and the calls that keep it true.
import { get, post, withQuery } from "../base/api.js";
import { follow, payloadOf } from "../base/events.js";
import { announce } from "../base/notice.js";
import { problemFrom } from "../base/problem.js";
import { signal } from "../base/state.js";
import { saidSince, withChanges, withPage } from "./jobList.js";
import { titleOf } from "./jobWords.js";

const pageSize = 50;
const rowsMax = 500;
const seenMax = 200;
// A folder of thousands sends thousands of events: they are put in together, a few times a second.
const gatherMilliseconds = 250;

export class OpenJobs {
  /** Null until the first page is here. */
  list = signal(null);
  next = signal(null);
  /** Whether there are newer jobs that the list has no room for. */
  isFull = signal(false);
  problem = signal(null);
  state;
  #left;
  #changed = new Map();
  // The last events: a page that was asked for before they came must not undo them.
  #seen = new Map();
  #busy = new Set();
  #turn = 0;

  constructor(state, left) {
    this.state = signal(state);
    this.#left = left;
  }

  /** The first page; also after another state was chosen. */
  load() {
    return this.#attempt(async () => {
      const mine = (this.#turn += 1);
      const page = await this.#page(null);
      if (mine !== this.#turn) return;
      this.isFull.set(false);
      this.next.set(page.next ?? null);
      this.list.set(page.items);
      this.#put(saidSince(page.items, [...this.#seen.values()]));
    });
  }

  showMore() {
    return this.#attempt(async () => {
      const mine = this.#turn;
      const page = await this.#page(this.next.peek());
      if (mine !== this.#turn) return;
      this.next.set(page.next ?? null);
      this.list.update((list) => withPage(list ?? [], page.items));
    });
  }

  choose(state) {
    this.state.set(state);
    this.list.set(null);
    return this.load();
  }

  /** `action` is "cancel" or "retry". True when it was done. */
  async act(job, action) {
    if (this.#busy.has(job.id)) return false;
    this.#busy.add(job.id);
    const isDone = await this.#attempt(async () => {
      this.#put([await post(`/jobs/${encodeURIComponent(job.id)}/${action}`, {}, { signal: this.#left })]);
      announce(`${action === "cancel" ? "Cancelled" : "Queued again"}: ${titleOf(job)}.`);
    });
    this.#busy.delete(job.id);
    return isDone;
  }

  /** After a break the first page is asked for again, since events may have been missed. */
  async followEvents() {
    const first = ["GET", "/events", {}];
    const onEvent = (event) => event.name === "job" && this.#gather(payloadOf(event));
    try {
      await follow({ first, again: () => first, onEvent, onBreak: () => this.load(), signal: this.#left });
    } catch {
      // Without live events the list is still right after the next load.
    }
  }

  #page(cursor) {
    const query = { state: this.state.peek(), limit: pageSize, cursor };
    return get(withQuery("/jobs", query), { signal: this.#left });
  }

  #gather(job) {
    if (typeof job?.id !== "string") return;
    if (this.#changed.size === 0) setTimeout(() => this.#putGathered(), gatherMilliseconds);
    this.#changed.set(job.id, job);
    this.#seen.delete(job.id);
    this.#seen.set(job.id, job);
    if (this.#seen.size > seenMax) this.#seen.delete(this.#seen.keys().next().value);
  }

  #putGathered() {
    const jobs = [...this.#changed.values()];
    this.#changed.clear();
    if (!this.#left.aborted) this.#put(jobs);
  }

  #put(jobs) {
    if (this.list.peek() === null) return;
    const { list, isFull } = withChanges(this.list.peek(), jobs, {
      state: this.state.peek(), max: rowsMax, complete: this.next.peek() === null,
    });
    this.list.set(list);
    if (isFull) this.isFull.set(true);
  }

  async #attempt(act) {
    this.problem.set(null);
    try {
      await act();
      return true;
    } catch (failure) {
      this.problem.set(problemFrom(failure));
      return false;
    }
  }
}
