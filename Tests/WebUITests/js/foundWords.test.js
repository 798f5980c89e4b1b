import { ProblemError } from "../../../Sources/CWebAssets/web/js/base/problem.js";
import { absent, orAbsent } from "../../../Sources/CWebAssets/web/js/found/foundCalls.js";
import {
  byAdvice,
  countsOf,
  findingsWords,
  kindWords,
  languageWords,
  leftWords,
  likenessWords,
  openOf,
  rateOf,
  rateWords,
  sampled,
  settledOf,
} from "../../../Sources/CWebAssets/web/js/found/foundWords.js";
import { roundOf } from "../../../Sources/CWebAssets/web/js/found/pageFound.js";
import { equal, test } from "./harness.js";

const settledIs = (settled) => ({ queued: 9, processing: 1, ready: settled, failed: 0 });

test("a collection counts what is over and what is on its way, also from a server that knows no review", () => {
  const progress = { queued: 2, processing: 1, ready: 5, failed: 1 };
  equal([settledOf(progress), openOf(progress), settledOf({ ...progress, quarantined: 3 })], [6, 3, 9]);
  equal(countsOf({ ...progress, processing: 0, quarantined: 3 }).map((one) => `${one.state} ${one.documents}`),
    ["queued 2", "ready 5", "quarantined 3", "failed 1"]);
});

test("the rate is that of the last seconds and starts anew when documents go back", () => {
  let samples = [];
  for (const [at, settled] of [[0, 0], [1000, 10], [4000, 40], [30_000, 300]]) {
    samples = sampled(samples, settledIs(settled), at);
    if (at === 1000) equal(rateOf(samples), null);
    if (at === 4000) equal(rateOf(samples), 10);
  }
  equal(samples, [{ at: 30_000, settled: 300 }]);
  samples = sampled(sampled(samples, settledIs(320), 32_000), settledIs(100), 33_000);
  equal([samples.length, rateOf(samples)], [1, null]);
});

test("a rate in words, in the unit that a person can picture", () => {
  equal([null, 0, 0.001, 0.2, 2.5, 12.3, 1500].map(rateWords).map((words) => words.replace(/[.,](?=\d)/, ".")), [
    "Measuring", "Nothing finished in the last seconds", "1 document per minute", "12 documents per minute",
    "2.5 documents per second", "12 documents per second", "1.500 documents per second",
  ]);
  equal([leftWords(10, 1800), leftWords(0, 5), leftWords(null, 5), leftWords(5, 0)],
    ["about 3 minutes left", null, null, null]);
});

test("kinds and languages have names, and a new one is no fault", () => {
  equal(["iban", "new_kind", "constructor"].map(kindWords), ["Bank accounts (IBAN)", "New kind", "Constructor"]);
  equal(findingsWords([{ kind: "iban", count: 2 }, { kind: "hidden_text", count: 1 }]),
    "Bank accounts (IBAN): 2 · Hidden text: 1");
  equal(["de", "not a code"].map((code) => languageWords(code, "en")), ["German", "not a code"]);
});

test("what is not the same is never called wholly alike, and a copy may be one of another than the oldest", () => {
  const words = (similarity, exact, isOldest = false) => likenessWords({ similarity, exact }, isOldest);
  equal([words(1, false, true), words(1, true, true), words(1, true), words(1, false), words(0.812, true)], [
    "the oldest", "the oldest, has an exact copy here", "has an exact copy here", "99 % like the oldest",
    "81 % like the oldest, has an exact copy here",
  ]);
});

test("unreadable files stand under what is the matter with them, the commonest first", () => {
  const groups = byAdvice([{ advice: "Empty." }, { advice: "Locked." }, { advice: "Locked." }, {}]);
  equal(groups.map(({ advice, documents }) => [advice, documents.length]),
    [["Locked.", 2], ["Empty.", 1], ["It could not be read.", 1]]);
});

test("what a server does not tell is nothing, and what it could not tell this time is a problem", async () => {
  const refused = (status) => Promise.reject(new ProblemError({ status, code: "x", title: "", detail: "" }));
  equal([await orAbsent(refused(404)), await orAbsent(refused(403)), await orAbsent(Promise.resolve(1))],
    [absent, absent, 1]);
  equal(await orAbsent(refused(503)).catch((failure) => failure.problem.status), 503);
});

test("everything is looked through seldom while documents arrive, and once when all have", () => {
  const open = settledIs(3);
  const over = { queued: 0, processing: 0, ready: 3, failed: 0 };
  equal(
    [roundOf(open, 1000) === roundOf(open, 9999), roundOf(open, 1000) === roundOf(open, 10_000),
      roundOf(open, 1000) === roundOf(over, 1000), roundOf(over, 1000) === roundOf(over, 99_000), roundOf(null, 1)],
    [true, false, false, true, null],
  );
});
