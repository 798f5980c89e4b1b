// Jobs: the long work that runs for people, newest first and live.
import { withQuery } from "../base/api.js";
import { tags } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { problemView } from "../base/problem.js";
import { rewrite } from "../base/router.js";
import { may } from "../base/session.js";
import { computed } from "../base/state.js";
import { jobRows } from "./jobRows.js";
import { stateNames, stateOf } from "./jobWords.js";
import { OpenJobs } from "./openJobs.js";

const { section, header, div, h1, p, a, label, select, option, button } = tags;

export function pageJobs({ query, signal: left }) {
  const jobs = new OpenJobs(stateNames.includes(query.state) ? query.state : "", left);
  jobs.load();
  jobs.followEvents();
  const list = computed(() => jobs.list() ?? []);
  const onAct = may("jobs.cancel") ? (job, action) => jobs.act(job, action) : null;
  const node = section(
    { class: "sources narrow jobs", "aria-labelledby": "page-title" },
    header(
      { class: "sources-head" },
      a({ class: "button quiet back", href: "#/library" }, icon("back"), "Library"),
      h1({ id: "page-title", tabindex: "-1" }, "Jobs"),
      stateChoice(jobs),
    ),
    () => (jobs.problem() ? problemView(jobs.problem(), () => jobs.load()) : null),
    div({ role: "status" }, () => standing(jobs)),
    () => (jobs.isFull() ? plainButton("Show the newest", () => jobs.load()) : null),
    jobRows(list, onAct),
    () => (jobs.next() ? plainButton("Show more", () => jobs.showMore()) : null),
  );
  return { title: "Jobs", node };
}

function stateChoice(jobs) {
  const choose = (event) => {
    rewrite(withQuery("/jobs", { state: event.target.value }));
    jobs.choose(event.target.value);
  };
  return div(
    { class: "job-filter" },
    label({ for: "job-state" }, "Show"),
    select(
      { id: "job-state", class: "select", onchange: choose },
      option({ value: "", selected: jobs.state.peek() === "" }, "All jobs"),
      stateNames.map((name) => option({ value: name, selected: jobs.state.peek() === name }, stateOf(name).words)),
    ),
  );
}

function standing(jobs) {
  if (jobs.list() === null) return jobs.problem() ? null : p({ class: "working" }, "Looking at the jobs");
  if (jobs.list().length > 0) return null;
  const words = jobs.state() ? `No job is in the state “${stateOf(jobs.state()).words}”.` : "Nothing has run yet.";
  return p({ class: "empty-line" }, words);
}

function plainButton(words, onclick) {
  return button({ type: "button", class: "button", onclick }, words);
}
