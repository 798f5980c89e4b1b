// Fields of a form, made from what the server declares: no kind of source has a form of its own.
import { tags } from "../base/dom.js";
import { initialValue } from "./sourceDraft.js";
import { optionWords } from "./sourceWords.js";

const { div, label, span, p, input, textarea, select, option: choice } = tags;
const rows = "2";

/**
 * A control under its label, with a hint and a place for what the server says about it; see `showError`. `note` is
 * what the label adds.
 */
export function formField({ name, words, hint, required = false, note = required ? null : "optional", control }) {
  const id = idOf(name);
  const described = [hint ? `${id}-hint` : null, `${id}-error`].filter(Boolean).join(" ");
  return div(
    { class: "field" },
    label({ for: id }, words, note ? span({ class: "field-note" }, note) : null),
    control({ id, name, required, "aria-describedby": described }),
    hint ? p({ class: "hint", id: `${id}-hint` }, hint) : null,
    p({ class: "field-error", id: `${id}-error`, "data-error": name }),
  );
}

/** The field of one declared option. `isSet`: a secret of this name is stored. */
export function optionField(option, { value, isSet = false }) {
  if (option.form === "flag") return flagField(option, value);
  const hint = isSet ? `${option.help} Leave this empty to keep the one that is set.` : option.help;
  const required = option.required && !isSet;
  return formField({
    name: `option.${option.name}`, words: optionWords(option.name), hint, required,
    note: isSet ? "set" : required ? null : "optional",
    control: (attributes) => controls[option.form]?.(attributes, option, value) ?? text(attributes, value),
  });
}

/** All fields of a kind, with what is stored of a source. */
export function optionFields(kind, known) {
  return kind.options.map((option) =>
    optionField(option, {
      value: initialValue(option, known?.options),
      isSet: known?.secrets?.includes(option.name) ?? false,
    }));
}

const text = (attributes, value) =>
  input({ ...attributes, type: "text", value, autocomplete: "off", spellcheck: "false" });

const controls = {
  text: (attributes, _, value) => text(attributes, value),
  texts: (attributes, _, value) =>
    textarea({ ...attributes, rows, value, spellcheck: "false", placeholder: "One per line" }),
  integer: (attributes, { min, max }, value) =>
    input({ ...attributes, type: "number", min: min ?? null, max: max ?? null, value }),
  choice: (attributes, { choices, required }, value) =>
    select(
      { ...attributes, class: "select" },
      required ? null : choice({ value: "", selected: value === "" }, "Default"),
      (choices ?? []).map((word) => choice({ value: word, selected: word === value }, word)),
    ),
  // A browser shall neither fill in nor keep what belongs to another system.
  secret: (attributes) =>
    input({ ...attributes, type: "password", autocomplete: "new-password" }),
};

function flagField(option, value) {
  return checkField({
    name: `option.${option.name}`, words: optionWords(option.name), hint: option.help, checked: value === true,
  });
}

/** A checkbox beside its words. */
export function checkField({ name, words, hint, checked, onchange = () => {} }) {
  const id = idOf(name);
  return div(
    { class: "check-field" },
    input({ type: "checkbox", id, name, checked, onchange, "aria-describedby": `${id}-hint` }),
    div(label({ for: id }, words), p({ class: "hint", id: `${id}-hint` }, hint)),
  );
}

/** Shows `sentence` at the field `name` of `form` and takes what stood at others away. True when there is one. */
export function showError(form, name, sentence) {
  let found = null;
  for (const place of form.querySelectorAll("[data-error]")) {
    const control = form.querySelector(`#${CSS.escape(idOf(place.dataset.error))}`);
    const isMeant = name !== null && place.dataset.error === name;
    place.textContent = isMeant ? sentence : "";
    if (isMeant) found = control;
    if (isMeant) control?.setAttribute("aria-invalid", "true");
    else control?.removeAttribute("aria-invalid");
  }
  found?.focus();
  return found !== null;
}

function idOf(name) {
  return `source-${name.replaceAll(/[^A-Za-z0-9]/g, "-")}`;
}
