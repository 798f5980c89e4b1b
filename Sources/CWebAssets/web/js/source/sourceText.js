// Cuts a document's text into runs for the eye without changing one character of it, so that what is marked is exactly
// what was quoted. Offsets of the API count UTF-8 bytes; those of a JavaScript string count UTF-16 units.

const headingCharactersMax = 100;

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
 * Runs `{kind, start, end}` that cover `text` in order. Kinds: "heading", "table", "marker" (the sign of a list item)
 * and "plain". The text has lost its Markdown when it was normalised, and the API does not tell the kinds of blocks; so
 * a line that stands alone and does not end like a sentence is taken for a heading. That decides only how it looks.
 */
export function runsOf(text, isMarkdown) {
  const runs = [];
  let start = 0;
  for (const block of isMarkdown ? text.split(/(?<=\n\n)/) : [text]) {
    const end = start + block.length;
    if (!isMarkdown) add(runs, "plain", start, end);
    else if (isHeading(block) && end < text.length) add(runs, "heading", start, end);
    else if (isTable(block)) add(runs, "table", start, end);
    else addLines(runs, block, start);
    start = end;
  }
  return runs;
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

function isHeading(block) {
  const words = block.trim();
  return words.length <= headingCharactersMax && !words.includes("\n") && !words.includes(" | ")
    && /^[\p{Lu}\p{Lo}\p{N}]/u.test(words) && !/[.!?:;,…]["'”’)]?$/.test(words);
}

function isTable(block) {
  return block.trim().split("\n").every((line) => line.includes(" | "));
}

function addLines(runs, block, start) {
  for (const line of block.split(/(?<=\n)/)) {
    const cut = start + (line.startsWith("- ") ? 2 : 0);
    add(runs, "marker", start, cut);
    add(runs, "plain", cut, start + line.length);
    start += line.length;
  }
}

/** Neighbours of one kind become one run; headings stay apart, because each is a place to jump to. */
function add(runs, kind, start, end) {
  if (start === end) return;
  const last = runs.at(-1);
  if (last && last.kind === kind && last.end === start && kind !== "heading") last.end = end;
  else runs.push({ kind, start, end });
}
