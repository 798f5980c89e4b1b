import { signal } from "../../../Sources/CWebAssets/web/js/base/state.js";
import { chooser, nameOf } from "../../../Sources/CWebAssets/web/js/people/personQuestion.js";
import { equal, test } from "./harness.js";

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("a slow answer about somebody who is not chosen any more is not shown", async () => {
  const [answer, problem, waiting] = [signal(null), signal(null), []];
  const ask = () => new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  const choose = chooser({ ask, answer, problem });
  choose({ id: "a" });
  choose({ id: "b" });
  waiting[0].resolve("of a");
  await settled();
  equal(answer.peek(), null);
  waiting[1].resolve("of b");
  await settled();
  equal(answer.peek(), { person: { id: "b" }, found: "of b" });
  choose({ id: "a" });
  choose(null);
  waiting[2].reject(new Error("late"));
  await settled();
  equal([answer.peek(), problem.peek(), waiting.length], [null, null, 3]);
});

test("people are called what they are called", () => {
  equal([{ displayName: "Anna", name: "anna" }, { name: "ben" }, {}].map(nameOf), ["Anna", "ben", "This person"]);
});
