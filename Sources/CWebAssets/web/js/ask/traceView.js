// The X-ray of an answer: what happened on the way to it, how long each step took, and where the log has it.
import { tags } from "../base/dom.js";

const { details, summary, ol, li, span, p, progress } = tags;

const words = {
  understand: ["Question understood", ""],
  embed: ["Turned into a vector", ""],
  retrieve: ["Passages found that you may read", "passages"],
  assemble: ["Evidence put together", "pieces"],
  answer: ["Sentences proposed", "sentences"],
  verify: ["Sentences verified", "sentences"],
  commit: ["Answer and audit entry written", ""],
};

/** The steps of `trace` with their share of the time, folded; nothing without one. */
export function traceView(trace) {
  if (!trace) return null;
  const total = trace.steps.reduce((sum, step) => sum + step.microseconds, 0) || 1;
  const rows = trace.steps.filter((step) => Object.hasOwn(words, step.name))
    .map((step) => traceRow(step, step.microseconds / total));
  return details(
    { class: "trace" },
    summary("X-ray: what happened on the way"),
    ol({ class: "trace-steps" }, rows),
    trace.auditEntry === null ? null : p({ class: "trace-audit" }, `Entry ${trace.auditEntry} of the audit log.`),
  );
}

function traceRow(step, share) {
  const [name, unit] = words[step.name];
  const count = Number.isInteger(step.count) && unit ? `, ${step.count} ${unit}` : "";
  return li(
    span({ class: "trace-name" }, name + count),
    progress({ class: "trace-bar", max: "1", value: share.toFixed(3), "aria-hidden": "true" }),
    span({ class: "trace-time" }, duration(step.microseconds)),
  );
}

/** Microseconds as a person reads them. */
export function duration(microseconds) {
  return microseconds < 1000 ? `${microseconds} µs` : `${(microseconds / 1000).toFixed(1)} ms`;
}
