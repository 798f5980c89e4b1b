// The page itself.
function element(tag, name, ...children) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...children.flat().filter((child) => child !== null));
  return node;
}

function verdict({ checks, damage, proof }, wanted) {
  const isGood = damage === null && checks.every(([passed]) => passed);
  const words = isGood
    ? "Nothing in this file has changed since it was signed, and everything in it fits together."
    : damage ? sentenceOf(damage) : checks.find(([passed]) => !passed)[1];
  return element("section", isGood ? "verdict good" : "verdict bad",
    element("h2", "", isGood ? "This proof holds" : damage ? "This file was changed" : "This proof does not hold"),
    element("p", "", words), damage ? surroundings(damage) : null,
    isGood && !wanted ? comparison(proof.made.key.sha256) : null);
}

/** Anybody can sign: whose key it is, the file alone cannot say. */
function comparison(fingerprint) {
  return element("p", "", "Whoever holds this key signed it. Compare its fingerprint with that of the house: ",
    element("code", "", fingerprint));
}

/** The changed byte among its neighbours, and what it should be. */
function surroundings({ file, offset, found, expected }) {
  const text = (start, end) => Array.from(file.subarray(Math.max(start, 0), end), shownSign).join("");
  return element("p", "bytes", text(offset - 40, offset), element("del", "", shownSign(found)),
    expected === null ? null : element("ins", "", shownSign(expected)), text(offset + 1, offset + 41));
}

const shownSign = (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·");

function content({ answer, sentences, passages, made }) {
  return element("section", "card",
    element("p", "question", answer.question),
    sentences.length > 0 ? null : element("p", "", answer.declined ? "Not in the documents." : "The answer broke off."),
    sentences.map((one) => element("p", "words sentence", one.text, ...one.citations.map((number) => ` [${number}]`))),
    passages.map(passageCard),
    element("p", "soft", `Asked ${answer.asked} by ${answer.by}, answered by ${answer.answerer}. This file was made ` +
      `${made.at} for ${made.reader}, with the encoder ${made.encoder}.`));
}

function passageCard(one) {
  const text = utf8(one.text);
  const plain = (start, end) => new TextDecoder().decode(text.subarray(start - one.start, end - one.start));
  return element("div", "",
    element("h2", "", `${one.number} · ${one.title}`),
    element("p", "soft", `${one.path}${one.page ? `, page ${one.page}` : ""} · bytes ${one.quoteStart} to ` +
      `${one.quoteEnd} of version ${one.version}`),
    element("p", "words passage", plain(one.start, one.quoteStart), element("mark", "", quoteOf(one)),
      plain(one.quoteEnd, one.end)),
    element("p", "soft", `Open to the reader by: ${one.access.rule} (${one.access.acl}, version ${one.access.version})`));
}

function checkList(checks) {
  const list = element("ul", "checks", checks.map(([passed, words]) => element("li", passed ? "" : "failed", words)));
  return element("section", "card", element("h2", "", "What was checked"), list);
}

const [input, drop, result, trusted] = ["file", "drop", "result", "trusted"].map((id) => document.getElementById(id));
let latest = null;

async function show() {
  if (!latest) return;
  const wanted = trusted.value.toLowerCase().replace(/[\s:]/g, "");
  if (wanted && !/^[0-9a-f]{64}$/.test(wanted)) {
    result.replaceChildren(element("p", "verdict bad", "A fingerprint has 64 digits from 0 to f. Correct it or leave it out."));
    result.dataset.verdict = "bad";
    return;
  }
  result.replaceChildren(element("p", "soft", "Checking"));
  if (!await canVerify()) {
    result.replaceChildren(element("p", "verdict bad", "This browser cannot check Ed25519 signatures. Use a current one."));
    return;
  }
  const outcome = await report(new Uint8Array(await latest.arrayBuffer()), wanted);
  const isGood = outcome.damage === null && outcome.checks.every(([passed]) => passed);
  const list = outcome.damage ? [] : [checkList(outcome.checks)];
  result.replaceChildren(verdict(outcome, wanted), ...(isGood ? [content(outcome.proof)] : []), ...list);
  result.dataset.verdict = isGood ? "good" : "bad";
}

async function canVerify() {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), { name: "Ed25519" }, false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

/** Whoever signs can sign anything: what is not a proof must not look like one that is still being checked. */
function refresh() {
  delete result.dataset.verdict;
  show().catch(() => {
    result.replaceChildren(element("p", "verdict bad", "What was signed is not a proof of this kind."));
    result.dataset.verdict = "bad";
  });
}

function take(file) {
  if (!file) return;
  latest = file;
  refresh();
}

input.addEventListener("change", () => take(input.files[0]));
trusted.addEventListener("change", refresh);
addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
addEventListener("dragleave", () => drop.classList.remove("over"));
addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  take(event.dataTransfer.files[0]);
});
document.getElementById("save").hidden = location.protocol === "file:";
