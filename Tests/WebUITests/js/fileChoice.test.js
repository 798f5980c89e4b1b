import { filesOfPicker, filesUnder, sortOut } from "../../../Sources/CWebAssets/web/js/library/fileChoice.js";
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

test("what cannot be sent is refused with a sentence, and hidden files are left out", () => {
  const all = ["a.md", "d.pdf", "e", ".DS_Store", "x/.git/f.md"].map((path) => ({ path, file: { size: 1, type: "" } }));
  const { accepted, refused } = sortOut([
    ...all, { path: "empty.md", file: { size: 0 } }, { path: "x".repeat(1001), file: { size: 1 } },
    { path: "t.html", file: { size: 1, type: "text/html" } },
  ]);
  equal(accepted.map((one) => one.path), ["a.md", "d.pdf", "e", "t.html"]);
  equal(accepted.map((one) => one.type).slice(2), ["application/octet-stream", "text/html"]);
  equal(refused.map((one) => one.path.slice(0, 8)), ["empty.md", "xxxxxxxx"]);
  equal(refused.every((one) => one.reason.endsWith(".")), true);
});
