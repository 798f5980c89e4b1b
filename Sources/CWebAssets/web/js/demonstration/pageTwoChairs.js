// Two chairs, one question: what two people are answered, side by side. What one of them may not see does not exist on
// that side.
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { computed, signal } from "../base/state.js";
import { asking, evidenceOpener, shownAnswer } from "../ask/pageAsk.js";
import { citationNumbered } from "../ask/answerState.js";
import { evidencePanel } from "../ask/evidencePanel.js";
import { described, personas } from "./personas.js";

const { div, section, h1, h2, p, form, label, textarea, button, select, option } = tags;

export function pageTwoChairs({ signal: left }) {
  const people = signal(null);
  const chairs = [0, 1].map((index) => chair(index, people, left, () => chairs[1 - index].close()));
  personas({ signal: left }).then((found) => {
    people.set(found);
    chairs.forEach((one, index) => one.sit(found[index === 0 ? 0 : found.length - 1]?.name ?? null));
  });
  const field = textarea({
    id: "question", rows: "2", required: true, maxlength: "2000", placeholder: "One question for both",
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      node.requestSubmit();
    },
  });
  const send = (event) => {
    event.preventDefault();
    const question = field.value.trim();
    if (question) chairs.forEach((one) => one.ask(question));
  };
  const node = form(
    { class: "question-box", onsubmit: send },
    label({ for: "question", class: "visually-hidden" }, "The question for both"),
    field,
    div({ class: "question-foot" }, tags.span(), button({ type: "submit", class: "button primary" }, "Ask both", icon("arrow"))),
  );
  const page = section(
    { class: "two-chairs", "aria-labelledby": "page-title" },
    h1({ id: "page-title", tabindex: "-1" }, "Two chairs, one question"),
    () => (people()?.length === 0 ? p("There is no demonstration on this server.") : node),
    () => (people()?.length ? div({ class: "chairs" }, chairs.map((one) => one.node)) : null),
    evidencePanel(
      computed(() => chairs[0].citation() ?? chairs[1].citation()),
      () => chairs.forEach((one) => one.close()), () => null,
    ),
  );
  return { title: "Two chairs", node: page, shown: () => field.focus() };
}

/** `closeOther` shuts the evidence of the other chair: there is one panel for both. */
function chair(index, people, left, closeOther) {
  const who = signal(null);
  const state = signal(null);
  const chosen = signal(null);
  const route = { path: "/demonstration/ask", more: {} };
  const controller = asking(state, chosen, left, route);
  const opener = evidenceOpener(chosen);
  const open = (number, from) => {
    closeOther();
    opener.open(number, from);
  };
  const citation = computed(() => (state() && chosen() !== null ? citationNumbered(state(), chosen()) ?? null : null));
  const ask = (question) => {
    route.more = { persona: who.peek() };
    state.set(null);
    controller.ask(question);
  };
  const node = section(
    { class: "chair", "aria-label": () => `Chair ${index + 1}` },
    h2(
      label({ for: `chair-${index}`, class: "visually-hidden" }, `Who sits in chair ${index + 1}`),
      () => chooser(index, people() ?? [], who),
    ),
    shownAnswer({
      state, chosen, openEvidence: { open }, controller: { ask }, canAddDocuments: false, id: `answer-${index}`,
    }),
  );
  return { node, ask, citation, sit: who.set, close: () => chosen.set(null) };
}

function chooser(index, people, who) {
  return select(
    { id: `chair-${index}`, class: "select", onchange: (event) => who.set(event.target.value) },
    people.map((one) => option({ value: one.name, selected: one.name === who() }, described(one))),
  );
}
