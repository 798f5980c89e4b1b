import { ago, bytes, counted, seconds } from "../../../Sources/CWebAssets/web/js/base/format.js";
import { equal, test } from "./harness.js";

test(
  "sizes",
  () => equal(
    [0, 999, 1000, 1536, 999_499, 999_500, 2.5e9].map(bytes),
    ["0 B", "999 B", "1.0 KB", "1.5 KB", "999 KB", "1.0 MB", "2.5 GB"],
  ),
);
test(
  "counts",
  () => equal(
    [counted(1, "document"), counted(2, "document"), counted(0, "match", "matches")],
    ["1 document", "2 documents", "0 matches"],
  ),
);
test("times", () => {
  const now = Date.parse("2026-01-02T12:00:00Z");
  equal([
    "2026-01-02T11:59:50Z",
    "2026-01-02T11:30:00Z",
    "2026-01-02T09:00:00Z",
    "2025-12-31T12:00:00Z",
    "no time",
  ].map((time) => ago(time, now)),
    ["just now", "30 min ago", "3 hours ago", "2 days ago", ""]);
});
test("seconds", () => equal([seconds(12), seconds(412), seconds(12_000)], ["0.01 s", "0.4 s", "12.0 s"]));
