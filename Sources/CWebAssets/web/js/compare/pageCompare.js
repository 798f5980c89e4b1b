// Compare: what became of an earlier version of a document in a later one, word by word.
import { get, withQuery } from "../base/api.js";
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { problemFrom, problemView } from "../base/problem.js";
import { rewrite } from "../base/router.js";
import { signal } from "../base/state.js";
import { dayWords } from "../source/filingWords.js";
import { chosenPair } from "./comparisonWords.js";
import { comparisonView } from "./comparisonView.js";

const { section, header, div, h1, p, a, label, select, option } = tags;

export function pageCompare({ parameters, query, signal: left }) {
  const id = encodeURIComponent(parameters.document);
  const [versions, pair, found, problem] = [signal(null), signal(null), signal(null), signal(null)];
  let turn = 0;
  const compare = async () => {
    const mine = (turn += 1);
    found.set(null);
    problem.set(null);
    const { from, to } = pair.peek();
    const address = `/documents/${id}/versions/${encodeURIComponent(to)}/comparison/${encodeURIComponent(from)}`;
    try {
      const answer = await get(address, { signal: left });
      if (mine === turn) found.set(answer);
    } catch (failure) {
      if (mine === turn) problem.set(problemFrom(failure));
    }
  };
  const choose = (change) => {
    pair.update((before) => ({ ...before, ...change }));
    rewrite(withQuery(`/documents/${id}/compare`, pair.peek()));
    compare();
  };
  const load = async () => {
    problem.set(null);
    try {
      const ready = (await get(`/documents/${id}/versions`, { signal: left })).items
        .filter((one) => one.state === "ready");
      versions.set(ready);
      pair.set(chosenPair(ready, query.from, query.to));
      if (pair.peek()) await compare();
    } catch (failure) {
      problem.set(problemFrom(failure));
    }
  };
  load();
  const node = section(
    { class: "compare", "aria-labelledby": "page-title" },
    header(
      { class: "compare-head" },
      a({ class: "button quiet back", href: `#/documents/${id}` }, icon("back"), "Document"),
      h1({ id: "page-title", tabindex: "-1" }, "Compare versions"),
      () => (found() ? p({ class: "evidence-path" }, found().title) : null),
      () => (pair() ? choices(versions(), pair(), choose) : null),
    ),
    () => (problem() ? problemView(problem(), load) : null),
    () => (versions() && !pair() ? p({ class: "empty-line" }, "There is only one version of this document.") : null),
    () => (pair() && !found() && !problem() ? p({ class: "working", role: "status" }, "Comparing") : null),
    () => (found() ? comparisonView(found()) : null),
  );
  return { title: "Compare versions", node };
}

function choices(versions, pair, choose) {
  const choice = (id, words, chosen, name) => div(
    { class: "field" },
    label({ for: id }, words),
    select(
      { id, class: "select", onchange: (event) => choose({ [name]: event.target.value }) },
      versions.map((one) => option({ value: one.id, selected: one.id === chosen }, versionWords(one))),
    ),
  );
  return div(
    { class: "compare-choices" },
    choice("compare-from", "Earlier", pair.from, "from"),
    choice("compare-to", "Later", pair.to, "to"),
  );
}

function versionWords(one) {
  return `Version ${one.number}, ${dayWords(one.created)}${one.current ? " (current)" : ""}`;
}
