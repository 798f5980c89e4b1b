// What an intact proof says, checked against itself: passages, sentences, and its entries in the audit log.
async function checkMeaning(proof, key, trusted, checks) {
  const fingerprint = hex(await sha256(key));
  checks.push([proof.made.key.sha256 === fingerprint,
    `The key is the one that the proof names: SHA-256 ${fingerprint}.`]);
  if (trusted) checks.push([trusted === fingerprint, "The key is the one that you trust."]);
  for (const passage of proof.passages) checks.push(await checkedPassage(passage));
  checks.push(checkedSentences(proof));
  checks.push(await checkedContent(proof));
  for (const entry of proof.audit) {
    const { action, resource } = JSON.parse(entry.entry).entry;
    checks.push([resource === proof.answer.id && await isIncluded(entry),
      `Entry ${entry.sequence} of the audit log ${entry.log} (${action}) is about this answer and leads to the root ` +
      `over ${entry.head.size} entries.`]);
    const { log, size, root, time, signature } = entry.head;
    checks.push([await isSigned(key, unhex(signature), canonical("cloister.audit.tree.1", log, size, unhex(root), time)),
      `The root over ${size} entries is signed by the same key.`]);
  }
}

async function checkedPassage(passage) {
  const { number, start, end, quoteStart, quoteEnd, text, title, sha256: hash, source } = passage;
  const bytes = utf8(text);
  const places = [0, start, quoteStart, quoteEnd, end, source.bytes];
  const isOrdered = places.every((place, index) => index === 0 || places[index - 1] <= place);
  return [isOrdered && bytes.length === end - start && hex(await sha256(bytes)) === hash,
    `Passage ${number}, bytes ${start} to ${end} of “${title}”, has the SHA-256 that the proof names.`];
}

/** The cited words of a passage. */
function quoteOf({ text, start, quoteStart, quoteEnd }) {
  return new TextDecoder().decode(utf8(text).subarray(quoteStart - start, quoteEnd - start));
}

function checkedSentences({ sentences, passages, answer }) {
  if (sentences.length === 0) {
    return [(answer.declined && passages.length === 0) || answer.state !== "finished",
      "There is no sentence: the question was declined, or the answer broke off."];
  }
  const of = (sentence) => passages.filter((passage) => sentence.citations.includes(passage.number));
  const quoted = sentences.filter((sentence) => sentence.kind === "quoted");
  const isCited = sentences.every((one) => one.citations.length > 0 && of(one).length === new Set(one.citations).size);
  const isQuoted = quoted.every((one) => of(one).some((passage) => quoteOf(passage) === one.text));
  return [isCited && isQuoted, `${quoted.length} of ${sentences.length} sentences stand word for word at their cited ` +
    "places; all name their passages."];
}

async function checkedContent({ content, answer, sentences, passages, audit }) {
  const hash = hex(await sha256(canonical(
    "cloister.proof.content.1", unhex(content.nonce), answer.question, ...sentences.map((one) => one.text),
    ...passages.flatMap((one) =>
      [one.document, one.version, one.start, one.end, unhex(one.sha256), unhex(one.source.sha256)]))));
  const last = JSON.parse(audit[audit.length - 1].entry).entry;
  return [hash === content.sha256 && last.action === "answers.prove" && last.resource === answer.id
    && last.facts.content === hash,
  "The audit log was told the hash of question, sentences and passages when the file was made."];
}

/** RFC 6962, section 2.1: from the salted entry to its leaf, from the leaf to the root. */
async function isIncluded({ log, sequence, time, entry, salt, path, head }) {
  if (head.log !== log || sequence < 1 || sequence > head.size) return false;
  const commitment = await sha256(joined([unhex(salt), utf8(entry)]));
  let node = await sha256(joined([[0], canonical("cloister.audit.leaf.1", log, sequence, time, commitment)]));
  const siblings = [];
  for (let low = 0, high = head.size; high - low > 1;) {
    let split = 1;
    while (split * 2 < high - low) split *= 2;
    const isLeft = sequence - 1 < low + split;
    siblings.unshift(isLeft);
    if (isLeft) high = low + split; else low += split;
  }
  if (siblings.length !== path.length) return false;
  for (const [index, isLeft] of siblings.entries()) {
    const other = unhex(path[index]);
    node = await sha256(joined(isLeft ? [[1], node, other] : [[1], other, node]));
  }
  return hex(node) === head.root;
}
