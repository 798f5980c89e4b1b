// What a person filled in, as the body of a request; and back. Pure.

const secondsPerMinute = 60;
export const everyDefault = 300;

/**
 * The body that connects or changes a source. `data` is the FormData of the form, `kind` one of the API's kinds and
 * `known` the source that is changed, whose settings that the form does not show stay as they are.
 */
export function draftOf(data, kind, known = null) {
  return {
    name: textOf(data, "name"),
    kind: kind.name,
    collection: known?.collection ?? textOf(data, "collection"),
    label: known?.label ?? undefined,
    options: optionsOf(data, kind.options),
    every: secondsOf(textOf(data, "every"), known?.every),
    people: peopleOf(data, kind, known?.people),
  };
}

/** Settings that were filled in; what is empty is left out, which keeps a secret that is stored. */
export function optionsOf(data, options) {
  const pairs = options.map((option) => [option.name, valueOf(data, option)]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== null));
}

function valueOf(data, { name, form }) {
  const field = `option.${name}`;
  if (form === "flag") return data.has(field) ? true : null;
  // A secret may end with a space.
  if (form === "secret") return data.get(field) || null;
  const text = textOf(data, field);
  if (text === "") return null;
  if (form === "integer") return Number(text);
  return form === "texts" ? linesOf(text) : text;
}

function linesOf(text) {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** Seconds of a time in minutes; the stored seconds when nobody changed what was shown of them. */
export function secondsOf(minutes, known) {
  if (minutes === "") return known ?? everyDefault;
  if (known !== undefined && minutes === minutesText(known)) return known;
  return Math.round(Number(minutes.replace(",", ".")) * secondsPerMinute);
}

/** 300 -> "5", 45 -> "0.75". */
export function minutesText(seconds) {
  return String(Number((seconds / secondsPerMinute).toFixed(2)));
}

/** For a source that states no permissions nothing is asked and nothing changes. */
function peopleOf(data, kind, known) {
  if (!kind.statesPermissions) return known ?? undefined;
  const match = textOf(data, "match");
  return { ...known, obeysSource: data.has("obeys"), ...(match ? { match } : {}) };
}

/** What a field shows at first. A secret is never shown again. */
export function initialValue({ name, form }, options = {}) {
  const value = options[name];
  if (form === "secret" || value === undefined) return form === "flag" ? false : "";
  if (form === "flag") return value === true;
  return Array.isArray(value) ? value.join("\n") : String(value);
}

function textOf(data, name) {
  return String(data.get(name) ?? "").replaceAll("\r\n", "\n").trim();
}
