// Questions to begin with: each opens to the sentence that answers it and where it stands.
import { tags } from "../base/dom.js";

const { ul, li, details, summary, blockquote, a } = tags;

/** `items` is that of `GET /collections/{id}/suggestions`. */
export function suggestionList(items) {
  return ul({ class: "suggestions" }, items.map((one) => li(
    details(
      summary(one.question),
      blockquote({ class: "suggestion-quote" }, one.quote),
      a({ href: `#/documents/${encodeURIComponent(one.document)}` }, one.title),
    ),
  )));
}
