// The X-ray of an answer: what happened on the way to it, how long each step took, and where the log has it.
import { tags } from "../base/dom.js";

const { details, summary, ol, li, span, p } = tags;

const words = {
  understand: ["Question understood", ""],
  embed: ["Turned into a vector", ""],
  retrieve: ["Passages found that you may read", "passages"],
  assemble: ["Evidence put together", "pieces"],
  answer: ["Sentences proposed", "sentences"],
  verify: ["Sentences verified", "sentences"],
  commit: ["Answer and audit entry written", ""],
};

/** The steps of `trace` as a waterfall, folded; nothing without one. */
export function traceView(trace) {
  if (!trace) return null;
  const total = trace.steps.reduce((sum, step) => sum + step.microseconds, 0) || 1;
  let before = 0;
  const rows = trace.steps.filter((step) => Object.hasOwn(words, step.name)).map((step) => {
    const row = traceRow(step, before / total, step.microseconds / total);
    before += step.microseconds;
    return row;
  });
  return details(
    { class: "trace" },
    summary("X-ray: what happened on the way"),
    ol({ class: "trace-steps" }, rows),
    trace.auditEntry === null ? null : p({ class: "trace-audit" }, `Entry ${trace.auditEntry} of the audit log.`),
  );
}

function traceRow(step, offset, share) {
  const [name, unit] = words[step.name];
  const count = Number.isInteger(step.count) && unit ? `, ${step.count} ${unit}` : "";
  const bar = span({ class: "trace-bar", "aria-hidden": "true" });
  bar.style.setProperty("--from", `${(offset * 100).toFixed(1)}%`);
  bar.style.setProperty("--share", `${Math.max(share * 100, 0.5).toFixed(1)}%`);
  return li(span({ class: "trace-name" }, name + count), bar, span({ class: "trace-time" }, duration(step.microseconds)));
}

/** Microseconds as a person reads them. */
export function duration(microseconds) {
  return microseconds < 1000 ? `${microseconds} µs` : `${(microseconds / 1000).toFixed(1)} ms`;
}
