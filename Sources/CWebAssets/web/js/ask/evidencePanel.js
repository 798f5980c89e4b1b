// One click from a sentence to the words that support it: the passage in its surroundings, and how to check it.
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { withQuery } from "../base/api.js";
import { may } from "../base/session.js";
import { pageOrText } from "../pages/pageOrText.js";
import { passageInspector } from "./passageInspector.js";
import { proofDownload } from "./proofDownload.js";

const { aside, header, h2, p, div, mark, span, button, a, details, summary, dl, dt, dd, code } = tags;

/**
 * The panel for `citation()`, or nothing when that is null. Escape and the cross close it; `openLink(citation)` makes
 * the way to the whole document. Of what the citation answers, `question()` is what was asked, and `answer()` the
 * identifier of the answer where its proof may be downloaded.
 */
export function evidencePanel(citation, onClose, openLink = inSource, of = {}) {
  return aside(
    {
      id: "evidence",
      class: "evidence",
      "aria-label": "Evidence",
      hidden: () => citation() === null,
      onkeydown: (event) => event.key === "Escape" && onClose(),
    },
    () => (citation() ? content(citation(), onClose, openLink, of.question?.(), of.answer?.()) : null),
  );
}

/** The address of the document page with the cited words marked. */
export function sourceAddress(citation) {
  const { version, start, end } = citation;
  return "#" + withQuery(`/documents/${encodeURIComponent(citation.document)}`, { version, start, end });
}

function inSource(citation) {
  return a({ class: "button", href: sourceAddress(citation) }, "Open in source", icon("arrow"));
}

function content(citation, onClose, openLink, question, answer) {
  return [
    header(
      { class: "evidence-head" },
      span({ class: "citation-number", "aria-hidden": "true" }, String(citation.number)),
      h2({ id: "evidence-title", tabindex: "-1" }, citation.title || citation.path),
      button(
        { type: "button", class: "icon-button", "aria-label": "Close the evidence", title: "Close", onclick: onClose },
        icon("close"),
      ),
    ),
    p(
      { class: "evidence-path" },
      citation.path, citation.page ? `, page ${citation.page}` : null,
      citation.heading ? [" › ", citation.heading] : null,
    ),
    citation.page ? pageOrText(citation, () => passage(citation)) : passage(citation),
    openLink(citation),
    may("search.query") && question ? passageInspector(citation, question) : null,
    proof(citation),
    answer ? proofDownload(answer) : null,
  ];
}

function passage(citation) {
  return div(
    { class: "passage" },
    span({ class: "passage-context" }, citation.before || ""),
    mark({ class: "quote", id: "evidence-quote" }, citation.quote),
    span({ class: "passage-context" }, citation.after || ""),
  );
}

function proof(citation) {
  return details(
    { class: "proof" },
    summary("How to check this"),
    p("These values name the exact bytes that were quoted. They do not change when the document does."),
    dl(
      row("Document", citation.document),
      row("Version", citation.version),
      row("Bytes", `${citation.start} to ${citation.end} of the text`),
      row("Page", citation.page),
      row("Read by", citation.parser),
      row("SHA-256 of the text", citation.hash),
    ),
  );
}

function row(name, value) {
  return value ? [dt(name), dd(code(String(value)))] : null;
}
