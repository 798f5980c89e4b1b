import {
  computed,
  effect,
  scope,
  signal,
  untracked,
  whenDisposed,
} from "../../../Sources/CWebAssets/web/js/base/state.js";
import { equal, test } from "./harness.js";

test("an effect runs at once and after each change of what it read", () => {
  const count = signal(1);
  const seen = [];
  effect(() => seen.push(count()));
  count.set(2);
  count.set(2);
  count.update((value) => value + 1);
  equal(seen, [1, 2, 3]);
});

test("an effect follows only what it read the last time", () => {
  const [which, left, right] = [signal(true), signal("l"), signal("r")];
  const seen = [];
  effect(() => seen.push(which() ? left() : right()));
  right.set("r2");
  which.set(false);
  left.set("l2");
  equal(seen, ["l", "r2"]);
});

test("a computed signal follows its sources", () => {
  const count = signal(2);
  const double = computed(() => count() * 2);
  count.set(5);
  equal(double(), 10);
});

test("nothing of a scope runs after it was disposed of, nested effects included", () => {
  const count = signal(0);
  const seen = [];
  const { dispose } = scope(() => {
    whenDisposed(() => seen.push("end"));
    effect(() => {
      count();
      effect(() => seen.push(count()));
    });
  });
  dispose();
  count.set(1);
  equal(seen, [0, "end"]);
});

test("an inner effect ends when the outer one runs again", () => {
  const [outer, inner] = [signal(0), signal(0)];
  let runs = 0;
  effect(() => {
    outer();
    effect(() => {
      inner();
      runs += 1;
    });
  });
  outer.set(1);
  runs = 0;
  inner.set(1);
  equal(runs, 1);
});

test("what is read untracked is not followed", () => {
  const count = signal(0);
  let runs = 0;
  effect(() => {
    untracked(() => count());
    runs += 1;
  });
  count.set(1);
  equal(runs, 1);
});
