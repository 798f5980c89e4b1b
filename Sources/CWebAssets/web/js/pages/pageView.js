// A page of a document as it looks, with the cited words marked. The server paints it anew for each look.
import { get, withQuery } from "../base/api.js";
import { picture, tags } from "../base/dom.js";
import { counted } from "../base/format.js";
import { icon } from "../base/icon.js";
import { problemFrom } from "../base/problem.js";
import { computed, effect, signal, whenDisposed } from "../base/state.js";
import { lineBoxes, pageOf, pathOf, touches } from "./pageMarks.js";

const { div, p, span, button, select, option, svg, path } = tags;
// By the name that the style sheet knows: what it is called, and how many pixels are worth painting for it.
const zooms = new Map([["fit", ["Fit", 1100]], ["150", ["150 %", 1650]], ["200", ["200 %", 2200]]]);

/** The address of a version's pages below the API. */
export function pagesAddress({ document, version }) {
  return `/documents/${encodeURIComponent(document)}/versions/${encodeURIComponent(version)}/pages`;
}

/** A signal that aborts when the part of the screen that asks for it is gone. */
export function whilePresent() {
  const controller = new AbortController();
  whenDisposed(() => controller.abort());
  return controller.signal;
}

/**
 * The page that the words from `place.start` to `place.end` stand on, and the way to all others. `list` is the reply of
 * `GET {pages}`, `onFailure()` runs when a page cannot be shown.
 */
export function pageView(place, list, onFailure) {
  const left = whilePresent();
  const page = signal(pageOf(list.items, place.start ?? 0));
  const zoom = signal("fit");
  const words = followWords(place, page, left);
  const marks = computed(() => lineBoxes(words()));
  const frame = div(
    { class: "page-frame", tabindex: "0", role: "group", "aria-label": () => `Page ${page().number}` },
    () => sheet({ place, list, page: page(), zoom: zoom(), marks, onFailure, onLoad: () => showMarks(frame, marks) }),
  );
  effect(() => marks().length > 0 && showMarks(frame, marks));
  return div({ class: "page-view" }, toolbar(list, page, zoom), frame, () => markedLine(place, page(), words()));
}

function followWords(place, page, left) {
  const words = signal([]);
  effect(() => {
    const shown = page();
    words.set([]);
    if (!touches(shown, place.start, place.end)) return;
    const address = withQuery(`${pagesAddress(place)}/${shown.number}`, { start: place.start, end: place.end });
    get(address, { signal: left }).then(
      (found) => page.peek() === shown && words.set(found.words),
      () => {},
    );
  });
  return words;
}

function toolbar(list, page, zoom) {
  const at = () => list.items.indexOf(page());
  const turn = (step) => () => page.set(list.items[at() + step] ?? page.peek());
  const arrow = (id, words, look, step) => button(
    {
      type: "button", class: `icon-button ${look}`, "data-act": id, "aria-label": words, title: words,
      disabled: () => list.items[at() + step] === undefined, onclick: turn(step),
    },
    icon("back"),
  );
  return div(
    { class: "page-tools" },
    arrow("before", "Page before", "", -1),
    span({ class: "page-number", role: "status" }, () => `Page ${page().number} of ${list.items.length}`),
    arrow("after", "Page after", "forward", 1),
    select(
      {
        class: "select quiet page-zoom", "aria-label": "Width of the page",
        onchange: (event) => zoom.set(event.target.value),
      },
      [...zooms].map(([name, [words]]) => option({ value: name, selected: zoom.peek() === name }, words)),
    ),
  );
}

function sheet({ place, list, page, zoom, marks, onFailure, onLoad }) {
  const loaded = signal(false);
  const address = withQuery(`/api/v1${pagesAddress(place)}/${page.number}/image`, { width: zooms.get(zoom)[1] });
  const image = picture(address, {
    alt: `Page ${page.number} of ${list.title}, as it looks in the file`,
    width: String(page.width), height: String(page.height), class: "page-image",
    onload: () => {
      loaded.set(true);
      onLoad();
    },
    onerror: onFailure,
  });
  return div(
    { class: "page-sheet", "data-zoom": zoom },
    image,
    () => (loaded() ? null : p({ class: "working page-wait", role: "status" }, "Painting the page")),
    () => (loaded() && marks().length > 0
      ? svg(
        { class: "page-marks", viewBox: `0 0 ${page.width * 10} ${page.height * 10}`, "aria-hidden": "true" },
        path({ d: pathOf(marks()) }),
      )
      : null),
  );
}

/** Says in words what the marks say to the eye. */
function markedLine(place, page, words) {
  if (place.start === undefined || place.start === null) return null;
  if (words.length > 0) return p({ class: "hint" }, `${counted(words.length, "cited word")} marked on this page.`);
  return touches(page, place.start, place.end) ? null : p({ class: "hint" }, "The cited words are on another page.");
}

function showMarks(frame, marks) {
  const image = frame.querySelector(".page-image");
  const first = marks.peek()[0];
  if (!image?.complete || !first || !image.clientHeight) return;
  const scale = image.clientHeight / (Number(image.getAttribute("height")) * 10);
  frame.scrollTop = Math.max(0, first.top * scale - frame.clientHeight / 3);
  frame.scrollLeft = Math.max(0, first.left * scale - frame.clientWidth / 3);
}

/** Asks which pages there are; null while it does, and a list without pages when they cannot be had. */
export function pagesOf(place) {
  const list = signal(null);
  get(pagesAddress(place), { signal: whilePresent() }).then(
    list.set,
    (failure) => problemFrom(failure) && list.set({ items: [], images: false }),
  );
  return list;
}
