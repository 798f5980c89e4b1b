// The passages of two versions that differ. What was removed is struck out and what was added is underlined, each with
// a sign, so that nobody needs to tell colours apart.
import { tags } from "../base/dom.js";
import { counted } from "../base/format.js";
import { signal } from "../base/state.js";
import { sideOf, wordCounts } from "./comparisonWords.js";

const { div, section, p, ol, li, span, del, ins, h2, button } = tags;

/** `found` is the reply of the comparison. */
export function comparisonView(found) {
  if (found.same || found.passages.length === 0) {
    return p({ class: "empty-line", role: "status" }, "The two versions say the same, word for word.");
  }
  const look = signal("inline");
  const counts = wordCounts(found.passages);
  return div(
    { class: "comparison" },
    p(
      { role: "status" },
      `Different in ${counted(found.passages.length, "place")}: ${counted(counts.removed, "word")} removed, `,
      `${counted(counts.added, "word")} added.`,
    ),
    found.coarse ? p({ class: "hint" }, "So much changed that it is shown as a whole.") : null,
    lookChoice(look),
    ol({ class: "comparison-list", "data-look": () => look() },
      found.passages.map((one, index) => passage(one, index, look))),
    found.cut ? p({ class: "hint" }, "There are more changes than are shown here.") : null,
  );
}

function lookChoice(look) {
  const choice = (name, words) => button(
    {
      type: "button", class: "view-choice", "data-look": name, "aria-pressed": () => String(look() === name),
      onclick: () => look.set(name),
    },
    words,
  );
  return div(
    { class: "view-choices", role: "group", "aria-label": "How to show the changes" },
    choice("inline", "In one text"),
    choice("sides", "Side by side"),
  );
}

function passage(one, index, look) {
  return li(
    { class: "comparison-passage" },
    one.skippedLines > 0 ? p({ class: "comparison-gap" }, `${counted(one.skippedLines, "line")} the same`) : null,
    section(
      { "aria-label": `Change ${index + 1}` },
      one.headings.length > 0 ? h2({ class: "comparison-place" }, one.headings.join(" › ")) : null,
      () => (look() === "sides"
        ? sides(one.parts)
        : div({ class: "comparison-text", dir: "auto" }, one.parts.map(part))),
    ),
  );
}

function sides(parts) {
  const side = (words, kind) => div(
    { class: "comparison-side" },
    p({ class: "hint" }, words),
    div({ class: "comparison-text", dir: "auto" }, sideOf(parts, kind).map(part)),
  );
  return div({ class: "comparison-sides" }, side("Earlier", "removed"), side("Later", "added"));
}

function part({ kind, text }) {
  if (kind === "same") return text;
  const [tag, sign, words] = kind === "removed" ? [del, "−", "removed: "] : [ins, "+", "added: "];
  return tag(
    span({ class: "comparison-sign", "aria-hidden": "true" }, sign),
    span({ class: "visually-hidden" }, words),
    text,
  );
}
