// Modal questions on the browser's own <dialog>: it keeps the focus inside, closes on Escape and gives focus back.
import { replaceChildren, tags } from "./dom.js";
import { problemFrom, problemView } from "./problem.js";

const { dialog, h2, p, div, button, form, label } = tags;
let count = 0;

/** Asks before something that cannot be undone. `submit` does it; resolves to true once it is done. */
export async function confirmDialog({ title, text, action, submit }) {
  const done = async () => {
    await submit();
    return true;
  };
  return (await openDialog({ title, body: () => p(text), action, danger: true, submit: done })) === true;
}

/** A control (`input` or `select` of the tags) under its label. */
export function field(id, words, control, attributes, ...children) {
  return div({ class: "field" }, label({ for: id }, words), control({ id, ...attributes }, ...children));
}

/**
 * Shows a small form. `body()` gives its nodes and `submit(formData)` does the work; when that fails the dialog stays
 * open and says why. Resolves to what `submit` gave, or to null when the person gave up.
 */
export function openDialog({ title, body, action, danger = false, submit }) {
  const id = `dialog-${(count += 1)}`;
  return new Promise((resolve) => {
    let result = null;
    const status = div({ class: "dialog-status" });
    const confirm = button({ type: "submit", class: danger ? "button danger" : "button primary" }, action);
    const send = async (event) => {
      event.preventDefault();
      const data = new FormData(event.target);
      confirm.disabled = true;
      try {
        result = await submit(data);
        node.close();
      } catch (failure) {
        const problem = problemFrom(failure);
        replaceChildren(status, problem ? problemView(problem) : null);
      }
      confirm.disabled = false;
    };
    const close = () => {
      node.remove();
      resolve(result);
    };
    const node = dialog(
      { class: "dialog", "aria-labelledby": id, onclose: close },
      form(
        { onsubmit: send },
        h2({ id }, title),
        div({ class: "dialog-body" }, body()),
        status,
        div(
          { class: "dialog-actions" },
          button({ type: "button", class: "button", onclick: () => node.close() }, "Cancel"),
          confirm,
        ),
      ),
    );
    document.body.append(node);
    node.showModal();
  });
}
