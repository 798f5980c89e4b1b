import { Uploads } from "../../../Sources/CWebAssets/web/js/library/uploads.js";
import { equal, test } from "./harness.js";

const item = (path) => ({ path, type: "text/plain", file: new Blob(["x"]) });

/** Sends `paths` to a server that answers by `status(path)`; gives the last progress and the most requests at once. */
async function sent(paths, status) {
  const real = globalThis.fetch;
  let [open, most] = [0, 0];
  globalThis.fetch = async (address) => {
    most = Math.max(most, (open += 1));
    await null;
    open -= 1;
    const code = status(new URL(address, "http://h").searchParams.get("path"));
    return new Response(JSON.stringify({ document: "d", title: "no", code: "x" }), { status: code });
  };
  const uploads = new Uploads({ onAccepted() {}, signal: new AbortController().signal });
  uploads.add("col", { accepted: paths.map(item), refused: [] });
  while (uploads.progress().busy) await new Promise((resolve) => setTimeout(resolve));
  globalThis.fetch = real;
  return { now: uploads.progress(), most };
}

test("every file is sent, a few at a time", async () => {
  const { now, most } = await sent(["a", "b", "c", "d", "e", "f", "g"], () => 202);
  equal([now.sent, now.total, now.problems, most], [7, 7, [], 3]);
});

test("a refused file is named, and only a passing failure may be tried again", async () => {
  const { now } = await sent(["good", "bad", "down"], (path) => ({ good: 202, bad: 400, down: 503 })[path]);
  equal([now.sent, now.problems.map((one) => [one.path, one.item !== null])], [1, [["bad", false], ["down", true]]]);
});
