import Access
import Documents
import Kit

/// JSON of the library's routes. Field names are the API.
struct ListBody<Item: Codable & Sendable>: Codable, Sendable {
    let items: [Item]
}

struct PageOf<Item: Codable & Sendable>: Codable, Sendable {
    let items: [Item]
    let next: String?
}

struct AccessBody: Codable, Sendable {
    let allow: [Grantee]?
    let deny: [Grantee]?

    init(allow: [Grantee]?, deny: [Grantee]?) {
        self.allow = allow
        self.deny = deny
    }

    init(_ constraint: ACLConstraint) {
        allow = constraint.allow?.sorted()
        deny = constraint.deny.sorted()
    }

    var constraint: ACLConstraint { ACLConstraint(allow: allow.map(Set.init), deny: Set(deny ?? [])) }
}

struct CollectionDraft: Codable, Sendable {
    let name: String
    let label: Classification?
    let access: AccessBody?
    let quarantine: QuarantineRule?
    let chunking: ChunkingBody?
}

struct FolderAccessBody: Codable, Sendable {
    let path: String
    let allow: [Grantee]?
    let deny: [Grantee]?
}

struct MoveBody: Codable, Sendable {
    let path: String
}

struct CollectionBody: Codable, Sendable {
    let id: CollectionID
    let name: String
    let label: Classification
    let documents: Int
    let access: AccessBody
    /// Which new content waits for a person's look.
    let quarantine: QuarantineRule
    /// How its documents are cut.
    let chunking: ChunkingBody

    init(_ summary: CollectionSummary) {
        id = summary.record.id
        name = summary.record.name
        label = summary.record.label
        documents = summary.documents
        access = AccessBody(summary.record.access)
        quarantine = summary.record.quarantine
        chunking = ChunkingBody(summary.chunker)
    }
}

struct DocumentBody: Codable, Sendable {
    let id: DocumentID
    let collection: CollectionID
    let path: String
    let title: String
    let state: DocumentState
    let reason: String?
    let advice: String?
    let label: Classification
    let bytes: Int
    let chunks: Int
    let version: VersionID?
    let updated: String
    /// Set when a source brought it, with the address there where it has one.
    let source: SourceID?
    let origin: String?
    /// What a look at its text found; only for a single document.
    let findings: [FindingBody]?

    init(_ record: DocumentRecord) { self.init(record, findings: nil) }

    init(_ record: DocumentRecord, findings: [ScreenFinding]?) {
        id = record.id
        collection = record.collection
        path = record.path
        title = record.title ?? record.path
        state = record.state
        reason = record.reason?.code
        advice = record.reason?.sentence
        label = record.label
        bytes = record.bytes
        chunks = record.chunks
        version = record.currentVersion
        updated = record.updated.text
        source = record.source
        origin = record.origin
        self.findings = findings?.map(FindingBody.init)
    }
}

struct ProgressBody: Codable, Sendable {
    let queued, processing, ready, failed, quarantined: Int

    init(_ states: [DocumentState: Int]) {
        queued = states[.queued] ?? 0
        processing = states[.processing] ?? 0
        ready = states[.ready] ?? 0
        failed = states[.failed] ?? 0
        quarantined = states[.quarantined] ?? 0
    }
}

struct UploadBody: Codable, Sendable {
    let document: DocumentID
    let version: VersionID
    let job: JobID?
    let state: DocumentState
    /// False when the same bytes were there already.
    let new: Bool

    init(_ receipt: UploadReceipt) {
        document = receipt.document
        version = receipt.version
        job = receipt.job
        state = receipt.state
        new = receipt.isNew
    }
}

struct TextBody: Codable, Sendable {
    let document: DocumentID
    let version: VersionID
    let title: String
    let path: String
    let parser: String
    /// SHA-256 of the text, hexadecimal.
    let hash: String
    let text: String
    /// Distinct heading paths in order.
    let headings: [[String]]
    /// In reading order.
    let blocks: [BlockBody]
    /// What its reader noted, such as a guessed character set; in words.
    let notes: [String]

    init(_ source: DocumentText) {
        document = source.document.id
        version = source.version
        title = source.document.title ?? source.document.path
        path = source.document.path
        parser = source.parser
        hash = Hex.encode(source.hash)
        text = String(decoding: source.text, as: UTF8.self)
        headings = source.chunks.map(\.headings).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
        blocks = source.layout.blocks.map(BlockBody.init)
        notes = source.notes.map(\.sentence)
    }
}

/// Offsets are UTF-8 bytes of the text.
struct BlockBody: Codable, Sendable {
    /// `heading`, `paragraph`, `listItem`, `table` or `code`.
    let kind: String
    /// Of a heading, from 1.
    let level: Int?
    let start: Int
    let end: Int
    /// Of a table: how many rows at its top name the columns.
    let headerRows: Int?
    /// Of a table: start and end of each cell, row by row.
    let rows: [[[Int]]]?

    init(_ block: DocumentLayout.Block) {
        level = if case .heading(let level) = block.kind { level } else { nil }
        kind =
            switch block.kind {
            case .heading: "heading"
            case .paragraph: "paragraph"
            case .listItem: "listItem"
            case .table: "table"
            case .code: "code"
            }
        (start, end) = (block.range.lowerBound, block.range.upperBound)
        headerRows = block.table?.headerRows
        rows = block.table?.rows.map { row in row.map { [$0.lowerBound, $0.upperBound] } }
    }
}

struct ExplanationBody: Codable, Sendable {
    let subject: SubjectID
    let granted: Bool
    let rule: String

    init(_ explanation: AccessExplanation) {
        subject = explanation.subject
        granted = explanation.isGranted
        rule = explanation.rule
    }
}
