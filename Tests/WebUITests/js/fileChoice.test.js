import { filesOfPicker, filesUnder, sortOut, typeOf } from "../../../Sources/CWebAssets/web/js/library/fileChoice.js";
import { equal, test } from "./harness.js";

const file = (name, size = 3) => ({ name, isFile: true, file: (resolve) => resolve({ name, size }) });
const folder = (name, ...children) => ({
  name, isFile: false,
  createReader() {
    // A reader gives at most a hundred entries at a time and ends with an empty piece.
    const pieces = [children.slice(0, 1), children.slice(1), []];
    return { readEntries: (resolve) => resolve(pieces.shift()) };
  },
});

test("folders are walked in full and paths keep their folders", async () => {
  const found = await filesUnder([file("a.md"), folder("x", file("b.md"), folder("y", file("c.txt")), file("d.md"))]);
  equal(found.map((one) => one.path), ["a.md", "x/b.md", "x/y/c.txt", "x/d.md"]);
});

test("a picked folder gives the paths below it", () => {
  equal(
    filesOfPicker([
      { name: "a.md", webkitRelativePath: "x/a.md" },
      { name: "b.md", webkitRelativePath: "" },
    ]).map((one) => one.path),
    ["x/a.md", "b.md"],
  );
});

test("what cannot be read is refused with a sentence, and hidden files are left out", () => {
  const all = [
    "a.md",
    "B.MARKDOWN",
    "c.txt",
    "d.pdf",
    "e",
    ".DS_Store",
    "x/.git/f.md",
  ].map((path) => ({ path, file: { size: 1 } }));
  const { accepted, refused } = sortOut([...all, { path: "empty.md", file: { size: 0 } }]);
  equal(accepted.map((one) => one.path), ["a.md", "B.MARKDOWN", "c.txt"]);
  equal(refused.map((one) => one.path), ["d.pdf", "e", "empty.md"]);
  equal(refused.every((one) => one.reason.endsWith(".")), true);
});

test("types by ending", () => {
  equal(
    [typeOf("a.md"), typeOf("a.b.TXT"), typeOf("a.constructor"), typeOf("md")],
    ["text/markdown", "text/plain", null, "text/markdown"],
  );
});
