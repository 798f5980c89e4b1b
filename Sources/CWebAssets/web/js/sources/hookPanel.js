// How the other system says that something changed, so that the next run comes at once.
import { tags } from "../base/dom.js";

const { p, a, code, dl, dt, dd } = tags;

const proofs = {
  confluence: "In Data Center, add a webhook with this address and the same secret. In Cloud, add an automation rule that "
    + "sends a web request with the header X-Cloister-Hook and the secret as its value.",
  git: "In GitHub, add a webhook with the same secret. In GitLab, give the secret as the secret token.",
};
const anyProof = "Send a POST request whose header X-Cloister-Hook is the secret, or whose header X-Hub-Signature-256 is "
  + "sha256= and the HMAC-SHA256 of the body.";

/** What to enter there. Pure: the kind of a source in, a sentence out. */
export function proofWords(kind) {
  return Object.hasOwn(proofs, kind) ? proofs[kind] : anyProof;
}

/** The set-up of webhooks of the source `id`; `known` is what the API says of it. */
export function hookPanel(id, { kind, secrets }) {
  const name = encodeURIComponent(id);
  if (!secrets.includes("hook_secret")) {
    return p(
      "The source is looked at by the clock. ",
      a({ href: `#/sources/${name}/edit` }, "Give it a hook secret"),
      " to let it ask for a run as soon as something changes.",
    );
  }
  return dl(
    { class: "facts" },
    dt("Address"), dd(code({ class: "fact-value" }, `${location.origin}/api/v1/sources/${name}/hook`)),
    dt("Proof"), dd(proofWords(kind)),
  );
}
