// Who is signed in, as the server says it. Nothing of it is stored in the browser.
import { get, post, rememberCSRF } from "./api.js";
import { signal } from "./state.js";

/** The reply of `GET /session`, or null when nobody is signed in. */
export const session = signal(null);

/** Asks the server who we are. */
export async function loadSession() {
  try {
    accept(await get("/session", { anonymous: true }));
  } catch (failure) {
    if (failure.problem?.status !== 401) throw failure;
    forget();
  }
}

export async function signInByLink(token) {
  rememberCSRF((await post("/sign-in/link", { token }, { anonymous: true }))?.csrf);
  await loadSession();
}

export async function signInByPassword({ tenant, name, password }) {
  const body = tenant ? { tenant, name, password } : { name, password };
  rememberCSRF((await post("/sign-in", body, { anonymous: true }))?.csrf);
  await loadSession();
}

export async function signOut() {
  await post("/sign-out", {}, { anonymous: true });
  forget();
}

export function forget() {
  rememberCSRF(null);
  session.set(null);
}

/** True when the signed-in person holds `permission`, such as `documents.write`. */
export function may(permission) {
  return session()?.permissions?.includes(permission) ?? false;
}

function accept(found) {
  rememberCSRF(found?.csrf);
  session.set(found);
}
