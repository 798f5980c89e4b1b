// Addresses live behind the `#`, so that no document, question or token is ever part of a request line.
import { scope } from "./state.js";
import { replaceChildren } from "./dom.js";

/** `{path, query}` of a fragment such as `#/documents/doc_1?start=4`. */
export function parseAddress(fragment) {
  const text = fragment.replace(/^#/, "");
  const mark = text.indexOf("?");
  const path = mark < 0 ? text : text.slice(0, mark);
  return {
    path: path.startsWith("/") ? path : "/",
    query: Object.fromEntries(new URLSearchParams(mark < 0 ? "" : text.slice(mark + 1))),
  };
}

/** The entry of `routes` (`{pattern: "/documents/{document}", page}`) that fits `path`; with its parameters. */
export function matchRoute(routes, path) {
  const segments = path.split("/").filter(Boolean);
  for (const route of routes) {
    const parameters = fit(route.pattern.split("/").filter(Boolean), segments);
    if (parameters) return { route, parameters };
  }
  return null;
}

/** Where to go after sign-in: only an address of this application, and never the sign-in page itself. */
export function safeReturn(address) {
  const isOurs = typeof address === "string" && /^\/(?![/\\])/.test(address);
  return isOurs && !address.startsWith("/sign-in") ? address : "/ask";
}

export function go(address) {
  location.hash = address;
}

/** Replaces the address without a step in the history and without a new page. */
export function rewrite(address) {
  history.replaceState(null, "", "#" + address);
}

/**
 * Shows the page of the address in `outlet`, now and after each change.
 * A page is a function of `{parameters, query, signal}` that returns `{title, node}`.
 */
export function startRouter(routes, outlet, { fallback, guard, onShown }) {
  let open = null;
  const show = () => {
    const { path, query } = parseAddress(location.hash);
    const match = matchRoute(routes, path) ?? matchRoute(routes, fallback);
    const turned = guard(match.route, path);
    if (turned) return location.replace("#" + turned);
    open?.leave();
    open = enter(match, query, outlet);
    onShown(match.route, open.title);
  };
  addEventListener("hashchange", show);
  show();
}

function enter({ route, parameters }, query, outlet) {
  const controller = new AbortController();
  const { result, dispose } = scope(() => route.page({ parameters, query, signal: controller.signal }));
  replaceChildren(outlet, result.node);
  scrollTo(0, 0);
  result.shown?.();
  return {
    title: result.title,
    leave() {
      controller.abort();
      dispose();
    },
  };
}

function fit(pattern, segments) {
  if (pattern.length !== segments.length) return null;
  const parameters = {};
  for (const [index, part] of pattern.entries()) {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name) parameters[name] = decode(segments[index]);
    else if (part !== segments[index]) return null;
  }
  return parameters;
}

function decode(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
