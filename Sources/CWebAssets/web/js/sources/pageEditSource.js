// Changes the settings of a source. Secrets are not shown; left empty they stay.
import { get, put } from "../base/api.js";
import { go } from "../base/router.js";
import { signal } from "../base/state.js";
import { loadKinds } from "./kinds.js";
import { loaded, page } from "./pageConnect.js";
import { sourceForm } from "./sourceForm.js";
import { addressOf } from "./sourceRows.js";

export function pageEditSource({ parameters, signal: left }) {
  const path = `/sources/${encodeURIComponent(parameters.source)}`;
  const { ready, view } = loaded(async () => {
    const [known, kinds] = await Promise.all([get(path, { signal: left }), loadKinds(left)]);
    return { known, kind: kinds.find((one) => one.name === known.kind) };
  });
  const back = addressOf(parameters.source);
  const save = async (draft) => {
    await put(path, draft, { signal: left });
    go(back.slice(1));
  };
  const node = page(
    [back, () => ready()?.known.name ?? "Source"],
    () => (ready() ? `Edit ${ready().known.name}` : "Edit"),
    "Its kind and its collection stay. After a change it is listed anew.",
    view,
    () => (ready()?.kind ? sourceForm({ ...ready(), collections: signal([]), onSubmit: save, back }) : null),
  );
  return { title: "Edit a source", node };
}
