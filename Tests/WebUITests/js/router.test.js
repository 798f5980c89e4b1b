import { matchRoute, parseAddress, safeReturn } from "../../../Sources/CWebAssets/web/js/base/router.js";
import { equal, test } from "./harness.js";

const routes = [{ pattern: "/library" }, { pattern: "/library/{collection}" }, { pattern: "/documents/{document}" }];

test("an address has a path and a query", () => {
  equal(parseAddress("#/documents/doc_1?start=4&end=9"), { path: "/documents/doc_1", query: { start: "4", end: "9" } });
  equal([parseAddress(""), parseAddress("#nonsense")], [{ path: "/", query: {} }, { path: "/", query: {} }]);
});

test("a route gives its parameters, decoded", () => {
  equal(matchRoute(routes, "/library/a%20b").parameters, { collection: "a b" });
  equal(matchRoute(routes, "/library/%E0%A4%A").parameters, { collection: "%E0%A4%A" });
  equal([matchRoute(routes, "/library").parameters, matchRoute(routes, "/nothing")], [{}, null]);
});

test("sign-in leads back only into the application", () => {
  equal(["/library/col_1", "/documents/d?start=1"].map(safeReturn), ["/library/col_1", "/documents/d?start=1"]);
  for (const hostile of [
    "//elsewhere",
    "https:x",
    "javascript:alert(1)",
    "/\\\\x",
    "/sign-in?return=/sign-in",
    "",
    undefined,
  ]) {
    equal(safeReturn(hostile), "/ask");
  }
});
