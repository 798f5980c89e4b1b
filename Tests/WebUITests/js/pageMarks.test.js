import { lineBoxes, pageOf, pathOf, touches } from "../../../Sources/CWebAssets/web/js/pages/pageMarks.js";
import { equal, test } from "./harness.js";

const pages = [{ number: 1, start: 0, end: 50 }, { number: 2, start: 52, end: 90 }, { number: 3, start: 92, end: 120 }];
const word = (left, top, width = 100, height = 120) => ({ left, top, right: left + width, bottom: top + height });

test("a place of the text is found on its page", () => {
  equal([0, 49, 51, 52, 91, 92, 5000].map((start) => pageOf(pages, start).number), [1, 1, 1, 2, 2, 3, 3]);
  equal(pageOf([], 4), null);
  equal([touches(pages[1], 40, 52), touches(pages[1], 40, 53), touches(pages[1], 90, 99)], [false, true, false]);
  equal(touches(pages[1], undefined, undefined), false);
});

test("the words of a line share one box, lines and columns do not", () => {
  equal(lineBoxes([word(0, 0), word(130, 4), word(0, 200)]).length, 2);
  equal(lineBoxes([word(0, 0), word(130, 4)])[0], { left: 0, top: 0, right: 230, bottom: 124 });
  equal(lineBoxes([word(0, 0), word(3000, 0)]).length, 2);
  equal(lineBoxes([]), []);
});

test("a path goes round every box", () => {
  equal(pathOf([{ left: 20, top: 30, right: 50, bottom: 60 }]), "M8 18H62V72H8Z");
  equal(pathOf([]), "");
});
