// Files that the browser keeps.
import { request } from "./api.js";

/** Asks for `path` and keeps the body as a file of that name. Throws `ProblemError`. */
export async function download(path, name, options) {
  const reply = await request("GET", path, options);
  const address = URL.createObjectURL(await reply.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken hold of the bytes when the click returns; the address is given back at leisure.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
