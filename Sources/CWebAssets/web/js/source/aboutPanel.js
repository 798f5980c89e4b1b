// "About it": versions, label, tags and dates of a document, and what its reader noted. Beside the text where there is
// room, above it and closed where there is not.
import { get } from "../base/api.js";
import { tags } from "../base/dom.js";
import { ago } from "../base/format.js";
import { icon } from "../base/icon.js";
import { announce } from "../base/notice.js";
import { problemFrom, problemView } from "../base/problem.js";
import { may } from "../base/session.js";
import { signal } from "../base/state.js";
import { kindWords } from "../found/foundWords.js";
import { labelWords } from "../library/collections.js";
import { stateBadge } from "../library/documentRows.js";
import { changeFiling, changeLabel } from "./filingDialogs.js";
import { dayWords, holdsWords } from "./filingWords.js";

const { details, summary, div, h3, p, a, ul, ol, li, span, button, time } = tags;
const versionsShownMax = 20;

/**
 * `document` is a signal of `GET /documents/{id}` that `reload()` asks for again; `source` is the text shown;
 * `forget()` deletes the document.
 */
export function aboutPanel({ document, source, reload, left, forget }) {
  const id = encodeURIComponent(source.document);
  const [versions, filing, problem] = [signal(null), signal(null), signal(null)];
  const attempt = (act) => act().catch((failure) => problem.set(problemFrom(failure)));
  const loadFiling = async () => filing.set(await get(`/documents/${id}/filing`, { signal: left }));
  attempt(async () => versions.set((await get(`/documents/${id}/versions`, { signal: left })).items));
  attempt(loadFiling);
  const change = (button, ask, then) => attempt(async () => {
    problem.set(null);
    if (!await ask()) return;
    await then();
    announce("Saved.");
    // The part was made anew, and with it the button that the dialog gave the focus back to.
    globalThis.document.getElementById(button)?.focus();
  });
  const onLabel = () => change("change-label", () => changeLabel(document.peek()), reload);
  const onFiling = () =>
    change("change-filing", () => changeFiling(document.peek(), filing.peek(), left), loadFiling);
  return details(
    { class: "about", open: matchMedia("(min-width: 78rem)").matches },
    summary("About it"),
    div(
      { class: "about-parts" },
      () => (problem() ? problemView(problem()) : null),
      () => (document() ? labelPart(document(), onLabel) : null),
      () => (filing() && document() ? filingPart(filing(), left, onFiling) : null),
      () => (document()?.findings?.length > 0 ? findingsPart(document().findings) : null),
      () => (versions() ? versionsPart(versions(), source) : null),
      notesPart(source.notes ?? []),
      () => (document() && !document().source && may("documents.delete") ? forgetPart(forget) : null),
    ),
  );
}

function part(words, ...children) {
  return div({ class: "about-part" }, h3(words), children);
}

/** A quiet button for those who may change documents. */
function changer(id, words, name, onclick) {
  if (!may("documents.write")) return null;
  return button({ type: "button", id, class: "button quiet", "aria-label": name, onclick }, words);
}

function labelPart(document, onChange) {
  return part(
    "Sensitivity",
    div(
      { class: "about-line" },
      span({ id: "about-label" }, labelWords(document.label)),
      changer("change-label", "Change", "Change the sensitivity", onChange),
    ),
  );
}

/** Tags and dates, and the way to change them. */
export function filingPart(filing, left, onChange) {
  const note = holdsWords(filing);
  return part(
    "Tags and dates",
    filing.tags.length > 0
      ? ul({ class: "tag-list", "aria-label": "Tags" }, filing.tags.map((tag) => li(tag)))
      : p({ class: "hint" }, "No tags"),
    dayLine("Holds from", filing.effectiveFrom),
    dayLine("Holds until", filing.effectiveUntil),
    filing.supersededBy ? successorLine(filing.supersededBy, left) : null,
    note ? p({ class: "about-note" }, note) : null,
    changer("change-filing", "Edit", "Edit tags and dates", onChange),
  );
}

function dayLine(words, moment) {
  return moment ? p(`${words} `, time({ datetime: moment }, dayWords(moment))) : null;
}

/** Its title is asked for; one that this person may not see stays without a name. */
function successorLine(id, left) {
  const title = signal("another document");
  get(`/documents/${encodeURIComponent(id)}`, { signal: left })
    .then((found) => title.set(found.title || found.path), () => {});
  return p("Superseded by ", a({ id: "successor", href: `#/documents/${encodeURIComponent(id)}` }, () => title()));
}

/** Newest first; the one whose text is shown is marked. */
export function versionsPart(versions, source) {
  const shown = versions.slice(0, versionsShownMax);
  return part(
    versions.length === 1 ? "Version" : "Versions",
    ol({ class: "version-list" }, shown.map((one) => li(versionLine(one, source)))),
    versions.filter((one) => one.state === "ready").length > 1 ? compareLink(source) : null,
    versions.length > shown.length ? p({ class: "hint" }, `The newest ${shown.length} of ${versions.length}.`) : null,
  );
}

function compareLink(source) {
  return a({ id: "compare", href: `#/documents/${encodeURIComponent(source.document)}/compare` }, "Compare versions");
}

function versionLine(one, source) {
  const isShown = one.id === source.version;
  const id = encodeURIComponent(source.document);
  const address = one.current ? `#/documents/${id}` : `#/documents/${id}?version=${encodeURIComponent(one.id)}`;
  const words = `Version ${one.number}`;
  return [
    one.state === "ready"
      ? a({ href: address, "aria-current": isShown ? "true" : null, "data-version": String(one.number) }, words)
      : span({ "data-version": String(one.number) }, words),
    span({ class: "hint" }, one.current ? "current, " : null, time({ datetime: one.created }, ago(one.created))),
    one.state === "ready" ? null : stateBadge(one.state),
  ];
}

/** Kinds and counts of what a look at its text found. */
export function findingsPart(findings) {
  const line = ({ kind, count }) => li(`${kindWords(kind)}: ${count.toLocaleString()}`);
  return part("Found in it", ul(findings.map(line)));
}

function forgetPart(onclick) {
  return part(
    "Forget it",
    button(
      { type: "button", id: "forget", class: "button quiet danger-text", onclick }, icon("trash"), "Delete this document",
    ),
  );
}

function notesPart(notes) {
  return notes.length > 0 ? part("Noted while reading", notes.map((note) => p({ class: "hint" }, note))) : null;
}
