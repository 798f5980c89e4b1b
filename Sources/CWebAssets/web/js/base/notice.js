// One line at the foot of the page that says what just happened, to the eye and to a screen reader.
import { signal } from "./state.js";
import { tags } from "./dom.js";

const shownMilliseconds = 6000;
const text = signal("");
let timer = 0;

/** Says `message` politely; a newer one replaces it. */
export function announce(message) {
  clearTimeout(timer);
  text.set(message);
  timer = setTimeout(() => text.set(""), shownMilliseconds);
}

export function noticeView() {
  return tags.div({ class: () => (text() ? "notice shown" : "notice"), role: "status" }, () => text());
}
