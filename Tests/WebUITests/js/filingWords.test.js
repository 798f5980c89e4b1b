import { session } from "../../../Sources/CWebAssets/web/js/base/session.js";
import { ruleWords } from "../../../Sources/CWebAssets/web/js/source/accessPanel.js";
import { filingPart, versionsPart } from "../../../Sources/CWebAssets/web/js/source/aboutPanel.js";
import { labelsBelow } from "../../../Sources/CWebAssets/web/js/source/filingDialogs.js";
import { dayOf, filingOf, holdsWords, tagsOf, timeOf } from "../../../Sources/CWebAssets/web/js/source/filingWords.js";
import { equal, test } from "./harness.js";

const morning = "2026-03-01T08:30:00Z";
const formOf = (values) => new Map(Object.entries({ tags: "", from: "", until: "", successor: "", ...values }));
const plain = { tags: [], effectiveFrom: null, effectiveUntil: null, supersededBy: null };

test("a time of day that was set elsewhere is kept unless its day changes", () => {
  equal(
    [dayOf(morning), timeOf("2026-03-01", morning), timeOf("2026-03-02", morning), timeOf("", morning), dayOf(null)],
    ["2026-03-01", morning, "2026-03-02", null, ""],
  );
});

test("tags are parted by commas and each counts once", () => {
  equal(tagsOf(" ward, night shift,,ward ,"), ["ward", "night shift"]);
});

test("a form that nobody touched sends what was there", () => {
  const filing = { tags: ["a", "b"], effectiveFrom: morning, effectiveUntil: null, supersededBy: "doc_2" };
  equal(filingOf(formOf({ tags: "a, b", from: "2026-03-01", successor: "doc_2" }), filing), filing);
  equal(filingOf(formOf({}), filing), plain);
});

test("what does not hold today says so", () => {
  const now = Date.parse("2026-06-01T00:00:00Z");
  const words = (more) => holdsWords({ ...plain, ...more }, now);
  equal(
    [words({}), words({ effectiveFrom: morning }), words({ effectiveUntil: "2026-06-01T00:00:00Z" })],
    [null, null, "This holds no longer. Answers leave it out."],
  );
  equal(words({ effectiveFrom: "2026-07-01" }).includes("not hold yet"), true);
  equal(words({ supersededBy: "doc_2" }).includes("anew"), true);
});

test("nobody is offered a label above their clearance", () => {
  equal(["internal", "top_secret", undefined].map((one) => labelsBelow(one).length), [2, 5, 0]);
});

test("a rule speaks of the reader as you and of another person by name", () => {
  const access = { granted: true, rule: "user usr_1 is in the allow-set" };
  equal(ruleWords(access, { id: "usr_1" }, "usr_1"), {
    sentence: "You may see this document, by this rule:", rule: "user you is in the allow-set",
  });
  equal(ruleWords({ ...access, granted: false }, { id: "usr_1", displayName: "Anna $&" }, "usr_0"), {
    sentence: "Anna $& may not see this document, by this rule:", rule: "user Anna $& is in the allow-set",
  });
});

test("only a version that was read is a link, and the shown one is marked", () => {
  const version = (number, state, current = false) =>
    ({ id: `ver_${number}`, number, state, current, created: morning });
  const list = versionsPart(
    [version(3, "failed"), version(2, "ready", true), version(1, "ready")], { document: "doc_1", version: "ver_1" });
  equal(
    [...list.querySelectorAll("a")].map((link) => [link.getAttribute("href"), link.getAttribute("aria-current")]),
    [["#/documents/doc_1", null], ["#/documents/doc_1?version=ver_1", "true"], ["#/documents/doc_1/compare", null]],
  );
  const single = versionsPart([version(2, "failed"), version(1, "ready", true)], { document: "doc_1", version: "ver_1" });
  equal(single.querySelector("#compare"), null);
});

test("only those who may change documents are offered to file one", () => {
  const buttons = (permissions) => {
    session.set({ permissions });
    const count = filingPart(plain, null, () => {}).querySelectorAll("button").length;
    session.set(null);
    return count;
  };
  equal([buttons([]), buttons(["documents.write"])], [0, 1]);
});
