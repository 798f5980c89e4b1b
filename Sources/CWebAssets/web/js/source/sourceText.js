// Cuts a document's text into runs for the eye without changing one character of it, so that what is marked is exactly
// what was quoted. Offsets of the API count UTF-8 bytes; those of a JavaScript string count UTF-16 units.

/** The indexes in `text` of ascending UTF-8 byte offsets; one that lies outside or inside a character gives null. */
export function indexesOf(text, offsets) {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  return offsets.map((offset) => {
    if (!Number.isInteger(offset) || offset < 0 || offset > bytes.length) return null;
    if (offset < bytes.length && (bytes[offset] & 0xc0) === 0x80) return null;
    return decoder.decode(bytes.subarray(0, offset)).length;
  });
}

/** `{start, end}` in UTF-16 units of a cited span, or null when it does not fit the text. */
export function spanIn(text, startByte, endByte) {
  const [start, end] = indexesOf(text, [startByte, endByte]);
  return start !== null && end !== null && start < end ? { start, end } : null;
}

/**
 * Runs `{kind, start, end}` that cover `text` in order. Kinds: "heading", "code", "marker" (Markdown's own signs) and
 * "plain". A line break belongs to the line that it ends.
 */
export function runsOf(text, isMarkdown) {
  if (!isMarkdown) return text === "" ? [] : [{ kind: "plain", start: 0, end: text.length }];
  const runs = [];
  let fenced = false;
  for (let start = 0; start < text.length;) {
    const stop = text.indexOf("\n", start);
    const end = stop < 0 ? text.length : stop + 1;
    const line = text.slice(start, end);
    const fence = /^ {0,3}(```|~~~)/.test(line);
    addLine(runs, line, start, fenced || fence);
    if (fence) fenced = !fenced;
    start = end;
  }
  return runs;
}

/** `runs` cut at `span`, as `{before, inside, after}`. */
export function cutAt(runs, span) {
  if (!span) return { before: runs, inside: [], after: [] };
  const within = (from, to) =>
    runs.filter((run) => run.end > from && run.start < to)
      .map((run) => ({ ...run, start: Math.max(run.start, from), end: Math.min(run.end, to) }));
  return { before: within(-1, span.start), inside: within(span.start, span.end), after: within(span.end, Infinity) };
}

function addLine(runs, line, start, isCode) {
  if (isCode || /^ *\|/.test(line)) return add(runs, "code", start, start + line.length);
  const heading = /^ {0,3}#{1,6}[ \t]+/.exec(line);
  const marker = heading ?? /^\s*([-*+]|\d+[.)]|>)[ \t]+/.exec(line);
  const cut = start + (marker ? marker[0].length : 0);
  add(runs, "marker", start, cut);
  add(runs, heading ? "heading" : "plain", cut, start + line.length);
}

/** Neighbours of one kind become one run; headings stay apart, because each is a place to jump to. */
function add(runs, kind, start, end) {
  if (start === end) return;
  const last = runs.at(-1);
  if (last && last.kind === kind && last.end === start && kind !== "heading") last.end = end;
  else runs.push({ kind, start, end });
}
