// Where cited words stand on a page, between the API and a drawing. Pure. Edges are tenths of a point.

// Words whose middles are nearer than this share of their height stand in one line.
const lineShare = 0.5;
const margin = 12;

/** The page of `pages` (`{number, start, end}`) on which the byte `start` of the text stands; null without any. */
export function pageOf(pages, start) {
  let found = null;
  for (const page of pages) if (page.start <= start) found = page;
  return found ?? pages[0] ?? null;
}

/** True when some of the bytes from `start` to `end` stand on `page`. */
export function touches(page, start, end) {
  return Number.isFinite(start) && Number.isFinite(end) && start < page.end && page.start < end;
}

/** One box for the words of each line, `{left, top, right, bottom}`, in the order of the text. */
export function lineBoxes(words) {
  const lines = [];
  for (const { left, top, right, bottom } of words) {
    const last = lines.at(-1);
    if (last && isSameLine(last, { left, top, right, bottom })) {
      last.left = Math.min(last.left, left);
      last.top = Math.min(last.top, top);
      last.right = Math.max(last.right, right);
      last.bottom = Math.max(last.bottom, bottom);
    } else lines.push({ left, top, right, bottom });
  }
  return lines;
}

/** The boxes as the data of one SVG path, each with a little air around it. */
export function pathOf(boxes) {
  return boxes.map(({ left, top, right, bottom }) =>
    `M${left - margin} ${top - margin}H${right + margin}V${bottom + margin}H${left - margin}Z`).join("");
}

// The next word of a line lies at most a few heights away: two columns are two boxes.
function isSameLine(line, word) {
  const height = Math.max(1, Math.min(line.bottom - line.top, word.bottom - word.top));
  const middles = Math.abs(line.top + line.bottom - word.top - word.bottom) / 2;
  const gap = Math.max(word.left - line.right, line.left - word.right);
  return middles < height * lineShare && gap < height * 3;
}
