import {
  acceptedDocument,
  afterJob,
  anyOpen,
  merged,
} from "../../../Sources/CWebAssets/web/js/library/documentList.js";
import { equal, test } from "./harness.js";

const list = [{ id: "a", state: "ready" }, { id: "b", state: "queued" }];

test("documents are replaced in place and new ones join at the chosen end", () => {
  equal(
    merged(list, [{ id: "b", state: "ready" }, { id: "c" }]).map((one) => one.id + (one.state ?? "")),
    ["aready", "bready", "c"],
  );
  equal(merged(list, [{ id: "c" }], { first: true }).map((one) => one.id), ["c", "a", "b"]);
});

test("a job event moves its document and asks for it again at the end", () => {
  const running = afterJob(list, { resource: "b", state: "leased", done: 1, total: 4 });
  equal([running.list[1].state, running.list[1].progress, running.wanted], ["processing", 0.25, null]);
  const done = afterJob(running.list, { resource: "b", state: "succeeded", done: 4, total: 4 });
  equal([done.list[1].state, done.wanted, anyOpen(done.list)], ["processing", "b", true]);
});

test("a failed job says why, and jobs of others change nothing", () => {
  equal(afterJob(list, { resource: "b", state: "dead", reason: "r" }).list[1].advice, "r");
  equal(afterJob(list, { resource: "z", state: "leased" }), { list, wanted: null });
  equal(afterJob(list, null), { list, wanted: null });
});

test("an accepted file has a row before the server says more", () => {
  const row = acceptedDocument({ document: "d" }, { path: "x/y.md", file: { size: 9 } }, new Date(0));
  equal([row.id, row.title, row.state, row.bytes, row.updated], ["d", "y.md", "queued", 9, "1970-01-01T00:00:00.000Z"]);
});
