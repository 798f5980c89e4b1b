import { EventParser, delayBefore, follow, payloadOf } from "../../../Sources/CWebAssets/web/js/base/events.js";
import { equal, test } from "./harness.js";

test("events arrive whole, however the text is cut", () => {
  const text = "id: 1\nevent: a\ndata: {\"x\":1}\n\n: keep-alive\n\n"
    + "id: 2\r\nevent: b\r\ndata: one\r\ndata: two\r\n\r\n";
  const wanted = [{ id: "1", name: "a", data: '{"x":1}' }, { id: "2", name: "b", data: "one\ntwo" }];
  for (let cut = 0; cut <= text.length; cut += 1) {
    const parser = new EventParser();
    equal([...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))], wanted);
  }
});

test("an event without data is none, and an id stays for the events after it", () => {
  const parser = new EventParser();
  equal(parser.push("event: a\n\nid: 7\ndata: x\n\ndata: y\n\n"), [
    { id: "7", name: "message", data: "x" }, { id: "7", name: "message", data: "y" },
  ]);
});

test("data that is not JSON is null", () => {
  equal(payloadOf({ data: "{" }), null);
  equal(payloadOf({ data: "[1]" }), [1]);
});

test("the wait before an attempt doubles within bounds", () => {
  equal([1, 2, 3, 20].map(delayBefore), [400, 800, 1600, 15000]);
});

/** Replaces fetch by a list of replies and returns the requests that were made. */
async function withReplies(replies, body) {
  const real = globalThis.fetch;
  const requests = [];
  globalThis.fetch = async (address, options) => {
    requests.push([options.method, address, options.headers["last-event-id"] ?? null]);
    const reply = replies.shift();
    if (reply instanceof Error) throw reply;
    return reply;
  };
  try {
    await body();
  } finally {
    globalThis.fetch = real;
  }
  return requests;
}

const stream = (text) => new Response(text, { status: 200 });
const problem = (status) => new Response(JSON.stringify({ title: "no", status, code: "x" }), { status });
const pause = async () => {};

test("a broken stream is resumed behind the last event", async () => {
  const seen = [];
  const requests = await withReplies(
    [stream("id: 1\ndata: 1\n\n"), new TypeError("network"), stream("id: 2\ndata: end\n\n")],
    () => follow({
      first: ["POST", "/ask", {}], again: () => ["GET", "/answers/a/events", {}], pause,
      onEvent: (event) => seen.push(event.data), isLast: (event) => event.data === "end",
    }),
  );
  equal(seen, ["1", "end"]);
  equal(requests, [
    ["POST", "/api/v1/ask", null], ["GET", "/api/v1/answers/a/events", "1"], ["GET", "/api/v1/answers/a/events", "1"],
  ]);
});

test("a problem ends a stream, except that events which are gone are followed from the start", async () => {
  let failed = null;
  const requests = await withReplies(
    [stream("id: 1\ndata: 1\n\n"), problem(410), problem(403)],
    () => follow({ first: ["GET", "/events", {}], again: () => ["GET", "/events", {}], pause, onEvent() {} })
      .catch((failure) => (failed = failure.problem.status)),
  );
  equal(failed, 403);
  equal(requests.map((request) => request[2]), [null, "1", null]);
});

test("a stream that brings nothing new is given up after some attempts", async () => {
  let failed = null;
  const down = Array.from({ length: 40 }, () => new TypeError("network"));
  const requests = { first: ["GET", "/events", {}], again: () => ["GET", "/events", {}] };
  await withReplies(
    down,
    () => follow({ ...requests, pause, onEvent() {} }).catch(({ problem }) => (failed = problem.code)),
  );
  equal(failed, "browser.unreachable");
});
