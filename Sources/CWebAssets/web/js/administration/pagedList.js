// A listing of the API, page by page: what is known of it, and the ways to know more.
import { get, withQuery } from "../base/api.js";
import { problemFrom } from "../base/problem.js";
import { signal } from "../base/state.js";

const pageSize = 50;

export class PagedList {
  /** Null until the first page is here. */
  items = signal(null);
  next = signal(null);
  problem = signal(null);
  #address;
  #query;
  #left;
  #turn = 0;

  constructor(address, left, query = {}) {
    this.#address = address;
    this.#left = left;
    this.#query = query;
  }

  /** The first page; with another query from now on when one is given. */
  load(query = this.#query) {
    this.#query = query;
    this.#turn += 1;
    return this.#add(null);
  }

  more() {
    return this.#add(this.next.peek());
  }

  /** One entry as it is now; null takes it away. */
  replace(id, entry) {
    this.items.update((items) =>
      items.flatMap((one) => (one.id === id ? (entry === null ? [] : [{ ...one, ...entry }]) : [one])));
  }

  async #add(cursor) {
    const mine = this.#turn;
    this.problem.set(null);
    try {
      const address = withQuery(this.#address, { limit: pageSize, ...this.#query, cursor });
      const page = await get(address, { signal: this.#left });
      if (mine !== this.#turn) return;
      this.items.set(cursor === null ? page.items : [...(this.items.peek() ?? []), ...page.items]);
      this.next.set(page.next ?? null);
    } catch (failure) {
      if (mine === this.#turn) this.problem.set(problemFrom(failure));
    }
  }
}
