// Is every byte the one that was signed, and which one is not?
async function report(file, trusted) {
  const checks = [];
  const layout = file.length <= fileBytesMax ? layoutOfFile(file.length) : null;
  if (!layout) {
    checks.push([false, "The file has not the length of a proof: bytes are missing or were added."]);
    return { checks, damage: null, proof: null };
  }
  const damage = frameDamage(file, layout) ?? await sealedDamage(file, layout);
  if (damage) return { checks: [[false, sentenceOf(damage)]], damage, proof: null };
  checks.push([true, `Every byte is the one that was signed: ${layout.blockCount} blocks fit their hashes.`]);
  checks.push([true, "The signature is that of the key in the file (Ed25519)."]);
  const proof = parsed(file.subarray(layout.proofStart, layout.proofEnd));
  const key = unhex(digits(file, layout.keyStart, keyDigits));
  try {
    await checkMeaning(proof, key, trusted, checks);
  } catch {
    checks.push([false, "What was signed is not a proof of this kind."]);
  }
  return { checks, damage: null, proof };
}

const digits = (file, start, count) => ascii(file.subarray(start, start + count));

function parsed(bytes) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return null;
  }
}

function frameDamage(file, layout) {
  for (const [start, literal] of layout.literals) {
    const index = literal.findIndex((byte, at) => file[start + at] !== byte);
    if (index >= 0) return found(file, start + index, literal[index], "the frame of the file");
  }
  return null;
}

function found(file, offset, expected, place) {
  return { offset, found: file[offset], expected, place, file };
}

/** Whether the signature, or another one, is that of the key over these block hashes. */
async function isSealed(file, layout, blocks, signature = digits(file, layout.signatureStart, signatureDigits)) {
  const key = unhex(digits(file, layout.keyStart, keyDigits));
  const message = canonical("cloister.proof.1", await sha256(joined(blocks)));
  return isSigned(key, unhex(signature), message);
}

async function isSigned(key, signature, message) {
  if (!key || !signature) return false;
  try {
    const known = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, known, signature, message);
  } catch {
    return false;
  }
}

async function sealedDamage(file, layout) {
  const indices = [...Array(layout.blockCount).keys()];
  const computed = await Promise.all(
    indices.map((index) => sha256(file.subarray(layout.blockStart(index), layout.blockEnd(index)))));
  const listed = indices.map((index) => digits(file, layout.hashStart(index), hashDigits));
  const wrong = indices.find((index) => hex(computed[index]) !== listed[index]);
  if (wrong === undefined) return await isSealed(file, layout, computed) ? null : sealDamage(file, layout, computed);
  const decoded = listed.map(unhex);
  if (decoded.every(Boolean) && await isSealed(file, layout, decoded)) {
    return blockDamage(file, layout, wrong, listed[wrong]);
  }
  if (await isSealed(file, layout, computed)) {
    const expected = utf8(hex(computed[wrong]));
    const at = expected.findIndex((byte, index) => file[layout.hashStart(wrong) + index] !== byte);
    return found(file, layout.hashStart(wrong) + at, expected[at], `the hash of block ${wrong + 1}`);
  }
  return found(file, layout.blockStart(wrong), null, "the proof, and in its hashes or its signature");
}

/** Tries all 64 x 255 blocks that differ in one byte. */
async function blockDamage(file, layout, index, expected) {
  const start = layout.blockStart(index);
  const block = file.slice(start, layout.blockEnd(index));
  for (let at = 0; at < block.length; at += 1) {
    const hashes = await Promise.all([...Array(256).keys()].map((candidate) => {
      const other = block.slice();
      other[at] = candidate;
      return sha256(other);
    }));
    const candidate = hashes.findIndex((hash) => hex(hash) === expected);
    if (candidate >= 0) return found(file, start + at, candidate, placeOf(file, layout, start + at, candidate));
  }
  return found(file, start, null, placeOf(file, layout, start, null));
}

/** Blocks and hashes fit each other: then it is the key, or else the signature. */
async function sealDamage(file, layout, blocks) {
  const named = parsed(file.subarray(layout.proofStart, layout.proofEnd))?.made?.key?.sha256;
  const isKey = async (text) => unhex(text) !== null && hex(await sha256(unhex(text))) === named;
  if (!await isKey(digits(file, layout.keyStart, keyDigits))) {
    return repairedDigit(file, layout.keyStart, keyDigits, "the public key", isKey);
  }
  return repairedDigit(file, layout.signatureStart, signatureDigits, "the signature",
    (text) => isSealed(file, layout, blocks, text));
}

/** Tries every other digit at every place. */
async function repairedDigit(file, start, count, place, fits) {
  const text = digits(file, start, count);
  for (let at = 0; at < count; at += 1) {
    for (const digit of "0123456789abcdef") {
      if (digit === text[at] || !await fits(text.slice(0, at) + digit + text.slice(at + 1))) continue;
      return found(file, start + at, digit.charCodeAt(0), place);
    }
  }
  return found(file, start, null, place);
}
