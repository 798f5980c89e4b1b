// What the Jobs page knows, and the calls that keep it true.
import { get, post, withQuery } from "../base/api.js";
import { follow, payloadOf } from "../base/events.js";
import { announce } from "../base/notice.js";
import { problemFrom } from "../base/problem.js";
import { signal } from "../base/state.js";
import { withChanges, withPage } from "./jobList.js";
import { titleOf } from "./jobWords.js";

const pageSize = 50;
const rowsMax = 500;
// A folder of thousands sends thousands of events: they are put in together, a few times a second.
const gatherMilliseconds = 250;

export class OpenJobs {
  /** Null until the first page is here. */
  list = signal(null);
  next = signal(null);
  /** How many newer jobs there are that the list has no room for. */
  newer = signal(0);
  problem = signal(null);
  state;
  #left;
  #changed = new Map();
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
      this.newer.set(0);
      this.next.set(page.next ?? null);
      this.list.set(page.items);
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
  }

  #putGathered() {
    const jobs = [...this.#changed.values()];
    this.#changed.clear();
    if (!this.#left.aborted) this.#put(jobs);
  }

  #put(jobs) {
    if (this.list.peek() === null) return;
    const { list, left } = withChanges(this.list.peek(), jobs, { state: this.state.peek(), max: rowsMax });
    this.list.set(list);
    if (left > 0) this.newer.set(this.newer.peek() + left);
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
