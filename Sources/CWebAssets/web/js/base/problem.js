// Every failure becomes one shape, `{status, code, title, detail}` (RFC 9457), so that one widget can show it calmly.
import { tags } from "./dom.js";
import { icon } from "./icon.js";

/** A failed request. `problem` is what a person is told. */
export class ProblemError extends Error {
  constructor(problem) {
    super(problem.title);
    this.problem = problem;
  }
}

export const unreachable = {
  status: 0,
  code: "browser.unreachable",
  title: "Cloister does not answer.",
  detail: "Check that it is running and that you are connected. Nothing you typed is lost.",
};

/** The problem of a reply that is not a success, whatever its body is. */
export function problemOf(status, body) {
  const given = body !== null && typeof body === "object" ? body : {};
  return {
    status,
    code: text(given.code) ?? "browser.unknown",
    title: text(given.title) ?? titleOf(status),
    detail: text(given.detail) ?? "",
  };
}

/** The problem of anything that was thrown; null for a request that this page itself gave up. */
export function problemFrom(failure) {
  if (failure?.name === "AbortError") return null;
  if (failure instanceof ProblemError) return failure.problem;
  return { status: 0, code: "browser.fault", title: "This page has a fault.", detail: "Load it again to go on." };
}

/** True for what may be over in a moment: no connection, too many requests, a server at its limit. */
export function mayPass(problem) {
  return problem.status === 0 || problem.status === 429 || problem.status >= 500;
}

/** A quiet box with what went wrong and what to do. `retry` adds a button where another try can help. */
export function problemView(problem, retry) {
  const { div, p, button } = tags;
  return div(
    { class: "problem", role: "alert" },
    icon("warning"),
    div(
      { class: "problem-text" },
      p({ class: "problem-title" }, problem.title),
      problem.detail ? p({ class: "problem-detail" }, problem.detail) : null,
      retry && mayPass(problem) ? button({ type: "button", class: "button quiet", onclick: retry }, "Try again") : null,
    ),
  );
}

function text(value) {
  return typeof value === "string" && value !== "" ? value : null;
}

function titleOf(status) {
  if (status === 401) return "Sign in to go on.";
  if (status === 403) return "You may not do this.";
  if (status === 404) return "There is no such thing here, or you may not see it.";
  if (status === 413) return "This is too large.";
  if (status === 429) return "Too many requests. Wait a moment, then try again.";
  return status >= 500 ? "Cloister could not do this." : "This request was refused.";
}
