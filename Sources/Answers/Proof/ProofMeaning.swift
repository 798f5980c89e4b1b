import AuditTrail
import Foundation
import Kit

/// What an intact proof says, checked against itself: passages, sentences, and its entries in the audit log.
struct ProofMeaning {
    let proof: AnswerProof
    let key: [UInt8]

    func check(_ report: inout ProofReport) {
        for passage in proof.passages { check(passage, &report) }
        checkSentences(&report)
        checkContent(&report)
        for entry in proof.audit { check(entry, &report) }
    }

    private func check(_ passage: AnswerProof.Passage, _ report: inout ProofReport) {
        let text = Array(passage.text.utf8)
        report.add(
            passage.isOrdered && text.count == passage.end - passage.start
                && Hex.encode(AnswerProof.sha256(text)) == passage.sha256,
            "Passage \(passage.number), bytes \(passage.start) to \(passage.end) of “\(passage.title)”, has the "
                + "SHA-256 that the proof names.")
    }

    private func checkSentences(_ report: inout ProofReport) {
        guard !proof.sentences.isEmpty else {
            return report.add(
                proof.answer.declined && proof.passages.isEmpty || proof.answer.state != "finished",
                "There is no sentence: the question was declined, or the answer broke off.")
        }
        let quoted = proof.sentences.filter { $0.kind == "quoted" }
        let numbers = Set(proof.passages.map(\.number))
        let isCited = proof.sentences.allSatisfy { !$0.citations.isEmpty && numbers.isSuperset(of: $0.citations) }
        report.add(
            isCited && quoted.allSatisfy(isQuoted),
            "\(quoted.count) of \(proof.sentences.count) sentences stand word for word at their cited places; all "
                + "name their passages.")
    }

    private func isQuoted(_ sentence: AnswerProof.Sentence) -> Bool {
        proof.passages.contains { passage in
            guard sentence.citations.contains(passage.number), passage.isOrdered else { return false }
            let text = Array(passage.text.utf8)
            let range = passage.quoteStart - passage.start..<passage.quoteEnd - passage.start
            return range.upperBound <= text.count && text[range].elementsEqual(sentence.text.utf8)
        }
    }

    private func checkContent(_ report: inout ProofReport) {
        let hash = Hex.encode(
            AnswerProof.contentHash(
                nonce: Hex.decode(proof.content.nonce) ?? [], question: proof.answer.question,
                sentences: proof.sentences, passages: proof.passages))
        let last = proof.audit.last.flatMap(Self.record)
        let isLogged =
            last?.action == AnswerProof.provingAction && last?.resource == proof.answer.id.description
            && last?.facts[AnswerProof.contentFact] == hash
        report.add(
            hash == proof.content.sha256 && isLogged,
            "The audit log was told the hash of question, sentences and passages when the file was made.")
    }

    private func check(_ entry: AuditProof, _ report: inout ProofReport) {
        let record = Self.record(entry)
        report.add(
            record?.resource == proof.answer.id.description && entry.isIncluded,
            "Entry \(entry.sequence) of the audit log \(entry.log) (\(record?.action ?? "unreadable")) is about this "
                + "answer and leads to the root over \(entry.head.size) entries.")
        report.add(entry.head.isSigned(by: key), "The root over \(entry.head.size) entries is signed by the same key.")
    }

    private static func record(_ proof: AuditProof) -> AuditEntry? {
        (try? JSONDecoder().decode(ProvedRecord.self, from: Data(proof.entry.utf8)))?.entry
    }
}

extension AnswerProof.Passage {
    /// Whoever signs can write any numbers.
    fileprivate var isOrdered: Bool {
        0 <= start && start <= quoteStart && quoteStart <= quoteEnd && quoteEnd <= end && end <= source.bytes
    }
}
