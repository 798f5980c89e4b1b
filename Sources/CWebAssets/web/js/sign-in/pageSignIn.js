// Sign-in: by a one-time link, or by name and password.
import { field } from "../base/dialog.js";
import { tags } from "../base/dom.js";
import { mark } from "../base/icon.js";
import { problemFrom, problemView } from "../base/problem.js";
import { go, rewrite, safeReturn } from "../base/router.js";
import { signInByLink, signInByPassword } from "../base/session.js";
import { signal } from "../base/state.js";

const { section, h1, p, form, input, button, details, summary, code } = tags;

export function pageSignIn({ query }) {
  const problem = signal(null);
  const busy = signal(false);
  const back = safeReturn(query.return);
  const enter = async (act) => {
    busy.set(true);
    problem.set(null);
    try {
      await act();
      go(back);
    } catch (failure) {
      problem.set(problemFrom(failure));
    } finally {
      busy.set(false);
    }
  };
  if (query.token) exchange(query, enter);
  const node = section(
    { class: "sign-in", "aria-labelledby": "page-title" },
    mark(),
    h1({ id: "page-title", tabindex: "-1" }, "Sign in to Cloister"),
    query.ended ? p({ class: "sign-in-hint", role: "status" }, "Your session has ended. Sign in to go on.") : null,
    () => (problem() ? problemView(problem()) : null),
    () => (busy() && query.token ? p({ class: "working", role: "status" }, "Signing you in") : null),
    passwordForm(enter, busy),
    linkHelp(),
  );
  return { title: "Sign in", node };
}

/** The token leaves the address and the history before anything else happens. */
function exchange(query, enter) {
  const { token, ...others } = query;
  rewrite("/sign-in" + (others.return ? "?" + new URLSearchParams({ return: others.return }) : ""));
  enter(() => signInByLink(token));
}

function passwordForm(enter, busy) {
  const send = (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    enter(() => signInByPassword(given));
  };
  return form(
    { class: "sign-in-form", onsubmit: send },
    field("name", "Name", input, {
      name: "name", type: "text", autocomplete: "username", required: true, spellcheck: "false",
    }),
    field("password", "Password", input, {
      name: "password", type: "password", autocomplete: "current-password", required: true,
    }),
    details(
      { class: "more" },
      summary("Sign in to another organisation"),
      field("tenant", "Organisation", input, {
        name: "tenant", type: "text", autocomplete: "organization", spellcheck: "false",
      }),
    ),
    button({ type: "submit", class: "button primary wide", disabled: busy }, "Sign in"),
  );
}

function linkHelp() {
  return p(
    { class: "sign-in-hint" },
    "On the machine that runs Cloister, ", code("cloister link"), " prints a link that signs you in, once.",
  );
}
