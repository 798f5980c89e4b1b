import { accessBody, accessWords, choices } from "../../../Sources/CWebAssets/web/js/administration/accessForm.js";
import { actWords, filterOf, outcomeWords, queryOf } from "../../../Sources/CWebAssets/web/js/administration/auditWords.js";
import { verdict } from "../../../Sources/CWebAssets/web/js/administration/pageAudit.js";
import { personBody } from "../../../Sources/CWebAssets/web/js/administration/personForm.js";
import { hitOf, rankWords, termWords } from "../../../Sources/CWebAssets/web/js/ask/passageWords.js";
import { explained } from "../../../Sources/CWebAssets/web/js/ask/passageInspector.js";
import { equal, test } from "./harness.js";

test("the last day of a search counts as a whole", () => {
  const filter = filterOf({ action: " documents ", since: "2026-02-28", until: "2026-02-28" });
  equal(queryOf(filter), { action: "documents", subject: "", since: "2026-02-28", before: "2026-03-01" });
  equal(queryOf(filterOf({})), { action: "", subject: "", since: "", before: "" });
});

test("acts and outcomes are said in words", () => {
  equal(["documents.delete", "keys.mint", "odd.act_of", "plain"].map(actWords),
    ["Document: delete", "Key: mint", "odd: act of", "plain"]);
  equal(["allowed", "denied", "failed", "constructor"].map(outcomeWords), ["Done", "Refused", "Failed", "constructor"]);
});

test("a log that was changed names the first bad record", () => {
  equal(verdict({ sound: true, logs: [{ size: 3 }, { size: 4 }] }).textContent, "Sound: all 7 entries fit.");
  const bad = verdict({ sound: false, logs: [{ size: 3 }], fault: { sequence: 2, message: "it was changed" } });
  equal(bad.textContent, "Not sound. The first bad record is number 2: it was changed");
});

test("what is empty in a person's form is not sent", () => {
  const data = new FormData();
  data.append("roles", "user");
  data.append("clearance", "internal");
  data.append("displayName", "  ");
  data.append("password", "");
  equal(personBody(data), { roles: ["user"], clearance: "internal" });
  data.set("displayName", " Ada ");
  equal(personBody(data).displayName, "Ada");
});

const hit = (document, start, end, more) => ({ document, version: "v", start, end, score: 0.03, ...more });
const explanation = {
  dense: { rank: 2, score: 0.61234, window: 0 },
  lexical: { rank: null, score: 1.5, length: 80, chunks: 1200,
    terms: [{ term: "handov", frequency: 2, chunks: 7, contribution: 1.5, idf: 5, queryFrequency: 1 }] },
  fusion: { method: "rrf", dense: 0.016, lexical: 0.014 }, access: "everyone may read col_1",
};

test("the passage of a citation is found among the hits, and its numbers are said", () => {
  const hits = [hit("a", 0, 50), hit("b", 100, 200, { explanation })];
  const citation = { document: "b", version: "v", start: 120, end: 130 };
  equal(hitOf(hits, citation).place, 2);
  equal([hitOf(hits, { ...citation, start: 200 }), hitOf(hits, { ...citation, version: "w" })], [null, null]);
  equal(rankWords(explanation.dense), "number 2, score 0.612");
  equal(rankWords(null), "took no part");
  equal(termWords(explanation.lexical.terms[0], 1200), "stands in it 2 times, in 7 of 1,200 passages, adds 1.50");
  const words = explained({ hits }, citation).flat(9).filter(Boolean).map((node) => node.textContent).join(" ");
  equal(words.includes("number 2 of 2 passages") && words.includes("everyone may read col_1"), true);
  equal(explained({ hits: [] }, citation).textContent.includes("not among"), true);
});

test("who may read a collection is said by name, and a form loses nobody", () => {
  const names = new Map([["grp_1", "Ward"], ["sub_1", "Ada"], ["sub_2", "Ben"]]);
  equal(accessWords({ allow: ["everyone"], deny: ["sub_1"] }, names), "Everybody; not Ada");
  equal(accessWords({ allow: ["grp_1", "sub_1", "sub_2", "sub_3"], deny: [] }, names), "Ward, Ada, Ben and 1 more");
  equal([accessWords({ allow: [] }, names), accessWords({ allow: null }, names)],
    ["Nobody", "Whom its folders and documents name"]);
  equal(choices([["grp_1", "Ward"]], [["sub_1", "Ada"]], ["everyone", "sub_9"], ["sub_9", "grp_1"]),
    [["everyone", "Everybody"], ["grp_1", "Ward"], ["sub_1", "Ada"], ["sub_9", "sub_9"]]);
  const data = new FormData();
  equal(accessBody(data, { allow: null }), { allow: null, deny: [] });
  equal(accessBody(data, { allow: ["sub_1"] }), { allow: [], deny: [] });
  data.append("allow", "grp_1");
  data.append("deny", "sub_1");
  equal(accessBody(data, { allow: null }), { allow: ["grp_1"], deny: ["sub_1"] });
});
