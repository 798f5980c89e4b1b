// Sources: the other systems whose documents are kept current here, and how each is doing.
import { get } from "../base/api.js";
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { problemView } from "../base/problem.js";
import { may } from "../base/session.js";
import { computed, signal } from "../base/state.js";
import { loadKinds } from "./kinds.js";
import { sourceRows } from "./sourceRows.js";
import { watch } from "./watch.js";

const { section, header, div, h1, p, a } = tags;

export function pageSources({ signal: left }) {
  const kinds = signal([]);
  // Without the kinds the list is right all the same: it says their short names.
  loadKinds(left).then(kinds.set, () => {});
  const { value, problem, again } = watch(async () => (await get("/sources", { signal: left }))?.items ?? [], left);
  const found = computed(() => (value() === null ? null : value().length > 0));
  const titleOf = (name) => kinds().find((kind) => kind.name === name)?.title ?? name;
  const node = section(
    { class: "sources", "aria-labelledby": "page-title" },
    header(
      { class: "sources-head" },
      h1({ id: "page-title", tabindex: "-1" }, "Sources"),
      () => (found() && may("sources.manage") ? connectLink("button") : null),
      p({ class: "hint" }, "Documents of other systems, kept current here with who may read them."),
    ),
    () => (problem() ? problemView(problem(), again) : null),
    () => (found() === false ? nothing() : null),
    () => (found() === null && !problem() ? p({ class: "working", role: "status" }, "Looking at the sources") : null),
    () => (found() ? sourceRows(computed(() => value() ?? []), titleOf) : null),
  );
  return { title: "Sources", node };
}

function connectLink(look) {
  return a({ id: "connect", class: look, href: "#/sources/new" }, icon("add"), "Connect a source");
}

/** The empty page: one thing to do. */
export function nothing() {
  const mayConnect = may("sources.manage");
  return div(
    { class: "empty" },
    icon("source"),
    p({ class: "empty-title" }, "No source is connected yet"),
    p(
      mayConnect
        ? "Connect a folder, a site, a bucket or a repository. Its documents come by themselves and stay current."
        : "Somebody who manages sources can connect other systems.",
    ),
    mayConnect ? connectLink("button primary") : null,
  );
}
