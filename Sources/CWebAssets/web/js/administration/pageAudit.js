// The audit log: who did what and when, by the number of the entry; and a check that nobody changed it.
import { get, withQuery } from "../base/api.js";
import { field } from "../base/dialog.js";
import { tags } from "../base/dom.js";
import { counted } from "../base/format.js";
import { icon } from "../base/icon.js";
import { problemFrom, problemView } from "../base/problem.js";
import { rewrite } from "../base/router.js";
import { signal } from "../base/state.js";
import { administrationPage, listingTable } from "./administrationFrame.js";
import { actWords, filterOf, outcomeWords, queryOf } from "./auditWords.js";
import { peopleNames } from "./names.js";
import { PagedList } from "./pagedList.js";

const { td, form, div, p, span, code, input, select, option, button, time, details, summary, dl, dt, dd } = tags;

export function pageAudit({ query, signal: left }) {
  const filter = filterOf(query);
  const list = new PagedList("/audit", left, queryOf(filter));
  const names = peopleNames(left);
  list.load();
  const search = (event) => {
    event.preventDefault();
    const wanted = filterOf(Object.fromEntries(new FormData(event.target)));
    rewrite(withQuery("/administration/audit", wanted));
    list.items.set(null);
    list.load(queryOf(wanted));
  };
  const node = administrationPage(
    "audit",
    "Audit log",
    { hint: "Every act that matters, in the order in which it happened. Looking at it is an entry, too." },
    searchForm(filter, names, search),
    verification(left),
    listingTable({
      list, name: "Audit log", columns: ["Number", "Time", "Act", "Who", "What", "Outcome"],
      rowOf: (one) => row(one, names), empty: "No entry fits.",
    }),
  );
  return { title: "Audit log", node };
}

function searchForm(filter, names, onsubmit) {
  const text = (id, words, name, more) => field(id, words, input, { name, value: filter[name], ...more });
  return form(
    { class: "audit-search", role: "search", "aria-label": "Search the log", onsubmit },
    text("audit-action", "Act", "action", {
      type: "text", maxlength: "80", placeholder: "documents.delete", autocomplete: "off",
    }),
    () => field("audit-subject", "Who", select, { name: "subject", class: "select" },
      option({ value: "", selected: filter.subject === "" }, "Everybody"),
      [...names()].map(([id, name]) => option({ value: id, selected: filter.subject === id }, name))),
    text("audit-since", "From day", "since", { type: "date" }),
    text("audit-until", "To day", "until", { type: "date" }),
    button({ type: "submit", id: "audit-go", class: "button primary" }, icon("search"), "Search"),
  );
}

function row(one, names) {
  return [
    td(code(String(one.sequence))),
    td(time({ datetime: one.time }, momentWords(one.time))),
    td(span({ class: "listing-title" }, actWords(one.action)), span({ class: "hint" }, one.action)),
    td(() => (one.subject ? names().get(one.subject) ?? code(one.subject) : "The system")),
    td(code({ class: "audit-resource" }, one.resource), facts(one)),
    td(outcomeWords(one.outcome)),
  ];
}

function momentWords(moment) {
  return new Date(moment).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

function facts(one) {
  const rows = [...Object.entries(one.facts), ["log", one.log], ["hash", one.leafHash]];
  return details(
    { class: "audit-facts" },
    summary({ "aria-label": `More about entry ${one.sequence}` }, "More"),
    dl(rows.map(([name, value]) => [dt(name), dd(code(String(value)))])),
  );
}

/** Recomputes the whole log, on demand. */
function verification(left) {
  const [found, problem, busy] = [signal(null), signal(null), signal(false)];
  const check = async () => {
    busy.set(true);
    problem.set(null);
    try {
      found.set(await get("/audit/verification", { signal: left }));
    } catch (failure) {
      problem.set(problemFrom(failure));
    }
    busy.set(false);
  };
  return div(
    { class: "audit-check" },
    button({ type: "button", id: "audit-verify", class: "button", disabled: () => busy(), onclick: check },
      icon("check"), "Check that nobody changed it"),
    div({ role: "status" }, () => (problem() ? problemView(problem(), check) : found() ? verdict(found()) : null)),
  );
}

/** What a recomputation found. */
export function verdict(found) {
  const size = found.logs.reduce((sum, log) => sum + log.size, 0);
  if (found.sound) {
    return p({ class: "verdict good" }, icon("check"), `Sound: all ${counted(size, "entry", "entries")} fit.`);
  }
  const fault = found.fault;
  return p({ class: "verdict bad" }, icon("warning"),
    fault ? `Not sound. The first bad record is number ${fault.sequence}: ${fault.message}` : "Not sound.");
}
