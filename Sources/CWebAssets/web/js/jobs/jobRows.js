// One row per job: what it is, how far it has come, why it failed, and what can be done.
import { keyed, tags } from "../base/dom.js";
import { ago, counted, ofTotal } from "../base/format.js";
import { icon } from "../base/icon.js";
import { computed } from "../base/state.js";
import { actionOf, addressOf, kindWords, stateOf, titleOf } from "./jobWords.js";

const { ul, li, div, span, a, p, button, progress: bar, time } = tags;

/** The list of `jobs()`; `onAct(job, action)` promises whether it is done, or is null for who may not cancel. */
export function jobRows(jobs, onAct) {
  return keyed(
    ul({ class: "job-list", "aria-label": "Jobs" }),
    jobs,
    (one) => one.id,
    (one) => row(one, onAct),
  );
}

/** The state of a job as a word with a colour and a picture. */
export function jobBadge(state) {
  const { words, kind, picture } = stateOf(state);
  return span({ class: `badge ${kind}` }, icon(picture), words);
}

// What holds the focus must stay the same node while events arrive: only text and attributes follow.
function row(one, onAct) {
  const state = computed(() => one().state);
  const reason = computed(() => (one().state === "succeeded" ? "" : one().reason ?? ""));
  return li(
    { class: "job-row", "data-job": () => one().id, "data-state": () => one().state },
    div(
      { class: "job-name" },
      title(one.peek()),
      span({ class: "job-facts" }, () => factsOf(one())),
      () => (reason() ? p({ class: () => `job-reason ${state()}` }, reason()) : null),
      () => (state() === "leased" ? progressOf(one) : null),
    ),
    span({ class: "job-state" }, () => jobBadge(state())),
    onAct ? actions(one, state, onAct) : null,
  );
}

function title(job) {
  const address = addressOf(job);
  return address
    ? a({ class: "job-title", href: address }, titleOf(job))
    : span({ class: "job-title" }, titleOf(job));
}

function factsOf(job) {
  return [
    job.title ? `${kindWords(job.kind)} · ` : null,
    job.attempt > 1 ? `${counted(job.attempt, "attempt")} · ` : null,
    time({ datetime: job.updated }, ago(job.updated)),
  ];
}

function progressOf(one) {
  const share = () => (one().total > 0 ? ofTotal(one().done, one().total) : null);
  const label = { "aria-label": `Progress of ${titleOf(one.peek())}` };
  return div(
    { class: "job-progress" },
    () => (one().total > 0
      ? bar({ ...label, max: String(one().total), value: String(Math.min(one().done, one().total)) })
      : bar(label)),
    span(() => [one().step, share()].filter(Boolean).join(" · ")),
  );
}

/** The button that a press takes away gives the focus to the other. */
function actions(one, state, onAct) {
  const make = (action, words, look) => button(
    {
      type: "button", class: look, "data-act": action, "aria-label": `${words}: ${titleOf(one.peek())}`,
      hidden: () => actionOf(state()) !== action,
      onclick: async (event) => {
        const buttons = event.currentTarget.parentElement;
        if (await onAct(one.peek(), action)) buttons.querySelector("button:not([hidden])")?.focus();
      },
    },
    words,
  );
  return div(
    { class: "job-actions" },
    make("cancel", "Cancel", "button quiet"),
    make("retry", "Try again", "button"),
  );
}
