// The application's only way to the server: same origin, JSON, the session's cookie, and the CSRF token on every
// request that changes something.
import { ProblemError, problemOf, unreachable } from "./problem.js";

const base = "/api/v1";
const safeMethods = new Set(["GET", "HEAD"]);
let csrf = null;
let onSessionEnd = () => {};

/** Keeps the token that proves that a request comes from this page; it lives in memory only. */
export function rememberCSRF(token) {
  csrf = token ?? null;
}

/** `action` runs when a request finds that the session has ended. */
export function whenSessionEnds(action) {
  onSessionEnd = action;
}

/** The raw reply of a request that succeeded. `json` or `bytes` is the body. Throws `ProblemError`. */
export async function request(method, path, { json, bytes, type, accept, headers, signal, anonymous } = {}) {
  const fields = { accept: accept ?? "application/json", ...headers };
  if (json !== undefined) fields["content-type"] = "application/json";
  if (type) fields["content-type"] = type;
  if (csrf && !safeMethods.has(method)) fields["x-csrf-token"] = csrf;
  const body = json !== undefined ? JSON.stringify(json) : bytes;
  const reply = await reach(base + path, { method, headers: fields, body, signal });
  if (reply.ok) return reply;
  if (reply.status === 401 && !anonymous) onSessionEnd();
  throw new ProblemError(problemOf(reply.status, await bodyOf(reply)));
}

/** The JSON value of a reply; null when it has no body. */
export async function call(method, path, options) {
  return bodyOf(await request(method, path, options));
}

export const get = (path, options) => call("GET", path, options);
export const post = (path, json, options) => call("POST", path, { json: json ?? {}, ...options });
export const put = (path, json, options) => call("PUT", path, { json, ...options });
export const patch = (path, json, options) => call("PATCH", path, { json, ...options });
export const remove = (path, options) => call("DELETE", path, options);

/** The checks of the server itself, `{status, checks}`, whether it is well or not. */
export async function readiness(signal) {
  return bodyOf(await reach("/readyz", { headers: { accept: "application/json" }, signal }));
}

/** `path` with `items` as its query; empty values are left out. */
export function withQuery(path, items) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(items)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

async function reach(address, options) {
  try {
    return await fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "error", ...options });
  } catch (failure) {
    if (failure?.name === "AbortError") throw failure;
    throw new ProblemError(unreachable);
  }
}

async function bodyOf(reply) {
  const text = await reply.text();
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
