import { webAddress } from "../../../Sources/CWebAssets/web/js/base/dom.js";
import {
  ageWords,
  currentWords,
  everyWords,
  fieldOfProblem,
  optionWords,
  peopleWords,
  retryWords,
  stateOf,
  stepWords,
  valueWords,
} from "../../../Sources/CWebAssets/web/js/sources/sourceWords.js";
import { proofWords } from "../../../Sources/CWebAssets/web/js/sources/hookPanel.js";
import { visibleWords } from "../../../Sources/CWebAssets/web/js/sources/visiblePanel.js";
import { equal, test } from "./harness.js";

const current = "2026-01-02T08:00:00Z";

test("every state of a source has words", () => {
  const names = ["waiting", "running", "failing", "held", "paused", "removing"];
  equal(
    names.map((state) => stateOf({ state, current }).words),
    ["Current", "Reading", "Failing", "Needs a decision", "Paused", "Being deleted"],
  );
});

test("what was never read to its end is not called current, and an unknown state is no fault", () => {
  equal(
    [{ state: "waiting", current: null }, { state: "waiting" }, { state: "constructor", current }]
      .map((one) => stateOf(one).words),
    ["Waiting", "Waiting", "Waiting"],
  );
});

test("how current a source is", () => {
  equal([null, undefined, 0, 59, 60, 200, 7200, 200_000].map(currentWords), [
    "not read to its end yet", "not read to its end yet", "current to a moment ago", "current to a moment ago",
    "current to 1 minute ago", "current to 3 minutes ago", "current to 2 hours ago", "current to 2 days ago",
  ]);
  equal([ageWords(null), ageWords(200)], ["Not read to its end yet", "3 minutes ago"]);
  equal([10, 60, 300, 3600, 604_800].map(everyWords),
    ["Every 10 seconds", "Every minute", "Every 5 minutes", "Every hour", "Every 7 days"]);
});

test("when a document is tried again", () => {
  const now = Date.parse(current);
  equal(
    [null, "no time", "2026-01-02T08:00:30Z", "2026-01-02T07:00:00Z", "2026-01-02T10:00:00Z"]
      .map((retry) => retryWords(retry, now)),
    [
      "Tried again when it changes at the source.", "Tried again when it changes at the source.",
      "Tried again with the next run.", "Tried again with the next run.", "Tried again in 2 hours.",
    ],
  );
});

test("who may see the documents", () => {
  const states = { statesPermissions: true };
  equal(
    [
      peopleWords({ obeysSource: true, match: "email" }, states),
      peopleWords({ obeysSource: true, match: "none" }, states),
      peopleWords({ obeysSource: false, match: "email" }, states),
      peopleWords({ obeysSource: true, match: "email" }, { statesPermissions: false }),
    ],
    [
      "Whom the source admits, recognised by e-mail address", "Whom the source admits, named one by one",
      "Everybody who may read the collection", "Everybody who may read the collection",
    ],
  );
});

test("settings and steps in words", () => {
  equal(["access_key", "url", "path"].map(optionWords), ["Access key", "URL", "Path"]);
  equal([["a", "b"], true, false, 7, "x"].map(valueWords), ["a, b", "Yes", "No", "7", "x"]);
  equal(["items", "new_step", "constructor"].map(stepWords), ["Documents", "New step", "Constructor"]);
});

test("a refusal is shown at the field that it names, and at none when it names none", () => {
  const options = [{ name: "include" }];
  const settings = (detail) => fieldOfProblem({ code: "intake.settings", detail }, options);
  equal(
    [
      fieldOfProblem({ code: "intake.name_taken" }, options), fieldOfProblem({ code: "intake.bad_interval" }, options),
      settings("The setting include is a list of texts."), settings("The setting missing is a text."),
      settings("The folder is in none that the operator opened."), fieldOfProblem({ code: "constructor" }, options),
    ],
    ["name", "every", "option.include", null, null, null],
  );
});

test("what somebody sees", () => {
  equal(
    [visibleWords({ name: "Anna", visible: 12, documents: 40 }), visibleWords({ name: "A", visible: 0, documents: 1 })],
    ["Anna sees 12 of 40 documents.", "A sees 0 of 1 document."],
  );
});

test("a link to another system is of the web and carries no password", () => {
  equal(
    [
      "https://wiki.example/p?a=1#b", "HTTP://wiki.example", "javascript:alert(1)", "data:text/html,x",
      "//wiki.example", "/library", "https://user:word@wiki.example/", "https://", null, 7, " https://wiki.example",
    ].map(webAddress),
    ["https://wiki.example/p?a=1#b", "http://wiki.example/", null, null, null, null, null, null, null, null, null],
  );
});

test("a webhook is told how to prove itself, whatever the kind", () => {
  equal(["confluence", "git", "s3", "constructor"].map((kind) => /secret/.test(proofWords(kind))), [true, true, true, true]);
  equal(proofWords("s3"), proofWords("toString"));
});
