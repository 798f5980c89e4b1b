// Where documents come in: by dropping files or folders anywhere on the page, or by choosing them.
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { signal, whenDisposed } from "../base/state.js";
import { filesOfPicker, filesUnder } from "./fileChoice.js";

const { div, p, input, button } = tags;
const invitation = "Drop files here, or a whole folder";

/** `onFiles(files)` gets `[{path, file}]`; `large()` says whether the zone is the one thing on the page. */
export function dropZone({ onFiles, large }) {
  const over = signal(false);
  const files = picker("file-input", "Files to add", {}, onFiles);
  const folder = picker("folder-input", "Folder to add", { webkitdirectory: true }, onFiles);
  const dropped = async (event) => {
    over.set(false);
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    onFiles(entries.length > 0 ? await filesUnder(entries) : filesOfPicker(event.dataTransfer.files));
  };
  catchDrops(over, dropped);
  return div(
    { class: () => `drop-zone${large() ? " large" : ""}${over() ? " over" : ""}` },
    icon("upload"),
    div(
      { class: "drop-words" },
      p({ class: "drop-title" }, () => (over() ? "Let go to add them" : invitation)),
      p({ class: "drop-hint" }, "They stay inside your Cloister and are sealed before they are stored."),
    ),
    div(
      { class: "drop-actions" },
      chooser("Choose files", files, () => (large() ? "button primary" : "button")),
      chooser("Choose a folder", folder, "button"),
    ),
    files,
    folder,
  );
}

function chooser(words, hiddenInput, look) {
  return button({ type: "button", class: look, onclick: () => hiddenInput.click() }, words);
}

function picker(id, words, attributes, onFiles) {
  return input({
    type: "file", id, class: "visually-hidden", tabindex: "-1", "aria-label": words, multiple: true, ...attributes,
    onchange: (event) => {
      onFiles(filesOfPicker(event.target.files));
      event.target.value = "";
    },
  });
}

/** The whole page takes drops while it is open: nobody has to aim, and a missed drop does not open the file. */
function catchDrops(over, dropped) {
  const carriesFiles = (event) => event.dataTransfer?.types?.includes("Files");
  const handlers = {
    dragover: (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      over.set(true);
    },
    dragleave: (event) => event.relatedTarget === null && over.set(false),
    drop: (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      dropped(event);
    },
  };
  for (const [name, handler] of Object.entries(handlers)) {
    document.addEventListener(name, handler);
    whenDisposed(() => document.removeEventListener(name, handler));
  }
}
