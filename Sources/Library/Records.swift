import Access
import Documents
import Kit
import Storage

/// A set of documents with one default label and one access rule on top.
package struct CollectionRecord: Sendable, Equatable {
    package let id: CollectionID
    package let name: String
    package let label: Classification
    package let access: ACLConstraint
    /// Which new content waits for a person's look.
    package var quarantine = QuarantineRule.off
    /// How its documents are cut; nil for the product's own way.
    package var chunking: Chunker?
}

/// One document as its readers see it. `path` and `title` are content.
package struct DocumentRecord: Sendable, Equatable {
    package let id: DocumentID
    package let collection: CollectionID
    package let folder: FolderID?
    package let path: String
    package let title: String?
    package let label: Classification
    /// The document's own rule; what a reader needs is `acl`.
    package let access: ACLConstraint
    package let acl: ACLID
    package let state: DocumentState
    package let reason: IngestFailure?
    /// Nil until the first version is ready: nothing of a document is visible before.
    package let currentVersion: VersionID?
    package let bytes: Int
    package let chunks: Int
    package let created: Timestamp
    package let updated: Timestamp
    /// The source that brought it and alone changes it; nil for what people uploaded.
    package var source: SourceID?
    /// The rules that its source states, on top of all others.
    package var imposed: [ACLConstraint] = []
    /// What they become when the newest bytes are shown; until then those of the bytes before hold as well.
    package var pending: [ACLConstraint]?
    /// Where people open it in the system that it comes from. Content.
    package var origin: String?
}

/// What the newest upload of a document is up to. An older version stays current until a new one is ready.
package enum DocumentState: String, Sendable, Codable, CaseIterable {
    case queued, processing, ready, failed
    /// Was read, waits until a person has looked at it. Nothing of the upload can be found.
    case quarantined
}

/// One upload of a document.
struct VersionRecord: Sendable {
    let id: VersionID
    let document: DocumentID
    let number: Int
    let state: DocumentState
    let format: DocumentFormat
    let original: BlobAddress
    let contentIndex: [UInt8]
    let job: JobID?
    let parser: String?
    let textHash: [UInt8]?
    /// What a person decided about it; nil when nobody was asked.
    var review: ReviewDecision?
    /// How it was cut; nil for a version of before that was kept.
    var chunker: String?
    /// The version whose original this is, when this one is another reading of its bytes.
    var originalOf: VersionID?
}

/// The normalised text of a version and where it came from.
package struct DocumentText: Sendable {
    package let document: DocumentRecord
    package let version: VersionID
    package let text: [UInt8]
    package let layout: DocumentLayout
    package let parser: String
    package let notes: [ParseNote]
    /// SHA-256 of `text`.
    package let hash: [UInt8]
    package let chunks: [Chunk]
}

extension Array where Element == ACLConstraint {
    /// Stored form, as of one constraint.
    var stored: String? {
        get throws { isEmpty ? nil : Swift.String(decoding: try StoredJSON.encode(self) as [UInt8], as: UTF8.self) }
    }

    init(stored: String?) throws {
        self = try stored.map { try StoredJSON.decode([ACLConstraint].self, from: [UInt8]($0.utf8)) } ?? []
    }
}

extension ACLConstraint {
    /// Stored form: identifiers only, so it is structure, not content.
    var stored: String { get throws { String(decoding: try StoredJSON.encode(self), as: UTF8.self) } }

    init(stored: String) throws {
        self = try StoredJSON.decode(ACLConstraint.self, from: Array(stored.utf8))
    }
}
