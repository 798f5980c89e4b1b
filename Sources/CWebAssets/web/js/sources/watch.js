// Asks the server again and again while somebody looks, so that a page is true without being loaded again.
import { problemFrom } from "../base/problem.js";
import { signal } from "../base/state.js";

const betweenMilliseconds = 4000;
// A page that was left open must not keep its session from ending: without a touch it asks no more.
const quietMillisecondsMax = 15 * 60_000;

/**
 * `{value, problem, again, set}`: what `load` gave last (null at first) and why it does not answer now (or null).
 * `set` puts in what an action gave, and what is on its way then counts no more. Ends when `left` aborts. `pause()` is
 * how many milliseconds after an answer the next question is; null asks only when told to.
 */
export function watch(load, left, { pause = () => betweenMilliseconds } = {}) {
  const value = signal(null);
  const problem = signal(null);
  let turn = 0;
  let timer = 0;
  let touched = Date.now();
  const isQuiet = () => Date.now() - touched > quietMillisecondsMax;
  const set = (found) => {
    turn += 1;
    value.set(found);
    problem.set(null);
  };
  const ask = async () => {
    const mine = (turn += 1);
    try {
      const found = await load();
      if (mine === turn) set(found);
    } catch (failure) {
      const found = problemFrom(failure);
      // The same trouble is told once.
      if (mine === turn && found?.code !== problem.peek()?.code) problem.set(found);
    }
  };
  const again = async () => {
    clearTimeout(timer);
    await ask();
    clearTimeout(timer);
    const wait = pause();
    if (wait !== null && !left.aborted && !document.hidden && !isQuiet()) timer = setTimeout(again, wait);
  };
  const touch = () => {
    const wasQuiet = isQuiet();
    touched = Date.now();
    if (wasQuiet) again();
  };
  for (const name of ["pointermove", "pointerdown", "keydown"]) {
    document.addEventListener(name, touch, { signal: left, passive: true });
  }
  left.addEventListener("abort", () => clearTimeout(timer));
  document.addEventListener("visibilitychange", () => !document.hidden && again(), { signal: left });
  again();
  return { value, problem, again, set };
}
