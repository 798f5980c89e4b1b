// One row per source: what it is called, whether it is current, and what stands in the way when it is not.
import { keyed, tags } from "../base/dom.js";
import { counted } from "../base/format.js";
import { icon } from "../base/icon.js";
import { may } from "../base/session.js";
import { computed } from "../base/state.js";
import { pictureOf } from "./kinds.js";
import { currentWords, stateOf } from "./sourceWords.js";

const { ul, li, div, span, a, p } = tags;

/** The address of a source's page. */
export function addressOf(id) {
  return `#/sources/${encodeURIComponent(id)}`;
}

/** The list of `sources()`; `titleOf(kind)` is what the kind is called. */
export function sourceRows(sources, titleOf) {
  return keyed(
    ul({ class: "sources-list", "aria-label": "Sources" }),
    sources,
    (one) => one.id,
    (one) => row(one, titleOf),
  );
}

/** The state of a source as a word with a colour and a picture. */
export function sourceBadge(one) {
  const { words, kind, picture } = stateOf(one);
  return span({ class: `badge ${kind}` }, icon(picture), words);
}

/** `sourceBadge` of a signal of a source; it changes only when the state does. */
export function followedBadge(one) {
  const state = computed(() => one().state);
  const isRead = computed(() => Boolean(one().current));
  return () => sourceBadge({ state: state(), current: isRead() });
}

// What holds the focus must stay the same node while the list is asked for again: only text and attributes follow.
function row(one, titleOf) {
  const problem = computed(() => one().problem ?? "");
  const problems = computed(() => one().problems);
  return li(
    { class: "sources-row", "data-source": () => one().id, "data-state": () => one().state },
    icon(pictureOf(one.peek().kind)),
    div(
      { class: "sources-name" },
      a({ class: "sources-title", href: addressOf(one.peek().id) }, () => one().name),
      span(
        { class: "sources-kind" },
        span(() => titleOf(one().kind)),
        () => (problems() > 0 ? problemsLink(one.peek().id, problems()) : null),
      ),
      () => (problem() ? p({ class: () => `sources-problem ${one().state}` }, problem()) : null),
    ),
    span(
      { class: "sources-facts" },
      span(() => counted(one().documents, "document")),
      span(() => currentWords(one().lagSeconds)),
    ),
    span({ class: "sources-state" }, followedBadge(one)),
  );
}

/** Names of documents are for those who manage sources; others see how many there are. */
function problemsLink(id, count) {
  const words = `${counted(count, "document")} not taken in`;
  return may("sources.manage")
    ? a({ class: "sources-problems", href: `${addressOf(id)}?show=problems` }, words)
    : span({ class: "sources-problems" }, words);
}
