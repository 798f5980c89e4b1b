import {
  draftOf,
  initialValue,
  minutesText,
  optionsOf,
  secondsOf,
} from "../../../Sources/CWebAssets/web/js/sources/sourceDraft.js";
import { equal, test } from "./harness.js";

const options = [
  { name: "url", form: "text" },
  { name: "folders", form: "texts" },
  { name: "depth", form: "integer" },
  { name: "drafts", form: "flag" },
  { name: "style", form: "choice", choices: ["a", "b"] },
  { name: "token", form: "secret" },
];
const kind = { name: "wiki", statesPermissions: true, options };

/** FormData as the form gives it: text fields are there although empty, checkboxes only when set. */
function filled(values) {
  const data = new FormData();
  const all = { "option.url": "", "option.folders": "", "option.depth": "", "option.style": "", "option.token": "" };
  for (const [name, value] of Object.entries({ ...all, ...values })) data.set(name, value);
  return data;
}

test("each form of option becomes a value of its type", () => {
  const data = filled({
    "option.url": "  wiki.example ", "option.folders": "a\r\n\r\n  b  \nc\n", "option.depth": "12",
    "option.drafts": "on", "option.style": "b", "option.token": " s3cret ",
  });
  equal(optionsOf(data, options), {
    url: "wiki.example", folders: ["a", "b", "c"], depth: 12, drafts: true, style: "b", token: " s3cret ",
  });
});

test("what is empty is left out, so that a stored secret stays", () => {
  equal(optionsOf(filled({ "option.folders": " \n \n" }), options), {});
});

test("a new source has all that the API asks for", () => {
  const data = filled({
    name: " Ward ", collection: "col_1", every: "1.5", obeys: "on", match: "username", "option.url": "u",
  });
  equal(draftOf(data, kind), {
    name: "Ward", kind: "wiki", collection: "col_1", options: { url: "u" }, every: 90,
    people: { obeysSource: true, match: "username" },
  });
});

test("a kind without permissions is not asked about people", () => {
  const data = filled({ name: "n", collection: "c", every: "" });
  const draft = draftOf(data, { ...kind, statesPermissions: false });
  equal([draft.people === undefined, draft.every], [true, 300]);
});

test("a change keeps what the form does not show", () => {
  const people = { obeysSource: true, match: "none", accounts: { a: "b" }, staleHours: 6 };
  const known = { collection: "col_1", label: "restricted", every: 45, people };
  const data = filled({ name: "n", every: "0.75", obeys: "on", match: "none" });
  const draft = draftOf(data, kind, known);
  equal([draft.collection, draft.label, draft.every, draft.people], ["col_1", "restricted", 45, people]);
  const opened = draftOf(filled({ name: "n", every: "1" }), kind, known);
  equal(opened.people, { ...people, obeysSource: false });
});

test("minutes are seconds, and an odd stored time is not rounded by looking at it", () => {
  equal([300, 60, 45, 100, 604_800].map(minutesText), ["5", "1", "0.75", "1.67", "10080"]);
  equal(
    [secondsOf("1.67", 100), secondsOf("1.67", 300), secondsOf("0,5"), secondsOf("", 20), secondsOf("")],
    [100, 100, 30, 20, 300],
  );
});

test("a form shows what is stored, and of a secret nothing", () => {
  const stored = { url: "u", folders: ["a", "b"], depth: 3, drafts: true, token: "never" };
  equal(options.map((option) => initialValue(option, stored)), ["u", "a\nb", "3", true, "", ""]);
  equal(options.map((option) => initialValue(option)), ["", "", "", false, "", ""]);
});
