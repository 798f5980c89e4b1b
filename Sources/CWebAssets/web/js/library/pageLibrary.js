// Library: the documents of a collection, how far each has come, and the place where new ones come in.
import { remove } from "../base/api.js";
import { confirmDialog } from "../base/dialog.js";
import { tags } from "../base/dom.js";
import { counted } from "../base/format.js";
import { icon } from "../base/icon.js";
import { announce } from "../base/notice.js";
import { problemView } from "../base/problem.js";
import { go } from "../base/router.js";
import { may } from "../base/session.js";
import { collectionList, createCollection, labelWords } from "./collections.js";
import { documentRows } from "./documentRows.js";
import { dropZone } from "./dropZone.js";
import { sortOut } from "./fileChoice.js";
import { OpenLibrary } from "./openLibrary.js";
import { uploadSummary } from "./uploadSummary.js";

const { div, section, header, h1, p, button, a } = tags;

export function pageLibrary({ parameters, signal: left }) {
  const library = new OpenLibrary(parameters.collection ?? null, left);
  library.load();
  library.followJobs();
  const onCreate = may("collections.manage") ? () => createAndOpen() : null;
  const node = div(
    { class: "library" },
    collectionList(library.collections, library.openID, onCreate),
    section(
      { class: "library-main", "aria-labelledby": "page-title" },
      heading(library),
      () => (library.problem() ? problemView(library.problem(), () => library.load()) : null),
      () => (library.openID() ? null : noCollection(library, onCreate)),
      additions(library),
      documentRows(library.documents, may("documents.delete") ? (one) => deleteDocument(library, one) : null),
      () => more(library),
    ),
  );
  return { title: "Library", node };
}

function heading(library) {
  return header(
    { class: "library-head" },
    h1({ id: "page-title", tabindex: "-1" }, () => library.collection()?.name ?? "Library"),
    () => {
      const open = library.collection();
      const count = open && counted(open.documents, "document");
      return open && p({ class: "library-facts" }, icon("lock"), labelWords(open.label), " · ", count);
    },
    () => links(library.openID()),
  );
}

/** To what was found in these documents, and to the work on them. */
function links(id) {
  return p(
    { class: "library-links" },
    id ? a({ id: "found", href: `#/library/${encodeURIComponent(id)}/found` }, "What we found") : null,
    may("jobs.read") ? a({ id: "jobs", href: "#/jobs" }, "Jobs") : null,
  );
}

function additions(library) {
  if (!may("documents.write")) return () => readOnlyHint(library);
  const large = () => library.loaded() && library.documents().length === 0 && library.next() === null;
  const onFiles = (files) => library.uploads.add(library.openID.peek(), sortOut(files));
  const parts = () => div({ class: "additions" }, dropZone({ onFiles, large }), uploadSummary(library.uploads));
  return () => (library.openID() ? parts() : null);
}

function readOnlyHint(library) {
  const empty = library.loaded() && library.documents().length === 0 && library.openID();
  if (!empty) return null;
  return div({ class: "empty" }, icon("library"), p({ class: "empty-title" }, "No document here is shared with you"));
}

function noCollection(library, onCreate) {
  if (!library.loaded()) return null;
  return div(
    { class: "empty" },
    icon("folder"),
    p({ class: "empty-title" }, "There is no collection yet"),
    p(
      onCreate
        ? "A collection holds documents that the same people may see."
        : "No collection is shared with you. Ask for access.",
    ),
    onCreate ? button({ type: "button", class: "button primary", onclick: onCreate }, "New collection") : null,
  );
}

function more(library) {
  if (library.next() === null) {
    const ready = library.documents().some((one) => one.state === "ready");
    return ready ? p({ class: "library-foot" }, a({ href: "#/ask" }, "Ask these documents", icon("arrow"))) : null;
  }
  return button({ type: "button", class: "button", onclick: () => library.showMore() }, "Show more");
}

async function createAndOpen() {
  const created = await createCollection();
  if (created) go(`/library/${created.id}`);
}

async function deleteDocument(library, one) {
  const name = one.title || one.path;
  const deleted = await confirmDialog({
    title: `Delete “${name}”?`,
    text: "It leaves the library and every future answer at once, and its key is destroyed. This cannot be undone.",
    action: "Delete",
    submit: () => remove(`/documents/${encodeURIComponent(one.id)}`),
  });
  if (!deleted) return;
  library.forget(one.id);
  library.recount();
  announce(`Deleted ${name}.`);
}
