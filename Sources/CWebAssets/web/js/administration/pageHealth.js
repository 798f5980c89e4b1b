// Health: what the server says of itself, and where something waits for a person.
import { get, readiness } from "../base/api.js";
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { problemFrom, problemView } from "../base/problem.js";
import { may } from "../base/session.js";
import { signal } from "../base/state.js";
import { administrationPage } from "./administrationFrame.js";

const { div, section, h2, p, a, ul, li, span, button } = tags;

export function pageHealth({ signal: left }) {
  const [report, dead, problem] = [signal(null), signal(null), signal(null)];
  const load = async () => {
    problem.set(null);
    try {
      report.set(await readiness(left));
      if (may("jobs.read")) dead.set((await get("/jobs?state=dead&limit=50", { signal: left })));
    } catch (failure) {
      problem.set(problemFrom(failure));
    }
  };
  load();
  const node = administrationPage(
    "health",
    "Health",
    {
      action: button(
        { type: "button", id: "look-again", class: "button", onclick: load }, icon("sync"), "Look again"),
    },
    () => (problem() ? problemView(problem(), load) : null),
    div({ class: "health" }, () => (report() ? checks(report()) : null), () => (dead() ? jobs(dead()) : null)),
  );
  return { title: "Health", node };
}

function checks(report) {
  const isFine = report.status === "ok";
  return section(
    { class: "card", "aria-labelledby": "checks-title" },
    h2({ id: "checks-title" }, "The server"),
    p(
      { class: isFine ? "verdict good" : "verdict bad", role: "status" },
      icon(isFine ? "check" : "warning"),
      isFine ? "Everything that it needs is there." : "Something that it needs is not there.",
    ),
    ul({ class: "health-checks" }, Object.entries(report.checks ?? {}).map(([name, state]) =>
      li(span(name.replaceAll("_", " ")), span(state === "ok" ? "Well" : "Not available")))),
  );
}

function jobs(page) {
  const count = page.items.length;
  const words = page.next ? `More than ${count} jobs have failed.` : `${count} of them.`;
  return section(
    { class: "card", "aria-labelledby": "failed-title" },
    h2({ id: "failed-title" }, "Jobs that failed for good"),
    count === 0 ? p("None.") : p(words, " ", a({ href: "#/jobs?state=dead" }, "Look at them")),
  );
}
