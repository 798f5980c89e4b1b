import { cutAt, headingsOf, indexesOf, runsOf, spanIn } from "../../../Sources/CWebAssets/web/js/source/sourceText.js";
import { equal, test } from "./harness.js";

const text = "Krankheit – Café 🦉\n\nOne.\n\n- two\n- three\n\nYears | Days\n5 | 1\n\n"
  + "roster request\n\nCarrying over\n\nTwo (2).\n\nLast";
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

test("runs cover the text without a change, Markdown or not", () => {
  equal([joined(runsOf(text, true)), joined(runsOf(text, false))], [text, text]);
  equal(runsOf("", true), []);
});

test("headings, markers and tables are told apart; the last line is no heading, and neither is a sentence", () => {
  const runs = runsOf(text, true);
  equal(
    runs.map((run) => run.kind),
    ["heading", "plain", "marker", "plain", "marker", "plain", "table", "plain", "heading", "plain"],
  );
  equal(headingsOf(text, runs).map((heading) => heading.words), ["Krankheit – Café 🦉", "Carrying over"]);
});

test("a cut anywhere keeps every character, and the inside is the span", () => {
  const runs = runsOf(text, true);
  for (let start = 0; start < text.length; start += 1) {
    const span = { start, end: Math.min(text.length, start + 9) };
    const { before, inside, after } = cutAt(runs, span);
    equal(joined(before) + joined(inside) + joined(after), text);
    equal(joined(inside), text.slice(span.start, span.end));
  }
});
