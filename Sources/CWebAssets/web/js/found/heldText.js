// The text that waits for a review, for whoever decides: what was read, exactly as it would be let in.
import { get } from "../base/api.js";
import { tags } from "../base/dom.js";
import { problemFrom, problemView } from "../base/problem.js";
import { signal } from "../base/state.js";

const { details, summary, div, p, span } = tags;
// More than a person reads before a decision, and little enough for a page.
const charactersMax = 100_000;

/** A disclosure that asks for the text when it is opened first; `one` is an item of the quarantine. */
export function heldText(one, load = loadHeld) {
  const [held, problem] = [signal(null), signal(null)];
  const open = (event) => {
    if (!event.target.open || held.peek()) return;
    problem.set(null);
    load(one.document.id).then(held.set, (failure) => problem.set(problemFrom(failure)));
  };
  return details(
    { class: "held", ontoggle: open },
    summary("Read it", span({ class: "visually-hidden" }, `: ${one.document.title || one.document.path}`)),
    () => {
      if (problem()) return problemView(problem());
      return held() ? textView(held(), one) : p({ class: "working" }, "Opening the text");
    },
  );
}

function textView(held, one) {
  if (held.version !== one.version) {
    return p("A newer upload waits by now. Load this page again before you decide.");
  }
  return [
    held.notes.map((note) => p({ class: "hint" }, note)),
    div(
      { class: "held-text", dir: "auto", tabindex: "0", role: "region", "aria-label": "Text that waits" },
      held.text.slice(0, charactersMax),
    ),
    held.text.length > charactersMax ? p({ class: "hint" }, "Only its beginning is shown.") : null,
  ];
}

function loadHeld(id) {
  return get(`/documents/${encodeURIComponent(id)}/review`);
}
