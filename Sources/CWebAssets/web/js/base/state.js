// A signal is a value that others may follow: `count()` reads it, `count.set(2)` changes it. An effect runs at once and
// again whenever a signal that it read has changed. Everything made while a scope is open ends with that scope, so that
// a page that is left behind follows nothing any more.

let observer = null;
let openScope = null;

/** A value that effects may follow. */
export function signal(initial) {
  let value = initial;
  const followers = new Set();
  const read = () => {
    if (observer) {
      followers.add(observer);
      observer.sources.add(followers);
    }
    return value;
  };
  read.peek = () => value;
  read.set = (next) => {
    if (Object.is(next, value)) return;
    value = next;
    for (const follower of [...followers]) if (followers.has(follower)) follower.run();
  };
  read.update = (change) => read.set(change(value));
  return read;
}

/** Runs `body` now and after every change of what it read. */
export function effect(body) {
  let inner = null;
  const self = {
    sources: new Set(),
    run() {
      release();
      const outer = observer;
      observer = self;
      try {
        inner = scope(body);
      } finally {
        observer = outer;
      }
    },
  };
  const release = () => {
    for (const followers of self.sources) followers.delete(self);
    self.sources.clear();
    inner?.dispose();
    inner = null;
  };
  whenDisposed(release);
  self.run();
}

/** A signal that is always `body()`. */
export function computed(body) {
  const result = signal(undefined);
  effect(() => result.set(body()));
  return result;
}

/** Reads signals in `body` without following them. */
export function untracked(body) {
  const outer = observer;
  observer = null;
  try {
    return body();
  } finally {
    observer = outer;
  }
}

/** Collects the effects and clean-ups made by `body`; `dispose()` ends them all. */
export function scope(body) {
  const outer = openScope;
  const disposers = [];
  openScope = disposers;
  try {
    const result = body();
    return { result, dispose: () => disposers.splice(0).reverse().forEach((end) => end()) };
  } catch (failure) {
    disposers.splice(0).reverse().forEach((end) => end());
    throw failure;
  } finally {
    openScope = outer;
  }
}

/** Has `end` called when the scope that is open now is disposed of. */
export function whenDisposed(end) {
  openScope?.push(end);
}
