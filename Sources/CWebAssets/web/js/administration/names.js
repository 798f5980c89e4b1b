// Names of people by their identifiers, for pages that show who did or owns something.
import { get, withQuery } from "../base/api.js";
import { signal } from "../base/state.js";
import { nameOf } from "../people/personQuestion.js";

const pageSize = 200;
const pagesMax = 10;

/** A signal of a map that fills itself; what is not in it is shown by its identifier. */
export function peopleNames(left) {
  const names = signal(new Map());
  const load = async () => {
    let cursor = null;
    for (let page = 0; page < pagesMax && cursor !== undefined; page += 1) {
      const found = await get(withQuery("/users", { limit: pageSize, cursor }), { signal: left });
      names.update((before) => new Map([...before, ...found.items.map((one) => [one.id, nameOf(one)])]));
      cursor = found.next ?? undefined;
    }
  };
  load().catch(() => {});
  return names;
}
