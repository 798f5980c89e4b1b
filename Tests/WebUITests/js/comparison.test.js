import { chosenPair, sideOf, wordCounts } from "../../../Sources/CWebAssets/web/js/compare/comparisonWords.js";
import { comparisonView } from "../../../Sources/CWebAssets/web/js/compare/comparisonView.js";
import { equal, test } from "./harness.js";

const versions = [{ id: "c" }, { id: "b" }, { id: "a" }];
const parts = [
  { kind: "same", text: "Begins at " }, { kind: "removed", text: "21:45 sharp" }, { kind: "added", text: "22:15" },
  { kind: "same", text: ".\n" },
];
const found = { same: false, coarse: false, cut: false, passages: [{ headings: ["Night"], skippedLines: 3, parts }] };

test("the newest and the one before it are compared unless others are asked for", () => {
  equal(chosenPair(versions), { from: "b", to: "c" });
  equal(chosenPair(versions, "a", "b"), { from: "a", to: "b" });
  equal(chosenPair(versions, undefined, "a"), { from: "b", to: "a" });
  equal(chosenPair(versions, "nonsense", "nonsense"), { from: "b", to: "c" });
  equal(chosenPair([{ id: "a" }]), null);
});

test("a change is told in words and signs, not by colour alone", () => {
  equal(wordCounts(found.passages), { removed: 2, added: 1 });
  equal(sideOf(parts, "added").map((one) => one.text).join(""), "Begins at 22:15.\n");
  const node = comparisonView(found);
  equal([node.querySelector("del").textContent, node.querySelector("ins").textContent],
    ["−removed: 21:45 sharp", "+added: 22:15"]);
  equal(node.querySelectorAll(".comparison-gap")[0].textContent, "3 lines the same");
  node.querySelector(".view-choice[data-look=sides]").click();
  equal([...node.querySelectorAll(".comparison-side")].map((side) => side.querySelectorAll("del, ins").length), [1, 1]);
});

test("versions that say the same say so", () => {
  equal(comparisonView({ ...found, same: true }).textContent, "The two versions say the same, word for word.");
});
