// Account: who is signed in, with which rights, and the keys that programs use in this person's name.
import { tags } from "../base/dom.js";
import { go } from "../base/router.js";
import { may, session, signOut } from "../base/session.js";
import { announce } from "../base/notice.js";
import { problemFrom } from "../base/problem.js";
import { labelWords } from "../library/collections.js";
import { apiKeys } from "./apiKeys.js";
import { proofKey } from "./proofKey.js";

const { div, section, header, h1, h2, p, a, dl, dt, dd, button, details, summary, ul, li, code } = tags;
const roleWords = new Map([
  ["admin", "Administrator"],
  ["developer", "Developer"],
  ["user", "User"],
  ["viewer", "Viewer"],
]);

export function pageAccount({ signal: left }) {
  const leave = async () => {
    try {
      await signOut();
      go("/sign-in");
    } catch (failure) {
      announce(problemFrom(failure)?.title ?? "");
    }
  };
  const node = div(
    { class: "account" },
    header(
      { class: "account-head" },
      h1({ id: "page-title", tabindex: "-1" }, () => session()?.displayName || session()?.name || "Account"),
      button({ type: "button", id: "sign-out", class: "button", onclick: leave }, "Sign out"),
    ),
    () => (session() ? about(session()) : null),
    may("jobs.read") ? p(a({ href: "#/jobs" }, "Jobs"), " that run for you, and what became of them") : null,
    may("users.read")
      ? p(a({ href: "#/administration/people" }, "Administration"), ": people, groups, keys, log and health")
      : null,
    may("keys.own") ? apiKeys(left) : null,
    proofKey(left),
  );
  return { title: "Account", node };
}

function about(who) {
  const permissions = who.permissions ?? [];
  return section(
    { class: "card", "aria-labelledby": "rights-title" },
    h2({ id: "rights-title" }, "Your rights"),
    dl(
      dt("Organisation"), dd(who.tenantName ?? who.tenant),
      dt("Roles"), dd((who.roles ?? []).map((role) => roleWords.get(role) ?? role).join(", ") || "None"),
      dt("Cleared for"), dd(`${labelWords(who.clearance)} and below`),
    ),
    details(
      summary(`All ${permissions.length} permissions`),
      ul({ class: "permission-list" }, permissions.map((one) => li(code(one)))),
      p({ class: "hint" }, "They are looked up again at every request."),
    ),
  );
}
