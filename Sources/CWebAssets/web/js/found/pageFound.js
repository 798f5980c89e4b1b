// "What we found in your folder": how far a collection has come, what cannot be read, and what is worth knowing of the
// rest. Every number is of documents that this person may see.
import { get } from "../base/api.js";
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { problemView } from "../base/problem.js";
import { may } from "../base/session.js";
import { computed, effect, signal } from "../base/state.js";
import { openCollectionSettings } from "../library/collectionSettings.js";
import { watch } from "../sources/watch.js";
import { duplicateGroups } from "./duplicateGroups.js";
import { findingsView, foundCard } from "./findingsView.js";
import { foundCalls } from "./foundCalls.js";
import { openOf, settledOf } from "./foundWords.js";
import { progressMeter } from "./progressMeter.js";
import { reviewList } from "./reviewList.js";
import { suggestionList } from "./suggestionList.js";
import { unreadableList } from "./unreadableList.js";

const { section, header, h1, p, a, button } = tags;
const settlingMilliseconds = 1000;
const settledMilliseconds = 4000;
// What looks through every document is asked seldom while documents arrive, and once when all have.
const lookMilliseconds = 10_000;

export function pageFound({ parameters, signal: left }) {
  const id = parameters.collection;
  const path = `/collections/${encodeURIComponent(id)}`;
  const name = signal(null);
  get(path, { signal: left }).then((found) => name.set(found.name), () => {});
  const progress = watch(() => get(`${path}/progress`, { signal: left }), left, {
    pause: () => (openOf(progress.value.peek() ?? {}) > 0 ? settlingMilliseconds : settledMilliseconds),
  });
  const calls = foundCalls(id, { reviews: may("collections.manage"), asks: may("answers.ask"), left });
  askAgain(progress.value, calls);
  const isKnown = computed(() => progress.value() !== null);
  const node = section(
    { class: "sources narrow found", "aria-labelledby": "page-title" },
    header(
      { class: "sources-head" },
      a({ class: "button quiet back", href: `#/library/${encodeURIComponent(id)}` }, icon("back"), "Documents"),
      h1({ id: "page-title", tabindex: "-1" }, () => (name() ? `What we found in ${name()}` : "What we found")),
      may("collections.manage") ? button(
        { type: "button", class: "button quiet", onclick: () => openCollectionSettings(id) }, "Settings",
      ) : null,
    ),
    () => (progress.problem() ? problemView(progress.problem(), progress.again) : null),
    () => (isKnown() ? foundCard("progress-title", "Documents", progressMeter(progress.value)) : null),
    () => (isKnown() || progress.problem() ? null : p({ class: "working", role: "status" }, "Counting the documents")),
    () => (isKnown() ? parts(progress, calls) : null),
  );
  return { title: "What we found", node };
}

/** Asks again after each change of the numbers, but not more often than the server should look through everything. */
function askAgain(progress, calls) {
  const all = Object.values(calls).filter(Boolean);
  const round = computed(() => roundOf(progress(), Date.now()));
  let before = null;
  effect(() => {
    const now = round();
    if (before !== null && now !== before) all.forEach((one) => one.again());
    before = now;
  });
}

/** Equal for moments between which nothing needs to be asked again. */
export function roundOf(progress, now) {
  if (progress === null) return null;
  if (openOf(progress) > 0) return `open ${Math.floor(now / lookMilliseconds)}`;
  return `settled ${settledOf(progress)} ${progress.ready} ${progress.failed} ${progress.quarantined ?? 0}`;
}

function parts(progress, { findings, duplicates, suggestions, waiting, unreadable }) {
  const anyFailed = computed(() => progress.value().failed > 0);
  return [
    waiting ? reviewPart(waiting, progress) : null,
    () => {
      if (unreadable.problem()) return problemView(unreadable.problem(), unreadable.again);
      const found = unreadable.value();
      if (!found || found.documents.length === 0 || !anyFailed()) return null;
      return foundCard("unreadable-title", "Not readable", unreadableList(found));
    },
    suggestions ? told(suggestions, ({ items }) => (
      items.length > 0 ? foundCard("suggestions-title", "Questions to begin with", suggestionList(items)) : null
    )) : null,
    told(findings, findingsView),
    told(duplicates, (report) => foundCard("duplicates-title", "Near-duplicates", duplicateGroups(report))),
  ];
}

/** Nothing for what the server does not tell; what it could not tell this time is said. */
function told(one, show) {
  // What is the same as before stays the same nodes, with whatever was opened in them.
  const text = computed(() => JSON.stringify(one.value()));
  return () => {
    if (one.problem()) return problemView(one.problem(), one.again);
    const found = JSON.parse(text());
    return found && !found.absent ? show(found) : null;
  };
}

function reviewPart(waiting, progress) {
  const found = computed(() => (Array.isArray(waiting.value()?.items) ? waiting.value() : { items: [], total: 0 }));
  const some = computed(() => found().items.length > 0);
  const onDecided = (version) => {
    const { items, total } = found.peek();
    waiting.set({ items: items.filter((one) => one.version !== version), total: total - 1 });
    progress.again();
  };
  return [
    () => (waiting.problem() ? problemView(waiting.problem(), waiting.again) : null),
    () => (some() ? foundCard("review-title", "Waits for review", reviewList(found, onDecided)) : null),
  ];
}
