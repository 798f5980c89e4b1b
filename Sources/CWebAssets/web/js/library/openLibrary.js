// What the Library page knows: collections, the open one and its documents; and the calls that keep them true.
import { get, withQuery } from "../base/api.js";
import { follow, payloadOf } from "../base/events.js";
import { problemFrom } from "../base/problem.js";
import { rewrite } from "../base/router.js";
import { computed, effect, signal } from "../base/state.js";
import { loadCollections } from "./collections.js";
import { acceptedDocument, afterJob, anyOpen, merged } from "./documentList.js";
import { Uploads } from "./uploads.js";

const pageSize = 50;
// A folder of thousands must not become thousands of rows; what is left out is behind "Show more".
const rowsMax = 200;
const earlyJobsMax = 100;
const gatherMilliseconds = 250;
const singleRequestsMax = 4;

export class OpenLibrary {
  collections = signal([]);
  documents = signal([]);
  next = signal(null);
  loaded = signal(false);
  problem = signal(null);
  openID;
  #left;
  // Job events that came before the reply that names their document.
  #earlyJobs = new Map();
  #wanted = new Set();

  constructor(collection, left) {
    this.openID = signal(collection);
    this.#left = left;
    this.collection = computed(() => this.collections().find((one) => one.id === this.openID()) ?? null);
    this.uploads = new Uploads({ onAccepted: (reply, item) => this.accepted(reply, item), signal: left });
    this.#reloadAfterUploads();
  }

  async load() {
    await this.attempt(async () => {
      this.collections.set(await loadCollections(this.#left));
      if (this.openID.peek() === null) this.#openFirst();
      if (this.openID.peek() !== null) await this.loadPage();
      this.loaded.set(true);
    });
  }

  async loadPage(cursor = null) {
    const path = `/collections/${encodeURIComponent(this.openID.peek())}/documents`;
    const page = await get(withQuery(path, { limit: pageSize, cursor }), { signal: this.#left });
    this.documents.set(cursor ? merged(this.documents.peek(), page.items) : page.items);
    this.next.set(page.next ?? null);
  }

  showMore() {
    return this.attempt(() => this.loadPage(this.next.peek()));
  }

  /** A file has arrived: its row stands first until the server tells more. */
  accepted(reply, item) {
    if (item.collection !== this.openID.peek() || this.documents.peek().length >= rowsMax) return;
    this.documents.update((list) => merged(list, [acceptedDocument(reply, item)], { first: true }));
    const early = this.#earlyJobs.get(reply.document);
    if (early) this.#onJob(early);
  }

  forget(id) {
    this.documents.update((list) => list.filter((one) => one.id !== id));
  }

  /** The counts of the collections, after documents came or went. */
  recount() {
    return this.attempt(async () => this.collections.set(await loadCollections(this.#left)));
  }

  /** Job events move the rows; after a break the page is asked for again, since events may have been missed. */
  async followJobs() {
    const onEvent = (event) => event.name === "job" && this.#onJob(payloadOf(event));
    const onBreak = () => anyOpen(this.documents.peek()) && this.attempt(() => this.loadPage());
    const first = ["GET", "/events", {}];
    try {
      await follow({ first, again: () => first, onEvent, onBreak, signal: this.#left });
    } catch {
      // Without live events the list is still right after the next load.
    }
  }

  async attempt(act) {
    this.problem.set(null);
    try {
      await act();
    } catch (failure) {
      this.problem.set(problemFrom(failure));
    }
  }

  #onJob(job) {
    if (typeof job?.resource !== "string") return;
    this.#rememberEarly(job);
    const { list, wanted } = afterJob(this.documents.peek(), job);
    this.documents.set(list);
    if (wanted) this.#want(wanted);
  }

  #rememberEarly(job) {
    this.#earlyJobs.delete(job.resource);
    this.#earlyJobs.set(job.resource, job);
    if (this.#earlyJobs.size > earlyJobsMax) this.#earlyJobs.delete(this.#earlyJobs.keys().next().value);
  }

  /** Gathers documents that have changed: a few are asked for one by one, many with one page. */
  #want(id) {
    if (this.#wanted.size === 0) setTimeout(() => this.#askForWanted(), gatherMilliseconds);
    this.#wanted.add(id);
  }

  #askForWanted() {
    const ids = [...this.#wanted];
    this.#wanted.clear();
    if (this.#left.aborted) return;
    if (ids.length > singleRequestsMax) this.attempt(() => this.loadPage());
    else ids.forEach((id) => this.#refresh(id));
  }

  async #refresh(id) {
    try {
      const found = await get(`/documents/${encodeURIComponent(id)}`, { signal: this.#left });
      this.documents.update((list) => (list.some((one) => one.id === id) ? merged(list, [found]) : list));
    } catch (failure) {
      if (failure.problem?.status === 404) this.forget(id);
    }
  }

  #reloadAfterUploads() {
    let wasBusy = false;
    effect(() => {
      const { busy } = this.uploads.progress();
      if (wasBusy && !busy) this.recount().then(() => this.attempt(() => this.loadPage()));
      wasBusy = busy;
    });
  }

  #openFirst() {
    const first = this.collections.peek()[0];
    if (!first) return;
    this.openID.set(first.id);
    rewrite(`/library/${first.id}`);
  }
}
