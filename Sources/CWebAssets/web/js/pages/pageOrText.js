// A document as it looks and as it was read: the page first, the text one click away. What has no pages to look at is
// shown as text at once.
import { tags } from "../base/dom.js";
import { signal } from "../base/state.js";
import { pagesOf, pageView } from "./pageView.js";

const { div, p, button } = tags;

/**
 * `place` is `{document, version, start, end}`; `text()` gives the nodes of the text view. `view` is a signal of "page"
 * or "text".
 */
export function pageOrText(place, text, view = signal("page")) {
  const list = pagesOf(place);
  const broken = signal(false);
  return div({ class: "page-or-text" }, () => {
    if (list() === null) return p({ class: "working", role: "status" }, "Opening the page");
    if (!list().images) return text();
    return [
      viewChoice(view),
      () => (broken() ? p({ class: "hint", role: "status" }, "This page cannot be shown. Here is its text.") : null),
      () => (view() === "text" ? text() : pageView(place, list.peek(), () => {
        broken.set(true);
        view.set("text");
      })),
    ];
  });
}

function viewChoice(view) {
  const choice = (name, words) => button(
    {
      type: "button", class: "view-choice", "data-view": name, "aria-pressed": () => String(view() === name),
      onclick: () => view.set(name),
    },
    words,
  );
  return div(
    { class: "view-choices", role: "group", "aria-label": "How to show it" },
    choice("page", "Page"),
    choice("text", "Text"),
  );
}
