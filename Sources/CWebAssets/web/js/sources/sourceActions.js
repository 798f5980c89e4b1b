// What can be done with a source, for those who manage sources.
import { post, remove } from "../base/api.js";
import { confirmDialog } from "../base/dialog.js";
import { tags } from "../base/dom.js";
import { counted } from "../base/format.js";
import { icon } from "../base/icon.js";
import { announce } from "../base/notice.js";
import { problemFrom } from "../base/problem.js";
import { go } from "../base/router.js";
import { addressOf } from "./sourceRows.js";

const { div, button, a } = tags;

/** The calls of one source; `source` is its `watch`, `report` and `problem` are signals that a page shows. */
export class SourceActions {
  #path;
  #source;
  #problem;
  #report;
  #busy = false;

  constructor(id, { source, problem, report }) {
    this.#path = `/sources/${encodeURIComponent(id)}`;
    this.#source = source;
    this.#problem = problem;
    this.#report = report;
  }

  sync() {
    return this.#attempt("sync", "A run begins.");
  }

  /** Pauses, or goes on. */
  toggle() {
    const isPaused = this.#source.value.peek().state === "paused";
    return isPaused ? this.#attempt("sync", "It goes on.") : this.#attempt("pause", "Paused.");
  }

  test() {
    return this.#once(async () => {
      this.#report.set("asking");
      try {
        this.#report.set(await post(`${this.#path}/test`));
      } catch (failure) {
        this.#report.set(null);
        throw failure;
      }
    });
  }

  /** Lets go what is held. Throws, for the dialog that asked. */
  async confirm() {
    this.#source.set(await post(`${this.#path}/confirm`));
  }

  /** Asks first. The list shows how it goes away. */
  async delete() {
    const one = this.#source.value.peek();
    const isBegun = await confirmDialog({
      title: `Delete “${one.name}”?`,
      text: `${counted(one.documents, "document")} ${one.documents === 1 ? "is" : "are"} deleted with it, from the `
        + "library and from every future answer, and the keys are destroyed. This cannot be undone. At the source "
        + "itself nothing changes.",
      action: "Delete",
      submit: () => remove(this.#path),
    });
    if (isBegun) go("/sources");
  }

  #attempt(name, words) {
    return this.#once(async () => {
      this.#source.set(await post(`${this.#path}/${name}`));
      announce(words);
    });
  }

  async #once(act) {
    if (this.#busy) return;
    this.#busy = true;
    this.#problem.set(null);
    try {
      await act();
    } catch (failure) {
      this.#problem.set(problemFrom(failure));
    }
    this.#busy = false;
  }
}

/** The buttons. `state()` is the state of the source; a button that was pressed stays, so that the focus does. */
export function actionButtons(id, state, actions) {
  const isPaused = () => state() === "paused";
  const act = (name, look, content, onclick, attributes = {}) =>
    button({ type: "button", id: name, class: look, onclick, ...attributes }, content);
  return div(
    { class: "source-actions" },
    act("sync", "button", [icon("sync"), "Sync now"], () => actions.sync(), { hidden: isPaused }),
    act("pause", "button", () => (isPaused() ? [icon("play"), "Resume"] : [icon("pause"), "Pause"]),
      () => actions.toggle()),
    act("test", "button", "Test", () => actions.test()),
    a({ id: "edit", class: "button", href: `${addressOf(id)}/edit` }, "Edit"),
    act("delete", "button quiet danger-text", "Delete", () => actions.delete()),
  );
}
