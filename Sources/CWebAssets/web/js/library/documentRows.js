// One row per document: what it is called, whether it can be asked about yet, and what to do when not.
import { keyed, outsideLink, tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { ago, bytes, counted } from "../base/format.js";
import { may } from "../base/session.js";
import { computed } from "../base/state.js";

const { ul, li, div, span, a, p, button, progress, time } = tags;

const states = {
  queued: { words: "Waiting", kind: "waiting", picture: "clock" },
  processing: { words: "Reading", kind: "working", picture: "clock" },
  ready: { words: "Ready", kind: "good", picture: "check" },
  failed: { words: "Not readable", kind: "bad", picture: "warning" },
  quarantined: { words: "Waits for review", kind: "waiting", picture: "clock" },
};

/** The list of `documents()`; `onDelete(document)` is null for a person who may not delete. */
export function documentRows(documents, onDelete) {
  return keyed(
    ul({ class: "document-list", "aria-label": "Documents" }),
    documents,
    (one) => one.id,
    (one) => row(one, onDelete),
  );
}

/** The state of a document as a word with a colour and a picture. */
export function stateBadge(name) {
  const { words, kind, picture } = Object.hasOwn(states, name) ? states[name] : states.queued;
  return span({ class: `badge ${kind}` }, icon(picture), words);
}

function row(one, onDelete) {
  const origin = computed(() => `${one().source ?? ""} ${one().origin ?? ""}`);
  const isOurs = computed(() => !one().source);
  return li(
    { class: "document-row", "data-document": () => one().id, "data-state": () => one().state },
    icon("document"),
    div(
      { class: "document-name" },
      () => title(one()),
      span({ class: "document-path" }, () => one().path),
      () => (origin() ? originView(one.peek()) : null),
      () => (one().state === "failed" ? failure(one()) : null),
    ),
    span({ class: "document-facts" }, () => factsOf(one())),
    span({ class: "document-state" }, () => stateBadge(one().state), () => progressBar(one())),
    () => (onDelete && isOurs() ? deleteButton(one, onDelete) : null),
  );
}

/** Where a document comes from that a source brought; nothing for one that a person added. */
export function originView({ source, origin }) {
  if (!source) return null;
  const words = [icon("source"), "From a source"];
  return span(
    { class: "document-origin" },
    may("sources.read")
      ? a({ class: "document-source", href: `#/sources/${encodeURIComponent(source)}` }, words)
      : span({ class: "document-source" }, words),
    outsideLink(origin, { class: "document-outside" }, "Open at the source", icon("outside")),
  );
}

function title(one) {
  const words = one.title || one.path;
  return one.state === "ready"
    ? a({ class: "document-title", href: `#/documents/${encodeURIComponent(one.id)}` }, words)
    : span({ class: "document-title" }, words);
}

function factsOf(one) {
  const updated = one.updated ? time({ datetime: one.updated }, ago(one.updated)) : null;
  const passages = one.chunks ? ` · ${counted(one.chunks, "passage")}` : null;
  return [bytes(one.bytes ?? 0), passages, updated ? [" · ", updated] : null];
}

function progressBar(one) {
  if (one.state !== "processing") return null;
  const label = { "aria-label": `Reading ${one.title || one.path}` };
  return typeof one.progress === "number"
    ? progress({ ...label, max: "100", value: String(Math.round(one.progress * 100)) })
    : progress(label);
}

function failure(one) {
  return p(
    { class: "document-failure" },
    one.advice || "It could not be read.",
    one.source
      ? " Correct it at the source; the next run reads it again."
      : " Correct the file and add it again under the same name, or delete it here.",
  );
}

function deleteButton(one, onDelete) {
  return button(
    {
      type: "button", class: "icon-button", title: "Delete",
      "aria-label": () => `Delete ${one().title || one().path}`, onclick: () => onDelete(one.peek()),
    },
    icon("trash"),
  );
}
