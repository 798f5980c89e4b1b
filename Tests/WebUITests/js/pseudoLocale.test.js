import { forgotten, pseudo, usePseudoLocale } from "../../../Sources/CWebAssets/web/js/base/pseudoLocale.js";
import { tags } from "../../../Sources/CWebAssets/web/js/base/dom.js";
import { equal, test } from "./harness.js";

test("words stand in brackets and grow, once", () => {
  equal(["Ask", " Show more ", "12 %", "", "–"].map(pseudo), ["⟦Ask··⟧", " ⟦Show more···⟧ ", "12 %", "", "–"]);
  equal(pseudo(pseudo("Ask")), pseudo("Ask"));
});

test("what was forgotten is found, and words of documents are none of it", () => {
  const node = tags.div(
    tags.p("⟦Said··⟧"), tags.p("Forgotten"), tags.button({ "aria-label": "Nameless" }), tags.code("sub_1"),
    tags.p({ class: "passage" }, "Quoted"), tags.textarea({ placeholder: "Type here" }, "Typed"),
  );
  equal(forgotten(node), ["Forgotten", "Nameless", "Type here"]);
});

test("no other language turns the page round", () => {
  usePseudoLocale("ar");
  usePseudoLocale(null);
  equal([document.documentElement.dir, document.documentElement.lang === "ar-XB"], ["", false]);
});
