import AuditTrail
import Crypto
import Foundation
import Kit
import Library

/// Everything that somebody needs to check an answer without the system that gave it. Hashes are hexadecimal SHA-256,
/// times are RFC 3339, offsets count bytes of UTF-8.
struct AnswerProof: Codable, Sendable {
    let answer: Asked
    let sentences: [Sentence]
    let passages: [Passage]
    let content: Content
    /// The entry of the answer, where it has one, then that of this file.
    let audit: [AuditProof]
    let made: Making

    struct Asked: Codable, Sendable {
        let id: AnswerID
        let question: String
        let asked: String
        let by: SubjectID
        /// `reader`, or the model's name.
        let answerer: String
        let state: String
        /// True where there was nothing to say.
        let declined: Bool
        /// Of the index that was searched.
        let sequence: Int64
        /// Sentences that the verifier held back.
        let withheld: Int
    }

    struct Sentence: Codable, Sendable {
        let text: String
        /// `quoted` word for word, or `supported`: written by a model and checked against its passages.
        let kind: String
        let citations: [Int]
    }

    /// A cited place with the words around it, as it is shown.
    struct Passage: Codable, Sendable {
        let number: Int
        let document: DocumentID
        let version: VersionID
        let title: String
        let path: String
        let page: Int?
        /// In the normalised text of the version.
        let start: Int
        let end: Int
        /// The cited words in it, in the same count.
        let quoteStart: Int
        let quoteEnd: Int
        let text: String
        let sha256: String
        let source: Source
        /// By which rule the reader of the file saw it when the file was made.
        let access: AccessGrant
    }

    /// The normalised text of a version.
    struct Source: Codable, Sendable {
        let sha256: String
        let bytes: Int
        let parser: String
    }

    /// What the audit log was told of the content: a hash that says nothing without the nonce.
    struct Content: Codable, Sendable {
        let nonce: String
        let sha256: String
    }

    struct Making: Codable, Sendable {
        let at: String
        /// Who may see all of it, and asked for it.
        let reader: SubjectID
        let tenant: TenantID
        /// The encoder of the server at that time.
        let encoder: String
        let key: Key
    }

    struct Key: Codable, Sendable {
        let algorithm: String
        let sha256: String
    }
}

extension AnswerProof {
    /// One hash over question, sentences and passages, salted by `nonce`, so that nobody can guess at them from it.
    static func contentHash(
        nonce: [UInt8], question: String, sentences: [Sentence], passages: [Passage]
    ) -> [UInt8] {
        var content = CanonicalBytes(domain: "cloister.proof.content.1")
        content.append(nonce)
        content.append(question)
        for sentence in sentences { content.append(sentence.text) }
        for passage in passages {
            content.append(passage.document.description)
            content.append(passage.version.description)
            content.append(Int64(passage.start))
            content.append(Int64(passage.end))
            content.append(Hex.decode(passage.sha256) ?? [])
            content.append(Hex.decode(passage.source.sha256) ?? [])
        }
        return sha256(content.bytes)
    }

    static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

    static let provingAction = "answers.prove"
    static let contentFact = "content"
}
