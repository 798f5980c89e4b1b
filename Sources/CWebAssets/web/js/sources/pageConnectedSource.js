// One source: how it is doing, what stands in the way, and what can be done.
import { get } from "../base/api.js";
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { problemView } from "../base/problem.js";
import { go } from "../base/router.js";
import { may } from "../base/session.js";
import { computed, effect, signal } from "../base/state.js";
import { loadCollections } from "../library/collections.js";
import { connectionSteps } from "./connectionSteps.js";
import { decisionPanel } from "./decisionPanel.js";
import { hookPanel } from "./hookPanel.js";
import { loadKinds } from "./kinds.js";
import { problemList } from "./problemList.js";
import { SourceActions, actionButtons } from "./sourceActions.js";
import { sourceFacts } from "./sourceFacts.js";
import { followedBadge } from "./sourceRows.js";
import { visiblePanel } from "./visiblePanel.js";
import { watch } from "./watch.js";

const { section, header, div, h1, h2, p, a, span } = tags;

export function pageConnectedSource({ parameters, query, signal: left }) {
  const id = parameters.source;
  const source = watch(() => get(`/sources/${encodeURIComponent(id)}`, { signal: left }), left);
  const isKnown = computed(() => source.value() !== null);
  leaveWhenGone(source);
  const surroundings = signal({ kinds: [], collections: [] });
  Promise.all([loadKinds(left), loadCollections(left)])
    .then(([kinds, collections]) => surroundings.set({ kinds, collections }), () => {});
  const node = div(
    { class: "sources narrow" },
    header(
      { class: "sources-head" },
      a({ class: "button quiet back", href: "#/sources" }, icon("back"), "Sources"),
      h1({ id: "page-title", tabindex: "-1" }, () => source.value()?.name ?? "Source"),
      () => (isKnown() ? span({ class: "sources-state" }, followedBadge(source.value)) : null),
    ),
    () => (source.problem() ? problemView(source.problem(), source.again) : null),
    () => (isKnown() ? parts({ id, source, surroundings, query, left }) : null),
  );
  return { title: "Source", node };
}

/** A source that was being deleted is gone at last. */
function leaveWhenGone(source) {
  effect(() => {
    if (source.problem()?.status === 404 && source.value.peek()?.state === "removing") go("/sources");
    else if (source.value()) document.title = `${source.value().name} · Cloister`;
  });
}

function parts({ id, source, surroundings, query, left }) {
  const one = source.value;
  const state = computed(() => one().state);
  const isLeaving = computed(() => state() === "removing");
  const [problem, report] = [signal(null), signal(null)];
  const actions = new SourceActions(id, { source, problem, report });
  const manages = may("sources.manage");
  return [
    () => (manages && !isLeaving() ? actionButtons(id, state, actions) : null),
    () => (problem() ? problemView(problem()) : null),
    () => (isLeaving() ? p({ class: "working", role: "status" }, "Its documents are being deleted") : null),
    trouble(one, state, manages ? () => actions.confirm() : null),
    div({ class: "source-form-status", role: "status" }, () => reportView(report())),
    card("facts-title", "About it", () => factsView(one, surroundings())),
    manages ? card("hook-title", "Webhook", hookPanel(id, one.peek())) : null,
    manages ? problemsCard(id, one, query, left) : null,
    manages && may("users.read")
      ? card("visible-title", "What would somebody see?", visiblePanel(id, left))
      : null,
  ];
}

function trouble(one, state, onConfirm) {
  const sentence = computed(() => one().problem ?? "");
  const held = computed(() => one().held);
  return () => {
    if (state() === "held") return decisionPanel({ held: held() }, onConfirm);
    return sentence() ? problemView({ status: -1, title: titleOf(state()), detail: sentence() }) : null;
  };
}

function titleOf(state) {
  return state === "failing" ? "The last run failed. The next one comes by itself." : "The last run failed.";
}

function reportView(report) {
  if (report === "asking") return p({ class: "working" }, "Testing the connection");
  return report ? connectionSteps(report) : null;
}

/** Facts that do not change by themselves are made anew only when somebody changed them. */
function factsView(one, { kinds, collections }) {
  const known = one.peek();
  return sourceFacts(
    one,
    kinds.find((kind) => kind.name === known.kind),
    collections.find((collection) => collection.id === known.collection),
  );
}

/** Asks for the list whenever the number of problems or the end of a run says that it may be another. */
function problemsCard(id, one, query, left) {
  const found = signal(null);
  const version = computed(() => `${one().problems} ${one().state} ${one().current}`);
  const count = computed(() => one().problems);
  effect(() => {
    version();
    if (count() === 0) found.set([]);
    else get(`/sources/${encodeURIComponent(id)}/problems`, { signal: left }).then((reply) => {
      const isFirst = found.peek() === null;
      found.set(reply.items);
      if (isFirst && query.show === "problems") showProblems();
    }, () => {});
  });
  const some = computed(() => (found()?.length ?? 0) > 0);
  return () => (some() ? card("problems-title", "Could not be taken in", () => problemList(found(), count())) : null);
}

function showProblems() {
  const title = document.getElementById("problems-title");
  title?.scrollIntoView({ block: "start" });
  title?.focus({ preventScroll: true });
}

function card(id, words, ...children) {
  return section({ class: "card", "aria-labelledby": id }, h2({ id, tabindex: "-1" }, words), children);
}
