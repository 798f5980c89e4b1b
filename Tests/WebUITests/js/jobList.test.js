import { saidSince, withChanges, withPage } from "../../../Sources/CWebAssets/web/js/jobs/jobList.js";
import { jobRows } from "../../../Sources/CWebAssets/web/js/jobs/jobRows.js";
import { actionOf, addressOf, kindWords, stateNames, stateOf, titleOf } from
  "../../../Sources/CWebAssets/web/js/jobs/jobWords.js";
import { signal } from "../../../Sources/CWebAssets/web/js/base/state.js";
import { equal, test } from "./harness.js";

const settled = () => new Promise((resolve) => setTimeout(resolve));
const job = (id, state, second = 0, more = {}) => ({
  id, state, kind: "library.ingest", title: id, done: 0, total: 0, attempt: 1,
  created: `2026-01-02T08:00:0${second}Z`, updated: "2026-01-02T08:00:00Z", ...more,
});
const shown = ({ list, isFull }) => [list.map((one) => `${one.id} ${one.state}`), isFull];

test("every state of a job has words and says what can be done", () => {
  equal(stateNames, ["queued", "leased", "retrying", "succeeded", "dead", "cancelled"]);
  equal(stateNames.map(actionOf), ["cancel", "cancel", "cancel", null, "retry", "retry"]);
  equal(["dead", "constructor"].map((state) => stateOf(state).words), ["Failed", "Waiting"]);
});

test("a job of somebody else is called by its kind", () => {
  equal([titleOf(job("a", "dead")), titleOf({ kind: "intake.sync", title: null }), kindWords("graph.build_all")],
    ["a", "Reading a source", "Graph build all"]);
  equal([{ resource: "doc_1" }, { resource: "src_1" }, { resource: "usr_1" }, {}].map(addressOf),
    ["#/documents/doc_1", "#/sources/src_1", null, null]);
});

test("new jobs stand by age, and a known one changes in place whatever is shown", () => {
  const list = [job("b", "dead", 2), job("a", "dead", 1)];
  const changed = [job("a", "queued", 1), job("c", "dead", 3), job("d", "leased", 4)];
  equal(shown(withChanges(list, changed, { state: "dead", max: 9 })), [["c dead", "b dead", "a queued"], false]);
});

test("what is older than the last of a page waits for its page; a complete list takes it in", () => {
  const [list, older] = [[job("b", "queued", 2)], [job("a", "queued", 1)]];
  equal(shown(withChanges(list, older, { state: "", max: 9, complete: false })), [["b queued"], false]);
  equal(shown(withChanges(list, older, { state: "", max: 9, complete: true })), [["b queued", "a queued"], false]);
});

test("a page that was on its way does not undo what events said since", () => {
  const at = (second) => ({ updated: `2026-01-02T09:00:0${second}Z` });
  const items = [job("a", "leased", 1, at(1)), job("b", "dead", 0, at(5))];
  const seen = [job("a", "succeeded", 1, at(2)), job("b", "leased", 0, at(4)), job("c", "queued", 2)];
  equal(saidSince(items, seen).map((one) => `${one.id} ${one.state}`), ["a succeeded", "c queued"]);
});

test("a flood of new jobs does not become a flood of rows", () => {
  const flood = [3, 4, 5, 6].map((second) => job(`n${second}`, "queued", second));
  equal(shown(withChanges([job("a", "dead")], flood, { state: "", max: 2 })), [["n3 queued", "a dead"], true]);
});

test("a page adds only what is not there", () => {
  equal(withPage([job("a", "dead")], [job("a", "queued"), job("b", "dead")]).map((one) => one.id), ["a", "b"]);
});

test("a row keeps its buttons while events arrive, and the focus moves to the one that is left", async () => {
  const jobs = signal([job("a", "leased", 0, { done: 1, total: 4, step: "Embedding" })]);
  const list = jobRows(jobs, async () => {
    jobs.set([job("a", "cancelled")]);
    return true;
  });
  document.body.append(list);
  equal([list.querySelector(".job-progress").textContent, list.querySelector("progress").value],
    ["Embedding · 1 of 4", 1]);
  const cancel = list.querySelector("[data-act=cancel]");
  cancel.focus();
  cancel.click();
  await settled();
  equal([cancel.hidden, document.activeElement.dataset.act], [true, "retry"]);
  list.remove();
});

test("why a job failed is said, and nothing to press is shown to who may not", () => {
  const list = jobRows(signal([job("a", "dead", 0, { reason: "The disk is full." })]), null);
  equal([list.querySelector(".job-reason").textContent, list.querySelectorAll("button").length],
    ["The disk is full.", 0]);
});
