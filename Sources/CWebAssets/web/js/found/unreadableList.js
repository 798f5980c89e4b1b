// Files that could not be read, by what is the matter with them.
import { tags } from "../base/dom.js";
import { counted } from "../base/format.js";
import { byAdvice } from "./foundWords.js";

const { ul, li, p, details, summary, strong } = tags;
const openMax = 5;
const pathsMax = 200;

/** `documents` are those in the state "failed"; not `complete` when only the newest were looked at. */
export function unreadableList({ documents, complete }) {
  return [
    ul({ class: "unreadable" }, byAdvice(documents).map((reason) => li(
      details(
        { open: reason.documents.length <= openMax },
        summary(strong(counted(reason.documents.length, "file")), " ", reason.advice),
        ul({ class: "unreadable-paths" }, reason.documents.slice(0, pathsMax).map((one) => li(one.path))),
        reason.documents.length > pathsMax ? p({ class: "hint" }, `The first ${pathsMax}.`) : null,
      ),
    ))),
    complete ? null : p({ class: "hint" }, "Those among older documents are not listed."),
  ];
}
