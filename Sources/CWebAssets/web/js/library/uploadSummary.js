// What became of the files that were added: a count while they travel, and one plain sentence for each that did not.
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { counted, ofTotal } from "../base/format.js";

const { div, p, ul, li, strong, span, button, progress, details, summary } = tags;

/** The summary of `uploads` (see `uploads.js`); nothing while there is nothing to say. */
export function uploadSummary(uploads) {
  return () => {
    const now = uploads.progress();
    if (now.total === 0 && now.problems.length === 0) return null;
    if (!now.busy && now.problems.length === 0) return null;
    return div({ class: "upload-summary", role: "status" }, travelling(now), problems(now, uploads));
  };
}

function travelling(now) {
  if (!now.busy) return null;
  return [
    p(`Sending ${ofTotal(now.sent, now.total)}`),
    progress({ max: String(now.total), value: String(now.sent), "aria-label": "Files sent" }),
  ];
}

function problems(now, uploads) {
  if (now.problems.length === 0) return null;
  const canRetry = !now.busy && now.problems.some((problem) => problem.item);
  return div(
    { class: "upload-problems" },
    p(icon("warning"), strong(`Not added: ${counted(now.problems.length, "file")}`)),
    now.problems.length > 5
      ? details(summary("Show which"), list(now.problems))
      : list(now.problems),
    div(
      { class: "upload-actions" },
      canRetry ? button({ type: "button", class: "button quiet", onclick: () => uploads.retry() }, "Try again") : null,
      now.busy ? null : button({ type: "button", class: "button quiet", onclick: () => uploads.dismiss() }, "Dismiss"),
    ),
  );
}

function list(all) {
  return ul(all.map(({ path, reason }) => li(span({ class: "upload-path" }, path), " ", span(reason))));
}
