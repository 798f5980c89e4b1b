// Connect a source: choose what kind it is, then say where it is.
import { post } from "../base/api.js";
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { problemFrom, problemView } from "../base/problem.js";
import { go } from "../base/router.js";
import { signal } from "../base/state.js";
import { loadCollections } from "../library/collections.js";
import { kindCards, loadKinds } from "./kinds.js";
import { sourceForm } from "./sourceForm.js";

const { section, header, h1, p, a } = tags;

/** The kinds as cards. */
export function pageConnect({ signal: left }) {
  const { ready, view } = loaded(() => loadKinds(left));
  const node = page(
    ["#/sources", "Sources"], "Connect a source", "Choose what kind of system it is.",
    view, () => (ready() ? kindCards(ready()) : null),
  );
  return { title: "Connect a source", node };
}

/** The form of one kind. */
export function pageConnectKind({ parameters, signal: left }) {
  const { ready, view } = loaded(async () => {
    const [kinds, collections] = await Promise.all([loadKinds(left), loadCollections(left)]);
    return { kind: kinds.find((one) => one.name === parameters.kind) ?? null, collections: signal(collections) };
  });
  const node = page(
    ["#/sources/new", "Kinds of sources"],
    () => (ready()?.kind ? `Connect: ${ready().kind.title}` : "Connect a source"),
    () => ready()?.kind?.summary ?? null,
    view,
    () => (ready() ? formOf(ready(), left) : null),
  );
  return { title: "Connect a source", node };
}

function formOf({ kind, collections }, left) {
  if (!kind) return p("There is no such kind of source here.");
  return sourceForm({
    kind, collections, back: "#/sources",
    onTest: (draft) => post("/sources/test", draft, { signal: left }),
    onSubmit: async (draft) => {
      const made = await post("/sources", draft, { signal: left });
      go(`/sources/${encodeURIComponent(made.id)}`);
    },
  });
}

/** The frame of a page that leads back to `[address, words]`. */
export function page([address, words], title, summary, ...children) {
  return section(
    { class: "sources narrow", "aria-labelledby": "page-title" },
    header(
      { class: "sources-head" },
      a({ class: "button quiet back", href: address }, icon("back"), words),
      h1({ id: "page-title", tabindex: "-1" }, title),
      p({ class: "hint" }, summary),
    ),
    children,
  );
}

/** `ready()` is what `load` gave, or null; `view` says what is going on until then. */
export function loaded(load) {
  const ready = signal(null);
  const problem = signal(null);
  const begin = () => {
    problem.set(null);
    load().then(ready.set, (failure) => problem.set(problemFrom(failure)));
  };
  begin();
  const view = () => {
    if (problem()) return problemView(problem(), begin);
    return ready() ? null : p({ class: "working", role: "status" }, "One moment");
  };
  return { ready, view };
}
