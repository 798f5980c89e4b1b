// A test runner of a page: no package, no Node. The browser test reads `results` and fails for each entry that failed.
const results = [];
let running = Promise.resolve();

/** Runs `body` after the tests before it; it may be asynchronous. */
export function test(name, body) {
  running = running.then(body).then(
    () => results.push({ name, passed: true }),
    (failure) => results.push({ name, passed: false, message: String(failure?.message ?? failure) }),
  );
}

/** Fails unless both have the same JSON form; a function, which JSON would drop, equals nothing. */
export function equal(found, wanted) {
  const [left, right] = [json(found), json(wanted)];
  if (left !== right) throw new Error(`found ${left}, wanted ${right}`);
}

/** Fails unless `body` throws. */
export function throws(body) {
  let thrown = false;
  try {
    body();
  } catch {
    thrown = true;
  }
  if (!thrown) throw new Error("nothing was thrown");
}

/** All results, once every test has ended. */
export async function finished() {
  let last;
  do {
    last = running;
    await last;
  } while (last !== running);
  return results;
}

const json = (value) => JSON.stringify(value, (_, one) => (typeof one === "function" ? `function ${one.name}` : one));
