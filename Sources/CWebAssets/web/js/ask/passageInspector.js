// Why a passage was found and why this person may read it: the search of this moment, in numbers.
import { post } from "../base/api.js";
import { tags } from "../base/dom.js";
import { problemFrom, problemView } from "../base/problem.js";
import { signal } from "../base/state.js";
import { whilePresent } from "../pages/pageView.js";
import { hitOf, rankWords, ruleOf, termWords } from "./passageWords.js";

const { details, summary, div, p, dl, dt, dd, ul, li, code } = tags;
const passagesLooked = 50;

/** A disclosure about `citation` that asks when it is first opened. `question` is what the answer answers. */
export function passageInspector(citation, question) {
  const [found, problem] = [signal(null), signal(null)];
  const left = whilePresent();
  const load = async (event) => {
    if (!event.target.open || found.peek()) return;
    problem.set(null);
    try {
      const query = { query: question, mode: "fused", limit: passagesLooked, explain: true };
      found.set(await post("/search", query, { signal: left }));
    } catch (failure) {
      problem.set(problemFrom(failure));
    }
  };
  return details(
    { class: "proof", id: "inspector", ontoggle: load },
    summary("Why this passage, and why you may see it"),
    div({ role: "status" }, () => {
      if (problem()) return problemView(problem());
      return found() ? explained(found(), citation) : p({ class: "working" }, "Looking it up");
    }),
  );
}

/** The explanation of the hit that holds the cited words. */
export function explained(found, citation) {
  const hit = hitOf(found.hits, citation);
  if (!hit?.explanation) {
    return p(`It is not among the best ${passagesLooked} passages for this question any more.`);
  }
  const { dense, lexical, fusion, access } = hit.explanation;
  return [
    p(`Searched anew for you just now, it is number ${hit.place} of ${found.hits.length} passages that you may read.`),
    dl(
      row("By meaning", rankWords(dense)),
      row("By words", rankWords(lexical)),
      fusion ? row("Both together", `score ${hit.score.toFixed(4)}`) : null,
    ),
    lexical?.terms.length > 0
      ? ul({ class: "inspector-terms", "aria-label": "Words of the question in it" }, lexical.terms.map((term) =>
        li(code(term.term), ` ${termWords(term, lexical.chunks)}`)))
      : null,
    p("You may see it by this rule:"),
    p({ class: "access-rule" }, code(ruleOf(access))),
  ];
}

function row(name, value) {
  return [dt(name), dd(value)];
}
