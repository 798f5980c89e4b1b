// Which dropped or chosen files are sent, and a plain sentence for each that is not; whether a file can be read, the
// server finds from its content. No DOM; entries are the browser's
// `FileSystemEntry` objects or anything of that shape.

const unknownType = "application/octet-stream";
const filesMax = 20_000;
const depthMax = 32;
const pathCharactersMax = 1000;

/** `{path, file}` of every file under `entries`, folders walked in full. */
export async function filesUnder(entries) {
  const found = [];
  for (const entry of entries) await walk(entry, "", 0, found);
  return found;
}

/** `{path, file}` of files from a picker; a chosen folder gives paths below it. */
export function filesOfPicker(files) {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** Splits `files` into `accepted` (`{path, file, type}`) and `refused` (`{path, reason}`), without hidden files. */
export function sortOut(files) {
  const accepted = [];
  const refused = [];
  for (const { path, file } of files) {
    if (path.split("/").some((segment) => segment.startsWith("."))) continue;
    const reason = refusal(path, file);
    if (reason) refused.push({ path, reason });
    else accepted.push({ path, file, type: file.type || unknownType });
  }
  return { accepted, refused };
}

function refusal(path, file) {
  if (file.size === 0) return "The file is empty.";
  if (path.length > pathCharactersMax) return "Its path is too long.";
  return null;
}

async function walk(entry, folder, depth, found) {
  if (depth > depthMax || found.length >= filesMax) return;
  const path = folder ? `${folder}/${entry.name}` : entry.name;
  if (entry.isFile) {
    found.push({ path, file: await new Promise((resolve, reject) => entry.file(resolve, reject)) });
    return;
  }
  for (const child of await childrenOf(entry)) await walk(child, path, depth + 1, found);
}

/** A reader hands a folder over in pieces and says with an empty one that it is done. */
async function childrenOf(folder) {
  const reader = folder.createReader();
  const children = [];
  for (;;) {
    const piece = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (piece.length === 0) return children;
    children.push(...piece);
  }
}
