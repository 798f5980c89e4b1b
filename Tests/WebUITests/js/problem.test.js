import { ProblemError, problemFrom, problemOf, problemView } from "../../../Sources/CWebAssets/web/js/base/problem.js";
import { equal, test } from "./harness.js";

test("a problem document is taken as it is", () => {
  equal(problemOf(409, { title: "Taken.", detail: "Choose another.", code: "x.taken" }),
    { status: 409, code: "x.taken", title: "Taken.", detail: "Choose another." });
});

test("any other body gets a sentence for its status", () => {
  for (const body of [null, "<html>", 7, { title: 3, detail: {} }]) {
    equal(
      problemOf(502, body),
      { status: 502, code: "browser.unknown", title: "Cloister could not do this.", detail: "" },
    );
  }
});

test("a request that was given up is no problem, a fault of the page is", () => {
  equal(problemFrom(new DOMException("x", "AbortError")), null);
  equal(problemFrom(new TypeError("x")).code, "browser.fault");
  equal(problemFrom(new ProblemError({ status: 1, title: "t" })), { status: 1, title: "t" });
});

test("a problem is announced and its text stays text", () => {
  const node = problemView({ title: "<b>No</b>", detail: "why" });
  equal([node.getAttribute("role"), node.querySelector("b"), node.textContent], ["alert", null, "<b>No</b>why"]);
});
