// Line icons drawn on a grid of 24; they say nothing to a screen reader, the words beside them do.
import { tags } from "./dom.js";

const strokes = {
  account: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z", "M4.5 20c1.2-3.3 4-5 7.5-5s6.3 1.7 7.5 5"],
  add: ["M12 5v14", "M5 12h14"],
  arrow: ["M5 12h14", "m13 6 6 6-6 6"],
  back: ["M19 12H5", "m11 6-6 6 6 6"],
  branch: ["M7 8v8", "M7 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z", "M7 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
    "M17 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z", "M17 10c0 4-5 3.5-8.5 6"],
  check: ["m5 12.5 4.5 4.5L19 7.5"],
  clock: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "M12 7.5V12l3 2"],
  close: ["m6 6 12 12", "M18 6 6 18"],
  copy: ["M9 9h10v11H9Z", "M6 15H5V4h10v1.5"],
  decide: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "M9.6 9.6a2.5 2.5 0 1 1 3.7 2.2c-.9.5-1.3 1-1.3 2", "M12 16.7v.3"],
  document: ["M6 3h8l4 4v14H6Z", "M14 3v4h4", "M9 12h6", "M9 16h6"],
  folder: ["M3 6h6l2 2.5h10V19H3Z"],
  key: ["M8 19a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z", "m11 12 8-8", "m15.5 7.5 2.5 2.5"],
  library: ["M4 20V4h4v16Z", "M10 20V4h4v16Z", "m15.5 5 3.5-1 3.5 15-3.5 1Z"],
  lock: ["M6 11h12v9H6Z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3"],
  mail: ["M3.5 6h17v12h-17Z", "m3.5 7 8.5 6.5L20.5 7"],
  moon: ["M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z"],
  outside: ["M13 5h6v6", "m19 5-8.5 8.5", "M17 14v5H5V7h5"],
  people: ["M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z", "M2.5 19.5c.9-3 3.3-4.5 6.5-4.5s5.6 1.5 6.5 4.5",
    "M16 11.5a3 3 0 1 0-1-5.8", "M17.5 15c2 .5 3.4 1.9 4 4"],
  pause: ["M9 5v14", "M15 5v14"],
  play: ["M8 5v14l11-7Z"],
  question: ["M4 5h16v11h-8l-4.5 4v-4H4Z"],
  search: ["M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Z", "m16 16 4.5 4.5"],
  source: ["M9 3v5", "M15 3v5", "M6 8h12v3a6 6 0 0 1-12 0Z", "M12 17v4.5"],
  store: ["M4.5 6c0-1.7 3.4-3 7.5-3s7.5 1.3 7.5 3-3.4 3-7.5 3-7.5-1.3-7.5-3Z",
    "M4.5 6v12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3V6", "M4.5 12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3"],
  sun: ["M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z", "M12 2.5v2", "M12 19.5v2", "M2.5 12h2", "M19.5 12h2", "m5.3 5.3 1.4 1.4",
    "m17.3 17.3 1.4 1.4", "m18.7 5.3-1.4 1.4", "m6.7 17.3-1.4 1.4"],
  sync: ["M19.5 12a7.5 7.5 0 0 1-13.2 4.9L4 14.5", "M4 19v-4.5h4.5", "M4.5 12a7.5 7.5 0 0 1 13.2-4.9L20 9.5",
    "M20 5v4.5h-4.5"],
  trash: ["M5 7h14", "M9 7V4h6v3", "m7 7 1 13h8l1-13"],
  download: ["M12 4.5V16", "m7 11 5 5 5-5", "M4.5 16v3.5h15V16"],
  upload: ["M12 16V4.5", "m7 9 5-5 5 5", "M4.5 16v3.5h15V16"],
  web: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "M3 12h18", "M12 3c5 5.5 5 12.5 0 18", "M12 3c-5 5.5-5 12.5 0 18"],
  warning: ["M12 4 2.5 20h19Z", "M12 10v4.5", "M12 17.2v.3"],
};
const arches = [
  "M3 21v-8.5C3 8.6 5 6 7.5 3.8 10 6 12 8.6 12 12.5V21",
  "M12 12.5C12 8.6 14 6 16.5 3.8 19 6 21 8.6 21 12.5V21",
  "M1.5 21h21",
];

// These point along the line of writing and turn round with it.
const directed = new Set(["arrow", "back"]);

/** One icon by name. */
export function icon(name) {
  return drawing(directed.has(name) ? "icon directed" : "icon", strokes[name]);
}

/** Two arches of a cloister: the product's mark. */
export function mark() {
  return drawing("icon brand-mark", arches);
}

function drawing(kind, paths) {
  const { svg, path } = tags;
  return svg(
    {
      class: kind, viewBox: "0 0 24 24", width: "20", height: "20", fill: "none", stroke: "currentColor",
      "stroke-width": "1.7", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
    },
    paths.map((d) => path({ d })),
  );
}
