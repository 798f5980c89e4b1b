// The conversation as a file, as far as its reader may see it now.
import { download } from "../base/download.js";
import { tags } from "../base/dom.js";
import { announce } from "../base/notice.js";
import { problemFrom, problemView } from "../base/problem.js";
import { signal } from "../base/state.js";

const { div, span, button } = tags;
const formats = [["markdown", "md", "Markdown"], ["json", "json", "JSON"]];

export function conversationExport(conversation) {
  const problem = signal(null);
  const save = (format, extension) => async () => {
    problem.set(null);
    try {
      const path = `/conversations/${encodeURIComponent(conversation)}/export?format=${format}`;
      await download(path, `cloister-${conversation}.${extension}`);
      announce("The conversation is in your downloads.");
    } catch (failure) {
      problem.set(problemFrom(failure));
    }
  };
  return div(
    { class: "conversation-export" },
    span("Keep this conversation:"),
    formats.map(([format, extension, words]) => button(
      { type: "button", class: "button quiet", "data-format": format, onclick: save(format, extension) }, words,
    )),
    () => (problem() ? problemView(problem()) : null),
  );
}
