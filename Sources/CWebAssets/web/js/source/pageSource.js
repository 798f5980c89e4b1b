// Source: the text of a document as it was read, with the cited words marked.
import { get, withQuery } from "../base/api.js";
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { problemFrom, problemView } from "../base/problem.js";
import { signal } from "../base/state.js";
import { accessPanel } from "./accessPanel.js";
import { cutAt, runsOf, spanIn } from "./sourceText.js";

const { div, section, header, nav, h1, p, span, mark, button, ol, li, details, summary } = tags;
const headingsShownMin = 2;

export function pageSource({ parameters, query, signal: left }) {
  const id = encodeURIComponent(parameters.document);
  const source = signal(null);
  const problem = signal(null);
  const load = () => {
    problem.set(null);
    get(withQuery(`/documents/${id}/text`, { version: query.version }), { signal: left })
      .then((found) => {
        source.set(found);
        document.title = `${found.title || found.path} · Cloister`;
        bringIntoView(document.getElementById("cited"));
      })
      .catch((failure) => problem.set(problemFrom(failure)));
  };
  load();
  const node = div(
    { class: "source" },
    () => (problem() ? section({ class: "source-main" }, h1({ tabindex: "-1" }, "Source"), problemView(problem(), load)) : null),
    () => (source() ? shown(source(), query, id) : null),
    () => (source() || problem() ? null : p({ class: "working", role: "status" }, "Opening the document")),
  );
  return { title: "Source", node };
}

function shown(source, query, id) {
  const wanted = query.start !== undefined;
  const cited = wanted ? spanIn(source.text, Number(query.start), Number(query.end)) : null;
  return [
    outline(source),
    section(
      { class: "source-main", "aria-labelledby": "page-title" },
      header(
        { class: "source-head" },
        button({ type: "button", class: "button quiet", onclick: () => history.back() }, icon("back"), "Back"),
        h1({ id: "page-title", tabindex: "-1" }, source.title || source.path),
        p({ class: "evidence-path" }, source.path),
        accessPanel(id),
      ),
      wanted && !cited ? p({ class: "hint", role: "status" }, "The cited place does not fit this version of the text.") : null,
      textView(source, cited),
    ),
  ];
}

/** Scrolls only when the marked words are not on the screen yet. */
function bringIntoView(cited) {
  const place = cited?.getBoundingClientRect();
  if (place && (place.bottom > innerHeight || place.top < 0)) cited.scrollIntoView({ block: "center" });
}

function textView(source, cited) {
  const isMarkdown = !/\.txt$/i.test(source.path ?? "");
  const { before, inside, after } = cutAt(runsOf(source.text, isMarkdown), cited);
  const spans = (runs) => runs.map((run) => runView(run, source.text));
  return div(
    { class: "source-text", lang: "", dir: "auto" },
    spans(before),
    inside.length > 0 ? mark({ class: "quote", id: "cited", tabindex: "-1" }, spans(inside)) : null,
    spans(after),
  );
}

function runView(run, text) {
  const words = text.slice(run.start, run.end);
  if (run.kind === "plain") return words;
  return span({ class: `run-${run.kind}`, "data-at": run.kind === "heading" ? String(run.start) : null }, words);
}

/** Jumps among the headings; made from the text itself, so that it always fits what is shown. */
function outline(source) {
  const isMarkdown = !/\.txt$/i.test(source.path ?? "");
  const headings = isMarkdown ? headingsOf(source.text) : [];
  if (headings.length < headingsShownMin) return null;
  const jump = (start) => (event) => {
    event.preventDefault();
    document.querySelector(`.run-heading[data-at="${start}"]`)?.scrollIntoView({ block: "start" });
  };
  return nav(
    { class: "outline", "aria-label": "Headings" },
    details(
      { open: matchMedia("(min-width: 64rem)").matches },
      summary("In this document"),
      ol(headings.map(({ words, level, start }) =>
        li({ "data-level": String(level) }, button({ type: "button", class: "outline-entry", onclick: jump(start) }, words)))),
    ),
  );
}

/** `{words, level, start}` of each Markdown heading. */
function headingsOf(text) {
  const runs = runsOf(text, true);
  return runs.flatMap((run, index) => {
    if (run.kind !== "heading") return [];
    const sign = runs[index - 1];
    const level = text.slice(sign.start, sign.end).trim().length;
    return [{ words: text.slice(run.start, run.end).trim(), level, start: run.start }];
  });
}
