// Source: the text of a document as it was read, with the cited words marked.
import { get, withQuery } from "../base/api.js";
import { confirmDialog } from "../base/dialog.js";
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { problemFrom, problemView } from "../base/problem.js";
import { may } from "../base/session.js";
import { signal } from "../base/state.js";
import { forgetView } from "../forget/forgetView.js";
import { originView } from "../library/documentRows.js";
import { pageOrText } from "../pages/pageOrText.js";
import { aboutPanel } from "./aboutPanel.js";
import { accessPanel } from "./accessPanel.js";
import { lineagePanel } from "./lineagePanel.js";
import { cutAt, headingsOf, runsOf, spanIn } from "./sourceText.js";

const { div, section, header, nav, h1, p, a, span, mark, button, ol, li, details, summary } = tags;
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
  // Where it comes from is said when it is known; the text does not wait for it.
  const known = signal(null);
  const reload = async () => known.set(await get(`/documents/${id}`, { signal: left }));
  reload().catch(() => {});
  const forgetting = signal(false);
  const forget = async () => {
    if (await confirmForgetting(source.peek())) forgetting.set(true);
  };
  const node = div(
    { class: "source" },
    () => (problem() ? failed(problem(), load) : null),
    () => (forgetting() ? forgetView(id, source.peek().title || source.peek().path, left) : null),
    () => (source() && !forgetting() ? shown(source(), { known, reload, query, id, left, forget }) : null),
    () => (source() || problem() ? null : p({ class: "working", role: "status" }, "Opening the document")),
  );
  return { title: "Source", node };
}

function failed(problem, retry) {
  return section({ class: "source-main" }, h1({ tabindex: "-1" }, "Source"), problemView(problem, retry));
}

function shown(source, { known, reload, query, id, left, forget }) {
  const wanted = query.start !== undefined;
  const cited = wanted ? spanIn(source.text, Number(query.start), Number(query.end)) : null;
  const runs = runsOf(source.text, source.blocks ?? []);
  const view = signal("page");
  return [
    outline(headingsOf(source.text, runs), () => view.set("text")),
    section(
      { class: "source-main", "aria-labelledby": "page-title" },
      header(
        { class: "source-head" },
        button({ type: "button", class: "button quiet", onclick: () => history.back() }, icon("back"), "Back"),
        h1({ id: "page-title", tabindex: "-1" }, source.title || source.path),
        p({ class: "evidence-path" }, source.path),
        () => (known() ? originView(known()) : null),
        () => (known()?.version && known().version !== source.version ? olderHint(id) : null),
        accessPanel(id, left),
        may("answers.review") ? lineagePanel(id, left) : null,
      ),
      aboutPanel({ document: known, source, reload, left, forget }),
      wanted && !cited ? p(
        { class: "hint", role: "status" },
        "The cited place is not in this version of the text.",
      ) : null,
      pageOrText(placeOf(source, query), () => shownText(source, runs, cited), view),
    ),
  ];
}

function placeOf(source, query) {
  const [start, end] = [query.start, query.end].map((text) => (text === undefined ? undefined : Number(text)));
  return { document: source.document, version: source.version, start, end };
}

/** The text, scrolled to the cited words once it stands on the screen. */
function shownText(source, runs, cited) {
  queueMicrotask(() => bringIntoView(document.getElementById("cited")));
  return textView(source, runs, cited);
}

function confirmForgetting(source) {
  return confirmDialog({
    title: `Delete “${source.title || source.path}”?`,
    text: "It leaves the library and every future answer at once, and its key is destroyed. You see what goes, store " +
      "by store. This cannot be undone.",
    action: "Delete",
    submit: () => {},
  });
}

function olderHint(id) {
  return p(
    { class: "older-version" },
    "This is not the version that answers use. ",
    a({ href: `#/documents/${id}` }, "Show the current one"),
  );
}

/** Scrolls only when the marked words are not on the screen yet. */
function bringIntoView(cited) {
  const place = cited?.getBoundingClientRect();
  if (place && (place.bottom > innerHeight || place.top < 0)) cited.scrollIntoView({ block: "center" });
}

function textView(source, runs, cited) {
  const { before, inside, after } = cutAt(runs, cited);
  const spans = (some) => some.map((run) => runView(run, source.text));
  return div(
    { class: "source-text", dir: "auto" },
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

/** Jumps among the headings of the text, which `showText()` brings on the screen. */
function outline(headings, showText) {
  if (headings.length < headingsShownMin) return null;
  const jump = (start) => () => {
    showText();
    document.querySelector(`.run-heading[data-at="${start}"]`)?.scrollIntoView({ block: "start" });
  };
  const entry = (words, onclick) => button({ type: "button", class: "outline-entry", onclick }, words);
  return nav(
    { class: "outline", "aria-label": "Headings" },
    details(
      { open: matchMedia("(min-width: 64rem)").matches },
      summary("In this document"),
      ol(headings.map(({ words, start }) => li(entry(words, jump(start))))),
    ),
  );
}
