import { problemFrom, ProblemError } from "../../../Sources/CWebAssets/web/js/base/problem.js";
import { watch } from "../../../Sources/CWebAssets/web/js/sources/watch.js";
import { equal, test } from "./harness.js";

const settled = () => new Promise((resolve) => setTimeout(resolve));

/** A watch whose answers the test gives, ended when `body` is. */
async function watching(body) {
  const left = new AbortController();
  const waiting = [];
  const load = () => new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  await body(watch(load, left.signal), waiting);
  left.abort();
}

test("what an action gave is not undone by an older answer", () => watching(async (one, waiting) => {
  one.set("paused");
  waiting[0].resolve("running");
  await settled();
  equal(one.value.peek(), "paused");
}));

test("a failure keeps what is known, is told once, and goes", () => watching(async (one, waiting) => {
  waiting[0].resolve("known");
  await settled();
  let told = 0;
  const refused = () => new ProblemError({ status: 503, code: "busy", title: "Busy.", detail: "" });
  for (const turn of [1, 2]) {
    one.again();
    const before = one.problem.peek();
    waiting[turn].reject(refused());
    await settled();
    if (one.problem.peek() !== before) told += 1;
  }
  equal([one.value.peek(), one.problem.peek(), told], ["known", problemFrom(refused()), 1]);
  one.again();
  waiting[3].resolve("newer");
  await settled();
  equal([one.value.peek(), one.problem.peek()], ["newer", null]);
}));
