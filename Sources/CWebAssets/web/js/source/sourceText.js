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
 * Runs `{kind, start, end}` that cover `text` in order, from the `blocks` that the API tells. Kinds: "heading", "table",
 * "code", "marker" (the sign of a list item) and "plain".
 */
export function runsOf(text, blocks) {
  const runs = [];
  const places = ascendingIndexes(text, blocks.flatMap((block) => [block.start, block.end]));
  let end = 0;
  blocks.forEach((block, number) => {
    const [from, to] = [places[2 * number], places[2 * number + 1]];
    add(runs, "plain", end, from);
    const words = block.kind === "listItem" && text.startsWith("- ", from) ? from + 2 : from;
    add(runs, "marker", from, words);
    add(runs, looks.has(block.kind) ? block.kind : "plain", words, to);
    end = to;
  });
  add(runs, "plain", end, text.length);
  return runs;
}

const looks = new Set(["heading", "table", "code"]);

/** As `indexesOf`, for offsets that never go down: in one pass. */
function ascendingIndexes(text, offsets) {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  let [byte, index] = [0, 0];
  return offsets.map((offset) => {
    index += decoder.decode(bytes.subarray(byte, offset)).length;
    byte = offset;
    return index;
  });
}

/** `{words, start}` of each heading among `runs`. */
export function headingsOf(text, runs) {
  return runs.filter((run) => run.kind === "heading")
    .map((run) => ({ words: text.slice(run.start, run.end).trim(), start: run.start }));
}

/** `runs` cut at `span`, as `{before, inside, after}`. */
export function cutAt(runs, span) {
  if (!span) return { before: runs, inside: [], after: [] };
  const within = (from, to) =>
    runs.filter((run) => run.end > from && run.start < to)
      .map((run) => ({ ...run, start: Math.max(run.start, from), end: Math.min(run.end, to) }));
  return { before: within(-1, span.start), inside: within(span.start, span.end), after: within(span.end, Infinity) };
}

/** Neighbours of one kind become one run; headings stay apart, because each is a place to jump to. */
function add(runs, kind, start, end) {
  if (start === end) return;
  const last = runs.at(-1);
  if (last && last.kind === kind && last.end === start && kind !== "heading") last.end = end;
  else runs.push({ kind, start, end });
}
