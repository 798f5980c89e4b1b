// How numbers, sizes and times are said. Pure; the language is the browser's.

/** 1536 -> "1.5 KB". */
export function bytes(count) {
  if (count < 1000) return `${count} B`;
  const units = ["KB", "MB", "GB", "TB"];
  let value = count;
  let unit = -1;
  do {
    value /= 1000;
    unit += 1;
  } while (value >= 999.5 && unit < units.length - 1);
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** "1 document", "2 documents". */
export function counted(count, one, many = `${one}s`) {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

/** How long ago, in the largest unit that fits; a date after a week. */
export function ago(text, now = Date.now()) {
  const time = Date.parse(text);
  if (Number.isNaN(time)) return "";
  const minutes = Math.round((now - time) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 60 * 24) return counted(Math.round(minutes / 60), "hour") + " ago";
  if (minutes < 60 * 24 * 7) return counted(Math.round(minutes / 1440), "day") + " ago";
  return new Date(time).toLocaleDateString(undefined, { dateStyle: "medium" });
}

/** 412 -> "0.4 s". */
export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(milliseconds < 100 ? 2 : 1)} s`;
}

/** 3, 8 -> "3 of 8". */
export function ofTotal(done, total) {
  return `${done.toLocaleString()} of ${total.toLocaleString()}`;
}
