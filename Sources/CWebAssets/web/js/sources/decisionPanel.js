// Shown when far more documents are gone at the source than anybody would believe: a person decides.
import { confirmDialog } from "../base/dialog.js";
import { tags } from "../base/dom.js";
import { counted } from "../base/format.js";
import { icon } from "../base/icon.js";

const { section, div, h2, p, button } = tags;

/** `onConfirm()` lets the documents go and returns a promise; null for a person who may not decide. */
export function decisionPanel(one, onConfirm) {
  const documents = counted(one.held, "document");
  const ask = () => confirmDialog({
    title: `Let ${documents} go?`,
    text: "Out of the library and out of every future answer; the keys are destroyed. This cannot be undone.",
    action: `Let ${documents} go`,
    submit: onConfirm,
  });
  return section(
    { class: "decision", "aria-labelledby": "decision-title" },
    icon("decide"),
    div(
      { class: "decision-text" },
      h2({ id: "decision-title" }, `${documents} ${one.held === 1 ? "is" : "are"} gone at the source`),
      p(
        "That is more than usual, so nothing was deleted: they are hidden from everybody. If the source is broken or "
          + "was moved, mend it; they come back with the next run. If they are meant to be gone, let them go.",
      ),
      onConfirm
        ? button({ type: "button", id: "confirm-removals", class: "button", onclick: ask }, `Let ${documents} go`)
        : null,
    ),
  );
}
