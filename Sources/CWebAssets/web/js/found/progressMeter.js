// How far a collection has come: documents per second while it settles, and how many are in each state.
import { tags } from "../base/dom.js";
import { counted, ofTotal } from "../base/format.js";
import { computed, effect, signal } from "../base/state.js";
import { stateBadge } from "../library/documentRows.js";
import { countsOf, leftWords, openOf, rateOf, rateWords, sampled, settledOf } from "./foundWords.js";

const { div, p, ul, li, span, progress: bar } = tags;

/** `progress` is a signal of `GET /collections/{id}/progress`; `now()` gives milliseconds. */
export function progressMeter(progress, now = () => performance.now()) {
  const samples = signal([]);
  effect(() => {
    const found = progress();
    samples.set(openOf(found) > 0 ? sampled(samples.peek(), found, now()) : []);
  });
  const isOpen = computed(() => openOf(progress()) > 0);
  const title = computed(() => (isOpen() ? "Reading your documents" : settledWords(progress())));
  return div(
    { class: "meter" },
    // Said once when it begins and once when it ends; the numbers between are for whoever looks.
    p({ class: "meter-title", role: "status" }, () => title()),
    () => (isOpen() ? moving(progress, samples) : null),
    ul(
      { class: "meter-counts", "aria-label": "Documents by state" },
      () => countsOf(progress()).map(({ state, documents }) => li(
        { "data-count": state },
        stateBadge(state),
        span({ class: "meter-number" }, documents.toLocaleString()),
      )),
    ),
  );
}

function settledWords(progress) {
  const settled = settledOf(progress);
  if (settled === 0) return "There is no document here yet.";
  return `${counted(settled, "document")}, nothing is on its way.`;
}

function moving(progress, samples) {
  const total = () => settledOf(progress()) + openOf(progress());
  const rate = () => rateOf(samples());
  return [
    bar({
      "aria-label": "Documents read", max: () => String(total()), value: () => String(settledOf(progress())),
    }),
    p(
      { class: "meter-rate" },
      span({ class: "meter-speed" }, () => rateWords(rate())),
      span(() => ofTotal(settledOf(progress()), total())),
      () => (leftWords(rate(), openOf(progress())) ? span(leftWords(rate(), openOf(progress()))) : null),
    ),
  ];
}
