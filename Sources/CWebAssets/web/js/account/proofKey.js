// The fingerprint of the key that signs proofs, for people to compare.
import { get } from "../base/api.js";
import { tags } from "../base/dom.js";
import { problemFrom, problemView } from "../base/problem.js";
import { signal } from "../base/state.js";

const { section, h2, p, a, code } = tags;

export function proofKey(left) {
  const key = signal(null);
  const problem = signal(null);
  get("/audit/key", { signal: left }).then(key.set, (failure) => problem.set(problemFrom(failure)));
  return section(
    { class: "card", "aria-labelledby": "proofs-title" },
    h2({ id: "proofs-title" }, "Proofs"),
    p("Proof files of your answers are signed. Whoever ", a({ href: "/verify.html" }, "checks one"),
      " compares its key with this fingerprint:"),
    p({ class: "key-fingerprint" }, () => (key() ? code({ id: "proof-key" }, key().sha256) : null)),
    () => (problem() ? problemView(problem()) : null),
  );
}
