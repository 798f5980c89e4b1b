// Where in a proof something stands, in words.
function placeOf(file, layout, offset, repaired) {
  const json = file.slice(layout.proofStart, layout.proofEnd);
  const inside = offset - layout.proofStart;
  if (repaired !== null) json[inside] = repaired;
  const { path, byteInText } = jsonPlace(inside, json);
  return words(path, byteInText, parsed(json));
}

/** Which value of a JSON text a byte belongs to, and how many bytes of a string come before it. */
function jsonPlace(offset, json) {
  const [quote, backslash] = [0x22, 0x5c];
  const levels = [];
  const last = () => levels[levels.length - 1];
  for (let position = 0; position < json.length;) {
    const byte = json[position];
    let end = position + 1;
    if (byte === quote) {
      while (end < json.length && json[end] !== quote) end += json[end] === backslash ? 2 : 1;
      end = Math.min(end + 1, json.length);
      if (last()?.awaitsKey) last().key = ascii(json.subarray(position + 1, end - 1));
    }
    if (offset < end) {
      const path = levels.map((level) => (level.isObject ? level.key : String(level.index)));
      const isText = byte === quote && last()?.awaitsKey === false;
      return { path, byteInText: isText ? bytesBefore(offset, position + 1, json) : null };
    }
    const sign = String.fromCharCode(byte);
    if (sign === "{") levels.push({ isObject: true, key: "", index: 0, awaitsKey: true });
    else if (sign === "[") levels.push({ isObject: false, key: "", index: 0, awaitsKey: false });
    else if (sign === "}" || sign === "]") levels.pop();
    else if (sign === ":" && last()) last().awaitsKey = false;
    else if (sign === "," && last()) Object.assign(last(), { index: last().index + 1, awaitsKey: last().isObject });
    position = end;
  }
  return { path: [], byteInText: null };
}

function bytesBefore(offset, start, json) {
  let [position, count] = [start, 0];
  while (position < offset) {
    const isEscape = json[position] === 0x5c;
    position += isEscape && json[position + 1] === 0x75 ? 6 : isEscape ? 2 : 1;
    if (position <= offset) count += 1;
  }
  return count;
}

function words(path, byteInText, proof) {
  const [first, second] = path;
  const index = /^\d+$/.test(second ?? "") ? Number(second) : null;
  const field = path.slice(2).join(".");
  if (first === undefined) return "the frame of the proof";
  if (first === "passages" && index !== null) return passageWords(index, field, byteInText, proof?.passages?.[index]);
  if (first === "sentences" && index !== null) {
    return `${field === "text" ? "the text" : `“${field}”`} of sentence ${index + 1} of the answer`;
  }
  if (first === "audit" && index !== null) {
    return `“${field}” of the audit entry ${proof?.audit?.[index]?.sequence ?? index + 1}`;
  }
  return first === "answer" && second === "question" ? "the question" : `“${path.join(".")}”`;
}

function passageWords(index, field, byteInText, passage) {
  if (!passage) return `passage ${index + 1}`;
  if (field !== "text" || byteInText === null) return `“${field}” of the passage from “${passage.title}”`;
  return `the passage from “${passage.title}”, at byte ${passage.start + byteInText} of that document's text`;
}

function shownByte(byte) {
  const number = `0x${byte.toString(16).padStart(2, "0")}`;
  return byte > 0x20 && byte < 0x7f ? `“${String.fromCharCode(byte)}” (${number})` : number;
}

function sentenceOf({ offset, found, expected, place }) {
  if (expected === null) return `Something changed near byte ${offset} of the file, in ${place}.`;
  const bytes = `it is ${shownByte(found)} and should be ${shownByte(expected)}`;
  return `Byte ${offset} of the file changed, in ${place}: ${bytes}.`;
}
