// "Download proof": an answer as one file that anybody can check, without this server.
import { download } from "../base/download.js";
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { announce } from "../base/notice.js";
import { problemFrom, problemView } from "../base/problem.js";
import { signal } from "../base/state.js";

const { div, p, a, button } = tags;

/** For the answer with this identifier. */
export function proofDownload(answer) {
  const busy = signal(false);
  const problem = signal(null);
  const save = async () => {
    busy.set(true);
    problem.set(null);
    try {
      await download(`/answers/${encodeURIComponent(answer)}/bundle`, `cloister-proof-${answer}.json`);
      announce("The proof is in your downloads.");
    } catch (failure) {
      problem.set(problemFrom(failure));
    }
    busy.set(false);
  };
  return div(
    { class: "proof-download" },
    button(
      { type: "button", id: "download-proof", class: "button", disabled: busy, onclick: save },
      icon("download"), "Download proof",
    ),
    p(
      { class: "hint" },
      "One file with the cited words, their hashes and a signature. ",
      a({ href: "/verify.html" }, "Anybody can check it"), ", without this server.",
    ),
    () => (problem() ? problemView(problem()) : null),
  );
}
