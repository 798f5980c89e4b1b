// The questions of this tab: kept in memory only, gone with the tab and at sign-out, because a question is content.
import { effect, signal } from "../base/state.js";
import { session } from "../base/session.js";

const countMax = 8;

/** The latest question first. */
export const recentQuestions = signal([]);

/** Puts `question` first; one that was asked before moves up. */
export function rememberQuestion(question) {
  recentQuestions.update((list) => [question, ...list.filter((one) => one !== question)].slice(0, countMax));
}

effect(() => {
  if (session() === null) recentQuestions.set([]);
});
