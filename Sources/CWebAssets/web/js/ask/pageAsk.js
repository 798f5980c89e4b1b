// Ask: one box, one answer, its evidence beside it.
import { get, post } from "../base/api.js";
import { tags } from "../base/dom.js";
import { follow, payloadOf } from "../base/events.js";
import { icon } from "../base/icon.js";
import { problemFrom } from "../base/problem.js";
import { may } from "../base/session.js";
import { computed, effect, signal, whenDisposed } from "../base/state.js";
import { answerView } from "./answerView.js";
import { apply, begin, citationNumbered, fail, isLast, isOpen, stop } from "./answerState.js";
import { conversationExport } from "./conversationExport.js";
import { evidencePanel } from "./evidencePanel.js";
import { personaBar } from "../demonstration/personaBar.js";
import { recentQuestions, rememberQuestion } from "./recentQuestions.js";

const { div, section, h1, h2, p, form, label, textarea, button, select, option, ul, li, a } = tags;
const questionCharactersMax = 2000;

export function pageAsk({ signal: left }) {
  const state = signal(null);
  const chosen = signal(null);
  const collections = signal(null);
  const controller = asking(state, chosen, left);
  const citation = computed(() => (state() && chosen() !== null ? citationNumbered(state(), chosen()) ?? null : null));
  const finished = computed(() => (state()?.phase === "answered" ? state().answer : null));
  const settled = computed(() => (state() && !isOpen(state()) ? state().conversation : null));
  const box = questionBox({ state, collections, ask: controller.ask, stop: controller.stop });
  const openEvidence = evidenceOpener(chosen);
  get("/collections", { signal: left }).then((found) => collections.set(found?.items ?? []), () => {});
  focusOnSlash(box.field);
  const node = div(
    { class: () => (citation() ? "ask with-evidence" : "ask") },
    section(
      { class: "ask-main", "aria-label": "Question and answer" },
      h1({ class: () => (state() ? "visually-hidden" : "ask-title") }, "Ask your documents"),
      personaBar(left),
      box.node,
      () => (state() === null ? start(collections(), controller.ask) : null),
      shownAnswer({ state, chosen, openEvidence, controller, canAddDocuments: may("documents.write") }),
      () => (settled() ? conversationExport(settled()) : null),
    ),
    evidencePanel(citation, openEvidence.close, undefined, { question: () => state.peek()?.question, answer: finished }),
  );
  return { title: "Ask", node, shown: () => box.field.focus() };
}

/** The answer's nodes are made once per question, so that new sentences are added and nothing is drawn again. */
export function shownAnswer({ state, chosen, openEvidence, controller, canAddDocuments, id }) {
  const number = computed(() => state()?.number ?? null);
  return () =>
    number() === null
      ? null
      : answerView({
        state, chosen, onCitation: openEvidence.open, onRetry: () => controller.ask(state.peek().question),
        canAddDocuments, id,
      });
}

/** A question goes on with the conversation of the answer before it, so that "and at night?" is understood. */
function turn(question, collections, before) {
  const body = collections ? { question, collections } : { question };
  if (!before?.conversation || !before.answer) return body;
  return { ...body, conversation: before.conversation, parent: before.answer };
}

/** Sends questions and folds the stream into `state`; a new question gives the one before up. */
export function asking(state, chosen, left, route = { path: "/ask", more: {} }) {
  let current = null;
  let number = 0;
  left.addEventListener("abort", () => current?.abort());
  const ask = async (question, collections) => {
    current?.abort();
    const mine = (current = new AbortController());
    const before = state.peek();
    chosen.set(null);
    state.set({ ...begin(question), number: (number += 1) });
    rememberQuestion(question);
    const onEvent = (event) => state.update((before) => apply(before, event.name, payloadOf(event)));
    try {
      await follow({
        first: ["POST", route.path, { json: { ...route.more, ...turn(question, collections, before) } }],
        again: () => state.peek().answer && ["GET", `/answers/${encodeURIComponent(state.peek().answer)}/events`, {}],
        onEvent, isLast: (event) => isLast(event.name, payloadOf(event)), signal: mine.signal,
      });
    } catch (failure) {
      const problem = problemFrom(failure);
      if (problem && current === mine) state.update((before) => fail(before, problem));
    }
  };
  return {
    ask,
    stop: () => {
      const { answer } = state.peek() ?? {};
      if (answer) post(`/answers/${encodeURIComponent(answer)}/stop`).catch(() => {});
      current?.abort();
      state.update(stop);
    },
  };
}

/** Opens and closes the evidence and gives the focus back to where it came from. */
export function evidenceOpener(chosen) {
  let origin = null;
  return {
    open(number, from) {
      origin = from;
      chosen.set(chosen.peek() === number ? null : number);
      if (chosen.peek() === null) return;
      document.getElementById("evidence-title")?.focus({ preventScroll: true });
      showQuote(document.querySelector("#evidence .passage"), document.getElementById("evidence-quote"));
    },
    close() {
      chosen.set(null);
      origin?.focus();
    },
  };
}

/** Moves the passage, not the page, so that the quoted words are in sight. */
function showQuote(passage, quote) {
  if (!passage || !quote) return;
  const gap = quote.getBoundingClientRect().bottom - passage.getBoundingClientRect().bottom;
  if (gap > 0) passage.scrollTop += gap + passage.clientHeight / 4;
}

/** The box, and the field in it. */
export function questionBox({ state, collections, ask, stop: stopNow }) {
  const scope = signal("");
  const busy = () => state() !== null && isOpen(state());
  const field = textarea({
    id: "question", name: "question", rows: "2", maxlength: String(questionCharactersMax), required: true,
    placeholder: "What do you want to know?", enterkeyhint: "send", autocomplete: "off", spellcheck: "true",
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      node.requestSubmit();
    },
  });
  const send = (event) => {
    event.preventDefault();
    const question = field.value.trim();
    if (question) ask(question, scope.peek() ? [scope.peek()] : null);
  };
  const node = form(
    { class: "question-box", role: "search", onsubmit: send },
    label({ for: "question", class: "visually-hidden" }, "Your question"),
    field,
    div(
      { class: "question-foot" },
      () => scopeChoice(collections(), scope),
      () =>
        busy()
          ? button({ type: "button", id: "stop", class: "button", onclick: stopNow }, "Stop")
          : button({ type: "submit", id: "ask", class: "button primary" }, "Ask", icon("arrow")),
    ),
  );
  effect(() => followOutcome(field, state()));
  return { node, field };
}

/** An answered question leaves the box; one without an answer comes back to be put differently. */
function followOutcome(field, state) {
  if (state === null) return;
  if (state.phase === "waiting") field.value = "";
  if ((state.phase === "declined" || state.phase === "failed") && field.value === "") field.value = state.question;
  field.placeholder = "Ask something else";
}

function scopeChoice(collections, scope) {
  if (!collections || collections.length < 2) return tags.span();
  return div(
    { class: "scope" },
    label({ for: "scope", class: "visually-hidden" }, "Where to look"),
    select(
      { id: "scope", class: "select quiet", onchange: (event) => scope.set(event.target.value) },
      option({ value: "" }, "All collections"),
      collections.map((one) => option({ value: one.id, selected: scope.peek() === one.id }, one.name)),
    ),
  );
}

/** What stands under the box before the first question: the one thing to do. */
function start(collections, ask) {
  const empty = collections !== null && collections.every((one) => one.documents === 0);
  if (empty) return emptyLibrary();
  return () =>
    recentQuestions().length === 0
      ? p({ class: "ask-hint" }, "Answers are quoted from the documents that you may read, with their place in them.")
      : section(
        { class: "recent" },
        h2("Asked in this tab"),
        ul(
          recentQuestions().map((question) =>
            li(
              button(
                { type: "button", class: "recent-question", onclick: () => ask(question) },
                icon("clock"),
                question,
              ),
            ),
          ),
        ),
      );
}

function emptyLibrary() {
  const canAdd = may("documents.write");
  return div(
    { class: "empty" },
    icon("library"),
    p({ class: "empty-title" }, "There is nothing to ask about yet"),
    p(canAdd ? "Add a few documents first; they are ready in seconds." : "Ask for access to a collection."),
    canAdd ? a({ class: "button primary", href: "#/library" }, "Add documents") : null,
  );
}

/** The key "/" leads to the question from anywhere on the page. */
function focusOnSlash(field) {
  const onKey = (event) => {
    if (event.key !== "/" || event.target.closest("input, textarea, select, dialog")) return;
    event.preventDefault();
    field.focus();
    field.select();
  };
  addEventListener("keydown", onKey);
  whenDisposed(() => removeEventListener("keydown", onKey));
}
