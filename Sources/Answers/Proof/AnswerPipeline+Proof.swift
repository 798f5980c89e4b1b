import AuditTrail
import Encoder
import Foundation
import Kit
import Library
import Storage

// An answer as one file that proves itself to who has the house's public key.
extension AnswerPipeline {
    /// The proof file of a finished answer. Everything that it rests on is read anew with the rights of this moment;
    /// where some of it is gone or no longer open to this reader, there is no file: `evidenceGone`. The making is
    /// itself an entry of the audit log, which commits to the content.
    package func proof(of id: AnswerID, for principal: Principal, request: RequestID?) async throws -> [UInt8] {
        let answer = try await settled(id, for: principal)
        guard answer.state != .writing else { throw AnswerFailure.notFinished }
        let (sentences, passages) = try await evidence(of: answer, for: principal)
        let nonce = randomness.bytes(32)
        let hash = AnswerProof.contentHash(
            nonce: nonce, question: answer.question, sentences: sentences, passages: passages)
        let entries = try await entries(of: answer, content: hash, for: principal, request: request)
        let key = try audit.signingKey(of: principal.tenant)
        let proof = AnswerProof(
            answer: AnswerProof.Asked(answer), sentences: sentences, passages: passages,
            content: .init(nonce: Hex.encode(nonce), sha256: Hex.encode(hash)), audit: entries,
            made: .init(
                at: clock.now().text, reader: principal.subject, tenant: principal.tenant,
                encoder: encoder.fingerprint,
                key: .init(algorithm: "Ed25519", sha256: Hex.encode(AnswerProof.sha256(key)))))
        let coder = JSONEncoder()
        coder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = Array(try coder.encode(proof))
        let signature = try audit.sign(ProofFile.signed(ProofFile.blocks(of: bytes)), as: principal.tenant)
        return ProofFile(proof: bytes, key: key, signature: signature).bytes
    }

    private func evidence(
        of answer: Answer, for principal: Principal
    ) async throws -> ([AnswerProof.Sentence], [AnswerProof.Passage]) {
        let shown = try await shown(answer, for: principal)
        guard shown.count == answer.sentences.count else { throw AnswerFailure.evidenceGone }
        var passages: [Int: AnswerProof.Passage] = [:]
        for quote in answer.sentences.flatMap(\.quotes) where passages[quote.number] == nil {
            passages[quote.number] = try await passage(quote, for: principal)
        }
        let sentences = shown.map {
            AnswerProof.Sentence(text: $1.text, kind: $1.kind.rawValue, citations: $1.citations.map(\.number))
        }
        return (sentences, passages.values.sorted { $0.number < $1.number })
    }

    private func passage(_ quote: Answer.Quote, for principal: Principal) async throws -> AnswerProof.Passage {
        guard let source = try await source(of: quote.place, for: principal),
            let citation = Citation(quote, in: source, contextBytes: settings.contextBytes)
        else { throw AnswerFailure.evidenceGone }
        let text = citation.before + citation.quote + citation.after
        let start = citation.start - citation.before.utf8.count
        return AnswerProof.Passage(
            number: citation.number, document: citation.document, version: citation.version, title: citation.title,
            path: citation.path, page: citation.page, start: start, end: start + text.utf8.count,
            quoteStart: citation.start, quoteEnd: citation.end, text: text,
            sha256: Hex.encode(AnswerProof.sha256(Array(text.utf8))),
            source: .init(sha256: citation.hash, bytes: source.text.count, parser: citation.parser),
            access: try await grant(of: citation.document, for: principal))
    }

    private func grant(of document: DocumentID, for principal: Principal) async throws -> AccessGrant {
        do {
            return try await library.grant(of: document, for: principal)
        } catch LibraryFailure.notFound {
            throw AnswerFailure.evidenceGone
        }
    }

    // MARK: Audit

    private func entries(
        of answer: Answer, content hash: [UInt8], for principal: Principal, request: RequestID?
    ) async throws -> [AuditProof] {
        let scope = WriteScope.tenant(principal.tenant)
        var proofs: [AuditProof] = []
        if let sequence = answer.trace.auditEntry, let log = answer.trace.auditLog {
            let proof = try await audit.proof(of: sequence, in: log, of: scope)
            // It names every document that was read for the answer, the uncited ones of a model too.
            guard try await library.seesAll(Self.documents(in: proof), for: principal) else {
                throw AnswerFailure.evidenceGone
            }
            proofs.append(proof)
        }
        let receipt = try await audit.record(
            AuditEntry(
                action: AnswerProof.provingAction, subject: principal.subject, resource: answer.id.description,
                request: request, facts: [AnswerProof.contentFact: Hex.encode(hash)]), for: scope)
        proofs.append(try await audit.proof(of: receipt.sequence, in: receipt.log.description, of: scope))
        return proofs
    }

    private static func documents(in proof: AuditProof) throws -> [DocumentID] {
        let record = try JSONDecoder().decode(ProvedRecord.self, from: Data(proof.entry.utf8))
        return record.entry.facts["documents", default: ""].split(separator: " ").compactMap { DocumentID(String($0)) }
    }
}

/// The canonical JSON of an audit record, as far as proofs look into it.
struct ProvedRecord: Decodable {
    let entry: AuditEntry
}

extension AnswerProof.Asked {
    init(_ answer: Answer) {
        self.init(
            id: answer.id, question: answer.question, asked: answer.created.text, by: answer.subject,
            answerer: answer.answerer, state: answer.state.rawValue, declined: answer.isDeclined,
            sequence: answer.sequence, withheld: answer.withheld)
    }
}
