import { session } from "../../../Sources/CWebAssets/web/js/base/session.js";
import { signal } from "../../../Sources/CWebAssets/web/js/base/state.js";
import { shell } from "../../../Sources/CWebAssets/web/js/shell/shell.js";
import { equal, test } from "./harness.js";

function places(permissions) {
  session.set({ name: "anna", permissions });
  const links = shell(signal("ask")).node.querySelectorAll("nav a");
  const words = [...links].map((link) => link.textContent);
  session.set(null);
  return words;
}

test("the place of sources is only for those who may read about them", () => {
  equal([places([]), places(["sources.read"])], [["Ask", "Library"], ["Ask", "Library", "Sources"]]);
});

test("the place of administration is only for those who may read about people", () => {
  equal(places(["users.read"]), ["Ask", "Library", "Manage"]);
});
