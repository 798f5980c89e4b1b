import { cutAt, headingsOf, indexesOf, runsOf, spanIn } from "../../../Sources/CWebAssets/web/js/source/sourceText.js";
import { equal, test } from "./harness.js";

const parts = [
  ["heading", "Krankheit – Café 🦉"], ["paragraph", "One."], ["listItem", "- two"], ["listItem", "- três"],
  ["table", "Years | Days\n5 | 1"], ["code", "roster  request"], ["heading", "Carrying over"], ["paragraph", "Last"],
];
const bytesOf = (words) => new TextEncoder().encode(words).length;
const blocks = [];
let text = "";
for (const [kind, words] of parts) {
  if (text) text += "\n\n";
  blocks.push({ kind, start: bytesOf(text), end: bytesOf(text + words) });
  text += words;
}
const joined = (runs) => runs.map((run) => text.slice(run.start, run.end)).join("");

test("byte offsets become string indexes at every character, and nowhere else", () => {
  let bytes = 0;
  for (const character of text) {
    const index = indexesOf(text, [bytes])[0];
    equal(text.slice(index).startsWith(character), true);
    const length = new TextEncoder().encode(character).length;
    for (let inside = 1; inside < length; inside += 1) equal(indexesOf(text, [bytes + inside]), [null]);
    bytes += length;
  }
  equal(indexesOf(text, [bytes, bytes + 1, -1, 0.5]), [text.length, null, null, null]);
});

test("a span that does not fit is none", () => {
  equal(
    [spanIn(text, 5, 5), spanIn(text, 9, 3), spanIn(text, 0, 99999), spanIn(text, NaN, 4)],
    [null, null, null, null],
  );
  const bytes = new TextEncoder().encode(text.slice(0, text.indexOf("One"))).length;
  const span = spanIn(text, bytes, bytes + 4);
  equal(text.slice(span.start, span.end), "One.");
});

test("runs cover the text without a change, with blocks or without", () => {
  equal([joined(runsOf(text, blocks)), joined(runsOf(text, []))], [text, text]);
  equal(runsOf("", []), []);
});

test("headings, markers, tables and code are told apart", () => {
  const runs = runsOf(text, blocks);
  equal(
    runs.map((run) => [run.kind, text.slice(run.start, run.end).trim()]).filter(([, words]) => words),
    [
      ["heading", "Krankheit – Café 🦉"], ["plain", "One."], ["marker", "-"], ["plain", "two"], ["marker", "-"],
      ["plain", "três"], ["table", "Years | Days\n5 | 1"], ["code", "roster  request"], ["heading", "Carrying over"],
      ["plain", "Last"],
    ],
  );
  equal(headingsOf(text, runs).map((heading) => heading.words), ["Krankheit – Café 🦉", "Carrying over"]);
});

test("a cut anywhere keeps every character, and the inside is the span", () => {
  const runs = runsOf(text, blocks);
  for (let start = 0; start < text.length; start += 1) {
    const span = { start, end: Math.min(text.length, start + 9) };
    const { before, inside, after } = cutAt(runs, span);
    equal(joined(before) + joined(inside) + joined(after), text);
    equal(joined(inside), text.slice(span.start, span.end));
  }
});
