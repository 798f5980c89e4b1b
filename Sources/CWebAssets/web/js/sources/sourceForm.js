// The form that connects a source or changes one.
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { problemFrom, problemView } from "../base/problem.js";
import { may } from "../base/session.js";
import { signal } from "../base/state.js";
import { createCollection } from "../library/collections.js";
import { connectionSteps } from "./connectionSteps.js";
import { checkField, formField, optionFields, showError } from "./optionFields.js";
import { draftOf, everyDefault, minutesText } from "./sourceDraft.js";
import { fieldOfProblem } from "./sourceWords.js";

const { form, div, fieldset, legend, p, span, button, input, select, option, a } = tags;
const nameCharactersMax = "200";

/**
 * `known` is the source that is changed, or null. `collections` is a signal. `onSubmit(draft)` and `onTest(draft)`
 * return promises; the latter of a report, and none where only what is stored can be tested. `back` is an address.
 */
export function sourceForm({ kind, known = null, collections, onSubmit, onTest = null, back }) {
  const state = { busy: signal(""), problem: signal(null), report: signal(null) };
  const node = form(
    { class: "source-form", "aria-label": known ? "Settings of the source" : "New source" },
    nameField(kind, known),
    fieldset(legend("What is read"), optionFields(kind, known)),
    kind.statesPermissions ? peopleFields(known?.people) : openToReaders(),
    fieldset(legend("Where and how often"), known ? null : collectionField(collections), everyField(known)),
    div(
      { class: "source-form-status", role: "status" },
      () => (state.report() ? connectionSteps(state.report()) : null),
    ),
    () => (state.problem() ? problemView(state.problem()) : null),
    div(
      { class: "source-form-actions" },
      button(
        { type: "submit", id: "source-submit", class: "button primary" },
        () => (state.busy() === "submit" ? "One moment" : known ? "Save" : "Connect"),
      ),
      onTest ? button(
        { type: "button", id: "source-test", class: "button", onclick: () => attempt("test", testing) },
        () => (state.busy() === "test" ? "Testing" : "Test connection"),
      ) : null,
      a({ class: "button quiet", href: back }, "Cancel"),
    ),
  );
  const testing = async (draft) => state.report.set(await onTest(draft));
  const attempt = (name, act) => run(node, name, act, { kind, known, ...state });
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt("submit", onSubmit);
  });
  return node;
}

/** What the browser itself can refuse never travels; what the server refuses is shown where it belongs. */
async function run(node, name, act, { kind, known, busy, problem, report }) {
  if (busy.peek() !== "" || !node.reportValidity()) return;
  busy.set(name);
  problem.set(null);
  report.set(null);
  showError(node, null, "");
  try {
    await act(draftOf(new FormData(node), kind, known));
  } catch (failure) {
    const found = problemFrom(failure);
    const field = found && fieldOfProblem(found, kind.options);
    if (found && !(field && showError(node, field, found.detail || found.title))) problem.set(found);
  }
  busy.set("");
}

function nameField(kind, known) {
  return formField({
    name: "name", words: "Name", required: true,
    hint: "What people here call it. The paths of its documents begin with it.",
    control: (attributes) => input({
      ...attributes, type: "text", value: known?.name ?? "", maxlength: nameCharactersMax, autocomplete: "off",
      placeholder: known ? null : kind.title,
    }),
  });
}

function everyField(known) {
  return formField({
    name: "every", words: "Minutes between runs", required: true, hint: "How old what is here may become.",
    control: (attributes) => input({
      ...attributes, type: "number", step: "any", min: "0", value: minutesText(known?.every ?? everyDefault),
      inputmode: "decimal",
    }),
  });
}

function collectionField(collections) {
  const chosen = signal(null);
  const create = async () => {
    const made = await createCollection();
    if (!made) return;
    collections.update((list) => [...list, { documents: 0, ...made }]);
    chosen.set(made.id);
  };
  return div(
    { class: "collection-field" },
    formField({
      name: "collection", words: "Collection", required: true,
      hint: "Its documents go there. They have its sensitivity, and its rule of who may read counts too.",
      control: (attributes) =>
        select({ ...attributes, class: "select" }, () => collectionChoices(collections(), chosen())),
    }),
    may("collections.manage") ? button(
      { type: "button", class: "button quiet", id: "new-collection", onclick: create },
      icon("add"),
      "New collection",
    ) : null,
  );
}

function collectionChoices(list, chosen) {
  if (list.length === 0) return option({ value: "" }, "There is none yet");
  return list.map((one) => option({ value: one.id, selected: one.id === chosen }, one.name));
}

/** Asked for kinds that say who may read what. */
function peopleFields(known) {
  const obeys = signal(known?.obeysSource ?? true);
  return fieldset(
    legend("Who may see it"),
    checkField({
      name: "obeys", words: "Obey the source's permissions", checked: obeys.peek(),
      hint: "People see here only what they may read there.",
      onchange: (event) => obeys.set(event.target.checked),
    }),
    () => (obeys() ? matchField(known?.match ?? "email") : openWarning()),
  );
}

function openToReaders() {
  return fieldset(
    legend("Who may see it"),
    p("Everybody who may read the collection. This kind of source does not say who may read what."),
  );
}

const matches = [["email", "E-mail address"], ["username", "User name"]];

function matchField(match) {
  // Set by the command line or a file, where people are named one by one.
  const shown = match === "none" ? [...matches, ["none", "Only those who are named one by one"]] : matches;
  return formField({
    name: "match", words: "People are recognised by", required: true,
    hint: "What an account of the source has in common with the name that somebody signs in with here.",
    control: (attributes) => select(
      { ...attributes, class: "select" },
      shown.map(([value, words]) => option({ value, selected: value === match }, words)),
    ),
  });
}

function openWarning() {
  return p(
    { class: "open-warning", role: "status" },
    icon("warning"),
    span("Everybody who may read the collection will see every document, whatever the source says. This is logged."),
  );
}
