"use strict";
// The form of the file is fixed to the byte: every byte is checked by its place, even where the JSON is broken.
const blockBytes = 64, hashDigits = 64, keyDigits = 64, signatureDigits = 128, fileBytesMax = 64 * 2 ** 20;
const utf8 = (text) => new TextEncoder().encode(text);
const ascii = (bytes) => String.fromCharCode(...bytes);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => /^(?:[0-9a-f]{2})*$/.test(text)
  ? Uint8Array.from(text.match(/../g) ?? [], (digits) => parseInt(digits, 16)) : null;
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const frame = {
  opening: utf8('{"blocks":["'), between: utf8('","'), beforeKey: utf8('"],"format":"cloister.proof/1","key":"'),
  beforeProof: utf8('","proof":'), beforeSignature: utf8(',"signature":"'), closing: utf8('"}'),
};

function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
}

/** A list of fields as bytes: each with its length before it, integers as eight bytes. */
function canonical(...fields) {
  return joined(fields.flatMap((field) => {
    const bytes = typeof field === "string" ? utf8(field) : field instanceof Uint8Array ? field : int64(field);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length);
    return [length, bytes];
  }));
}

function int64(number) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(number));
  return bytes;
}

function layoutOf(proofBytes) {
  const blockCount = Math.ceil(proofBytes / blockBytes);
  const step = hashDigits + frame.between.length;
  const keyStart = frame.opening.length + blockCount * step - frame.between.length + frame.beforeKey.length;
  const proofStart = keyStart + keyDigits + frame.beforeProof.length;
  const proofEnd = proofStart + proofBytes;
  const signatureStart = proofEnd + frame.beforeSignature.length;
  const hashStart = (index) => frame.opening.length + index * step;
  const literals = [[0, frame.opening]];
  for (let index = 1; index < blockCount; index += 1) {
    literals.push([hashStart(index) - frame.between.length, frame.between]);
  }
  literals.push(
    [keyStart - frame.beforeKey.length, frame.beforeKey], [keyStart + keyDigits, frame.beforeProof],
    [proofEnd, frame.beforeSignature], [signatureStart + signatureDigits, frame.closing]);
  return {
    blockCount, proofStart, proofEnd, keyStart, signatureStart, hashStart, literals,
    fileBytes: signatureStart + signatureDigits + frame.closing.length,
    blockStart: (index) => proofStart + index * blockBytes,
    blockEnd: (index) => Math.min(proofStart + (index + 1) * blockBytes, proofEnd),
  };
}

function layoutOfFile(fileBytes) {
  const perBlock = hashDigits + frame.between.length;
  const rest = fileBytes - layoutOf(0).fileBytes;
  const blocks = Math.ceil(rest / (perBlock + blockBytes));
  const proofBytes = rest - blocks * perBlock;
  if (rest <= 0 || proofBytes <= 0) return null;
  const layout = layoutOf(proofBytes);
  return layout.blockCount === blocks ? layout : null;
}
