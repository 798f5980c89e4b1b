// The question box that other pages show in a frame. It answers with the reader's own rights and speaks to its server
// only: the page around it and this one exchange nothing, so neither can be deceived about who the other is.
import { whenSessionEnds } from "../base/api.js";
import { outsideLink, replaceChildren, tags } from "../base/dom.js";
import { icon, mark } from "../base/icon.js";
import { problemFrom, problemView } from "../base/problem.js";
import { forget, loadSession, session } from "../base/session.js";
import { computed, signal } from "../base/state.js";
import { citationNumbered } from "../ask/answerState.js";
import { evidencePanel, sourceAddress } from "../ask/evidencePanel.js";
import { asking, evidenceOpener, questionBox, shownAnswer } from "../ask/pageAsk.js";

const { main, header, h1, div, p, span } = tags;
const failure = signal(null);

/** What the page around asked to be searched; none is everything that the reader may read. */
const collection = new URLSearchParams(location.search).get("collection");

function askBox() {
  const [state, chosen] = [signal(null), signal(null)];
  const { signal: never } = new AbortController();
  const inAsking = asking(state, chosen, never);
  const controller = { ...inAsking, ask: (question) => inAsking.ask(question, collection ? [collection] : null) };
  const citation = computed(() => (state() && chosen() !== null ? citationNumbered(state(), chosen()) ?? null : null));
  const openEvidence = evidenceOpener(chosen);
  const box = questionBox({ state, collections: signal(null), ask: controller.ask, stop: controller.stop });
  return div(
    { class: "embed-ask" },
    box.node,
    shownAnswer({ state, chosen, openEvidence, controller, canAddDocuments: false }),
    evidencePanel(citation, openEvidence.close, inCloister),
  );
}

/** The whole document is looked at where there is room for it. */
function inCloister(citation) {
  const address = `${location.origin}/${sourceAddress(citation)}`;
  return outsideLink(address, { class: "button" }, "Open in Cloister", icon("arrow"));
}

/** Nothing is typed into a frame that proves who somebody is. */
function signInHint() {
  return div(
    { class: "empty" },
    icon("lock"),
    p({ class: "empty-title" }, "Sign in to ask"),
    p("Answers come from the documents that you may read. Sign in to Cloister, then come back to this page."),
    outsideLink(`${location.origin}/`, { class: "button primary", id: "open-sign-in" }, "Sign in"),
  );
}

async function look() {
  try {
    await loadSession();
    failure.set(null);
  } catch (thrown) {
    failure.set(problemFrom(thrown));
  }
}

const isSignedIn = computed(() => session() !== null);

replaceChildren(
  document.getElementById("application"),
  header({ class: "shell-header embed-head" }, mark(), h1("Ask the documents")),
  main(
    { class: "embed" },
    span({ class: "visually-hidden", role: "status" }, () => (isSignedIn() ? "" : "You are not signed in.")),
    () => (failure() ? problemView(failure(), look) : null),
    () => (isSignedIn() ? askBox() : failure() ? null : signInHint()),
  ),
);
whenSessionEnds(forget);
// Who signed in elsewhere and comes back.
addEventListener("focus", () => session.peek() === null && look());
look();
