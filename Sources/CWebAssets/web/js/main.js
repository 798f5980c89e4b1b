// Starts the application: who is signed in, which page is open.
import { whenSessionEnds } from "./base/api.js";
import { replaceChildren } from "./base/dom.js";
import { announce } from "./base/notice.js";
import { problemFrom, problemView } from "./base/problem.js";
import { usePseudoLocale } from "./base/pseudoLocale.js";
import { go, parseAddress, startRouter } from "./base/router.js";
import { forget, loadSession, may, session } from "./base/session.js";
import { signal } from "./base/state.js";
import { pageAudit } from "./administration/pageAudit.js";
import { pageCollections } from "./administration/pageCollections.js";
import { pageGroup } from "./administration/pageGroup.js";
import { pageGroups } from "./administration/pageGroups.js";
import { pageHealth } from "./administration/pageHealth.js";
import { pageKeys } from "./administration/pageKeys.js";
import { pagePeople } from "./administration/pagePeople.js";
import { pageAccount } from "./account/pageAccount.js";
import { pageAsk } from "./ask/pageAsk.js";
import { pageCompare } from "./compare/pageCompare.js";
import { pageTwoChairs } from "./demonstration/pageTwoChairs.js";
import { pageFound } from "./found/pageFound.js";
import { pageJobs } from "./jobs/pageJobs.js";
import { pageLibrary } from "./library/pageLibrary.js";
import { shell } from "./shell/shell.js";
import { pageSignIn } from "./sign-in/pageSignIn.js";
import { pageSource } from "./source/pageSource.js";
import { pageConnect, pageConnectKind } from "./sources/pageConnect.js";
import { pageConnectedSource } from "./sources/pageConnectedSource.js";
import { pageEditSource } from "./sources/pageEditSource.js";
import { pageSources } from "./sources/pageSources.js";

const routes = [
  { pattern: "/ask", place: "ask", page: pageAsk },
  { pattern: "/two-chairs", place: "ask", page: pageTwoChairs },
  { pattern: "/library", place: "library", page: pageLibrary },
  { pattern: "/library/{collection}", place: "library", page: pageLibrary },
  { pattern: "/library/{collection}/found", place: "library", page: pageFound },
  { pattern: "/jobs", place: "library", page: pageJobs, needs: "jobs.read" },
  { pattern: "/documents/{document}", place: "library", page: pageSource },
  { pattern: "/documents/{document}/compare", place: "library", page: pageCompare },
  { pattern: "/sources", place: "sources", page: pageSources, needs: "sources.read" },
  { pattern: "/sources/new", place: "sources", page: pageConnect, needs: "sources.manage" },
  { pattern: "/sources/new/{kind}", place: "sources", page: pageConnectKind, needs: "sources.manage" },
  { pattern: "/sources/{source}", place: "sources", page: pageConnectedSource, needs: "sources.read" },
  { pattern: "/sources/{source}/edit", place: "sources", page: pageEditSource, needs: "sources.manage" },
  { pattern: "/administration/people", place: "administration", page: pagePeople, needs: "users.read" },
  { pattern: "/administration/groups", place: "administration", page: pageGroups, needs: "groups.read" },
  { pattern: "/administration/groups/{group}", place: "administration", page: pageGroup, needs: "groups.read" },
  {
    pattern: "/administration/collections", place: "administration", page: pageCollections,
    needs: "collections.manage",
  },
  { pattern: "/administration/keys", place: "administration", page: pageKeys, needs: "keys.manage" },
  { pattern: "/administration/audit", place: "administration", page: pageAudit, needs: "audit.read" },
  { pattern: "/administration/health", place: "administration", page: pageHealth, needs: "users.read" },
  { pattern: "/account", place: "account", page: pageAccount },
  { pattern: "/sign-in", place: "sign-in", page: pageSignIn, open: true },
];

const place = signal("");
const frame = shell(place);

/** The sign-in page that leads back to where the person is now. */
function signInAddress({ ended = false } = {}) {
  const here = location.hash.replace(/^#/, "");
  const query = new URLSearchParams();
  if (here.startsWith("/") && !here.startsWith("/sign-in")) query.set("return", here);
  if (ended) query.set("ended", "1");
  return `/sign-in?${query}`;
}

function guard(route, path) {
  if (!route.open && session.peek() === null) return signInAddress();
  // The server decides; this only spares a page that could show nothing.
  if (route.needs && !may(route.needs)) return "/ask";
  return path === "/" ? "/ask" : null;
}

function shown(route, title) {
  // What was said about one page, perhaps with a document's name, does not stay over the next.
  announce("");
  place.set(route.place);
  document.title = `${title} · Cloister`;
  const heading = frame.outlet.querySelector("h1[tabindex]");
  if (heading && !frame.outlet.contains(document.activeElement)) heading.focus({ preventScroll: true });
}

async function start() {
  usePseudoLocale(new URLSearchParams(location.search).get("lang"));
  replaceChildren(document.getElementById("application"), frame.node);
  whenSessionEnds(() => {
    if (session.peek() === null) return;
    forget();
    go(signInAddress({ ended: true }));
  });
  const opensByLink = parseAddress(location.hash).query.token !== undefined;
  try {
    if (!opensByLink) await loadSession();
    startRouter(routes, frame.outlet, { fallback: "/ask", guard, onShown: shown });
  } catch (failure) {
    replaceChildren(frame.outlet, problemView(problemFrom(failure), () => location.reload()));
  }
}

start();
