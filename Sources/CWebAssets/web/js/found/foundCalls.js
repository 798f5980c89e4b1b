// The calls behind "What we found". A question that this server does not answer is nothing, and no fault.
import { get, withQuery } from "../base/api.js";
import { watch } from "../sources/watch.js";

const pageSize = 200;
const pagesMax = 10;

/** Stands for what the server does not tell. */
export const absent = Object.freeze({ absent: true });

/** As `promise`; `absent` where the server has no such thing or does not tell it to this person. */
export async function orAbsent(promise) {
  try {
    return await promise;
  } catch (failure) {
    if ([403, 404].includes(failure.problem?.status)) return absent;
    throw failure;
  }
}

/** The collection's calls, each a `watch` that asks when told to. */
export function foundCalls(collection, { reviews, asks = false, left }) {
  const path = `/collections/${encodeURIComponent(collection)}`;
  const asked = (load) => watch(load, left, { pause: () => null });
  const told = (name) => asked(() => orAbsent(get(`${path}/${name}`, { signal: left })));
  return {
    findings: told("findings"),
    duplicates: told("duplicates"),
    suggestions: asks ? told("suggestions") : null,
    waiting: reviews ? told("quarantine") : null,
    unreadable: asked(() => loadUnreadable(path, left)),
  };
}

/** `{documents, complete}`: the failed among the newest documents; looking ends where a look would take too long. */
async function loadUnreadable(path, left) {
  const documents = [];
  let cursor = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const reply = await get(withQuery(`${path}/documents`, { limit: pageSize, cursor }), { signal: left });
    documents.push(...reply.items.filter((one) => one.state === "failed"));
    cursor = reply.next ?? null;
    if (cursor === null) break;
  }
  return { documents, complete: cursor === null };
}
