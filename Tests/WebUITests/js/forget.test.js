import { apply, begin, isLast, rowsOf, stepNames } from "../../../Sources/CWebAssets/web/js/forget/forgetState.js";
import { lineageView } from "../../../Sources/CWebAssets/web/js/source/lineagePanel.js";
import { tags } from "../../../Sources/CWebAssets/web/js/base/dom.js";
import { equal, test } from "./harness.js";

const shown = (state) => rowsOf(state).filter((row) => row.isDone).map((row) => `${row.number} ${row.noun} ${row.words}`);

test("nothing is counted before the server has said it", () => {
  equal(shown(begin()), []);
  equal(rowsOf(begin()).map((row) => row.number).join(""), "");
});

test("each step adds what the stores had, and foreign events add nothing", () => {
  let state = apply(begin(), "erasure.rows", { versions: 1, passages: 12 });
  state = apply(state, "erasure.index", { vectors: 14, postings: 1, segments: 1 });
  state = apply(state, "answer.started", {});
  state = apply(state, "erasure.nonsense", {});
  state = apply(state, "erasure.key", null);
  equal(shown(state), [
    "12 passages of one version: nobody finds them any more", "14 vectors gone from the index and from memory",
    "1 posting gone; one sealed segment was written anew",
  ]);
  equal(stepNames.map((name) => isLast(`erasure.${name}`)), [false, false, false, false, false, true]);
});

test("lineage names people and counts, and never more than it was told", () => {
  const use = (answer, subject) => ({ answer, subject, asked: "2026-01-02T08:00:00Z", citations: 2 });
  const view = tags.div(lineageView({ items: [use("a", "s"), use("b", "s")], whole: true }, () => "Ana"));
  equal(view.querySelector(".lineage-count").textContent.startsWith("2 answers of 1 person."), true);
  equal([...view.querySelectorAll("li")].map((one) => one.dataset.answer), ["a", "b"]);
  equal(tags.div(lineageView({ items: [], whole: true }, () => "")).textContent, "None so far.");
});
