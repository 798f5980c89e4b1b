// Server-sent events over fetch, because EventSource can neither POST nor send a CSRF token. A connection that breaks
// is taken up again behind the last event that arrived (`Last-Event-ID`, WHATWG HTML section 9.2).
import { request } from "./api.js";
import { ProblemError } from "./problem.js";

const attemptsMax = 6;
const delayMillisecondsMin = 400;
const delayMillisecondsMax = 15_000;
const goneStatus = 410;

/** Turns pieces of text into events. Pure: `push` returns the events that are complete, as `{id, name, data}`. */
export class EventParser {
  #rest = "";
  #fresh = { name: "message", data: [] };
  lastEventId = null;

  push(piece) {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line) {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.#fresh.data.push(value);
    if (field === "event") this.#fresh.name = value;
    if (field === "id" && !value.includes("\0")) this.lastEventId = value;
    return [];
  }

  #dispatch() {
    const { name, data } = this.#fresh;
    this.#fresh = { name: "message", data: [] };
    return data.length === 0 ? [] : [{ id: this.lastEventId, name, data: data.join("\n") }];
  }
}

/** The JSON value of an event; null when it is none, so that a lying server cannot stop the page. */
export function payloadOf(event) {
  try {
    return JSON.parse(event.data);
  } catch {
    return null;
  }
}

/** Milliseconds before attempt number `attempt` (1 ...): doubling, within bounds. */
export function delayBefore(attempt) {
  return Math.min(delayMillisecondsMin * 2 ** (attempt - 1), delayMillisecondsMax);
}

/**
 * Follows a stream until `isLast(event)` or until `signal` aborts.
 *
 * `first` is the first request as `[method, path, options]`; `again()` gives the request that resumes, or null when
 * nothing can be resumed. A problem reply ends the stream by throwing; a broken connection is retried.
 */
export async function follow({
  first,
  again,
  onEvent,
  isLast = () => false,
  onBreak = () => {},
  signal,
  pause = wait,
}) {
  let [method, path, options] = first;
  let lastEventId = null;
  for (let attempt = 1; ; attempt += 1) {
    const before = lastEventId;
    try {
      const headers = lastEventId === null ? {} : { "last-event-id": lastEventId };
      const reply = await request(method, path, { ...options, accept: "text/event-stream", headers, signal });
      for await (const event of eventsOf(reply)) {
        lastEventId = event.id ?? lastEventId;
        onEvent(event);
        if (isLast(event)) return;
      }
    } catch (failure) {
      if (failure?.name === "AbortError" || signal?.aborted) throw failure;
      const status = failure instanceof ProblemError ? failure.problem.status : 0;
      // The server no longer keeps the events after that id: start over, `onBreak` reads what was missed.
      if (status === goneStatus && lastEventId !== null) lastEventId = null;
      else if (status !== 0) throw failure;
      if (attempt >= attemptsMax && lastEventId === before) throw failure;
    }
    const next = again?.();
    if (!next) throw new ProblemError(brokenStream);
    if (lastEventId !== before) attempt = 1;
    onBreak(attempt);
    [method, path, options] = next;
    await pause(delayBefore(attempt), signal);
  }
}

const brokenStream = {
  status: 0,
  code: "browser.stream_broken",
  title: "The connection broke before the end.",
  detail: "Ask again to get the whole answer.",
};

async function* eventsOf(reply) {
  const parser = new EventParser();
  const decoder = new TextDecoder();
  const reader = reply.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function wait(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("Given up.", "AbortError"));
    }, { once: true });
  });
}
