// The people of a demonstration: everything can be tried on with their eyes.
import { get, post } from "../base/api.js";
import { signInByLink } from "../base/session.js";

/** `[{name, displayName, persona}]`; empty where no demonstration is loaded. */
export async function personas(options) {
  try {
    return (await get("/demonstration", options))?.items ?? [];
  } catch {
    return [];
  }
}

/** Signs in as one of them, with exactly their rights. */
export async function become(name) {
  const link = await post("/demonstration/sign-in", { persona: name });
  await signInByLink(link.token);
}

export function described(persona) {
  return `${persona.displayName}, ${persona.persona}`;
}
