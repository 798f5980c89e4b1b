import { session } from "../../../Sources/CWebAssets/web/js/base/session.js";
import { signal } from "../../../Sources/CWebAssets/web/js/base/state.js";
import { duplicateGroups } from "../../../Sources/CWebAssets/web/js/found/duplicateGroups.js";
import { findingsView } from "../../../Sources/CWebAssets/web/js/found/findingsView.js";
import { heldText } from "../../../Sources/CWebAssets/web/js/found/heldText.js";
import { progressMeter } from "../../../Sources/CWebAssets/web/js/found/progressMeter.js";
import { reviewList } from "../../../Sources/CWebAssets/web/js/found/reviewList.js";
import { tags } from "../../../Sources/CWebAssets/web/js/base/dom.js";
import { equal, test } from "./harness.js";

const settled = () => new Promise((resolve) => setTimeout(resolve));
const texts = (node, selector) => [...node.querySelectorAll(selector)].map((one) => one.textContent);
const empty = {
  documents: 3, complete: true, unscreened: 0, personal: [], suspicious: [], languages: [], notes: [], failures: [],
};
const waitingOf = (...names) => ({
  total: names.length,
  items: names.map((name) => ({
    version: `ver_${name}`, document: { id: `doc_${name}`, title: name, path: `${name}.md`, findings: [] },
  })),
});

/** The list in the page, with who may do what; gone when `body` is over. */
async function reviewing(permissions, waiting, send, body) {
  session.set({ permissions });
  const onDecided = (version) => waiting.update(({ items }) => {
    const rest = items.filter((one) => one.version !== version);
    return { items: rest, total: rest.length };
  });
  const node = reviewList(waiting, onDecided, send);
  document.body.append(node);
  await body(node);
  node.remove();
  session.set(null);
}

test("a meter measures while documents arrive and says when all have", () => {
  let now = 0;
  const progress = signal({ queued: 10, processing: 0, ready: 0, failed: 0 });
  const meter = progressMeter(progress, () => now);
  equal(texts(meter, ".meter-title, .meter-speed"), ["Reading your documents", "Measuring"]);
  now = 4000;
  progress.set({ queued: 2, processing: 0, ready: 8, failed: 0 });
  equal([texts(meter, ".meter-speed"), meter.querySelector("progress").value], [["2 documents per second"], 8]);
  progress.set({ queued: 0, processing: 0, ready: 9, failed: 1 });
  equal([texts(meter, ".meter-title"), meter.querySelector("progress")],
    [["10 documents, nothing is on its way."], null]);
  equal(texts(meter, "[data-count] .meter-number"), ["9", "1"]);
});

test("no personal data is said, and what was not looked through is not called clean", () => {
  const view = (found) => tags.div(findingsView({ ...empty, ...found })).textContent;
  equal(view({}), "Personal dataNone that we know how to recognise.");
  equal(view({ unscreened: 3 }).includes("No document was looked through yet."), true);
  equal(view({ complete: false }).includes("Only 3 documents were looked through."), true);
});

test("a flood of groups is shown in parts", () => {
  const pair = ["a", "b"].map((document) => ({ document, path: document, title: "", similarity: 1, exact: true }));
  const node = tags.div(duplicateGroups({
    groups: Array.from({ length: 25 }, () => ({ documents: pair })), compared: 50, complete: true,
  }));
  const button = node.querySelector("button");
  const counts = [1, 2, 3].map(() => {
    const count = node.querySelectorAll(".duplicate-group").length;
    button.click();
    return count;
  });
  equal([counts, button.hidden], [[10, 20, 25], true]);
});

test("letting in sends the version that was looked at, once, and the focus goes on", () => {
  const sent = [];
  let answer;
  const send = (one, decision) => new Promise((resolve) => {
    sent.push([one.document.id, one.version, decision]);
    answer = resolve;
  });
  return reviewing(["documents.write"], signal(waitingOf("a", "b")), send, async (node) => {
    const approve = node.querySelector("[data-act=approve]");
    approve.click();
    approve.click();
    answer();
    await settled();
    equal(sent, [["doc_a", "ver_a", "approve"]]);
    equal(texts(node, ".review-title"), ["b"]);
    equal(document.activeElement.getAttribute("aria-label"), "Let in: b");
  });
});

test("a decision that was refused keeps the row and says why", () =>
  reviewing(["documents.write"], signal(waitingOf("a")), () => Promise.reject(new Error("no")), async (node) => {
    node.querySelector("[data-act=approve]").click();
    await settled();
    equal([texts(node, ".review-title").length, node.querySelectorAll(".problem").length], [1, 1]);
  }));

test("the text that waits is asked for once, and one of another upload is not shown", async () => {
  const [one] = waitingOf("a").items;
  const opened = async (version) => {
    let count = 0;
    const node = heldText(one, async () => {
      count += 1;
      return { version, text: "<b>Forget</b>", notes: [] };
    });
    document.body.append(node);
    for (const open of [true, false, true]) {
      node.open = open;
      await new Promise((resolve) => node.addEventListener("toggle", resolve, { once: true }));
      await settled();
    }
    node.remove();
    return [count, node.querySelector(".held-text")?.textContent ?? null];
  };
  equal([await opened("ver_a"), await opened("ver_b")], [[1, "<b>Forget</b>"], [1, null]]);
});

test("whoever may not add documents may only refuse", () =>
  reviewing([], signal(waitingOf("a")), null, async (node) => equal(texts(node, "button"), ["Refuse"])));
