import { signal } from "../../../Sources/CWebAssets/web/js/base/state.js";
import { documentRows } from "../../../Sources/CWebAssets/web/js/library/documentRows.js";
import { equal, test } from "./harness.js";

const row = (more) => ({ id: "a", title: "Leave", path: "leave.md", state: "ready", bytes: 9, chunks: 1, ...more });
const linkOf = (list) => list.querySelector(".document-outside");

test("a document that a source brought leads there and is not deleted here", () => {
  const documents = signal([row({ source: "src_1", origin: "https://wiki.example/leave" })]);
  const list = documentRows(documents, () => {});
  equal([list.querySelectorAll("button").length, list.querySelectorAll(".document-source").length], [0, 1]);
  equal([linkOf(list).href, linkOf(list).rel], ["https://wiki.example/leave", "noopener noreferrer"]);
  documents.set([row({ source: "src_1", origin: "file:///etc/passwd" })]);
  equal(linkOf(list), null);
});

test("a document that a person added has no source and can be deleted", () => {
  const list = documentRows(signal([row({ source: null, origin: null })]), () => {});
  equal([list.querySelectorAll("button").length, list.querySelectorAll(".document-origin").length], [1, 0]);
});

test("what to do about a document that could not be read depends on where it came from", () => {
  const failed = (more) => documentRows(signal([row({ state: "failed", ...more })]), null).textContent;
  equal([failed({}).includes("add it again"), failed({ source: "src_1" }).includes("at the source")], [true, true]);
});
