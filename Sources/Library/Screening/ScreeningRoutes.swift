import Access
import Documents
import HTTPKit
import HTTPTypes
import Kit

extension LibraryRoutes {
    var screeningRoutes: [Route] {
        [
            Route(
                .get, "/api/v1/collections/{collection}/findings", .requires(.documentsRead),
                "What was found in the documents you may see: kinds and counts.",
                gives: .of(FindingsBody.self), handler: getFindings),
            Route(
                .put, "/api/v1/collections/{collection}/settings", .requires(.collectionsManage),
                "Set the label of new documents, which of them wait for a review, and how all are cut.",
                takes: .of(CollectionSettingsBody.self),
                gives: .of(CollectionBody.self), handler: setSettings),
            Route(
                .get, "/api/v1/collections/{collection}/quarantine", .requires(.collectionsManage),
                "The documents that wait for a review and that you may see, oldest first.",
                gives: .of(QuarantineBody.self), handler: getQuarantine),
            Route(
                .get, "/api/v1/documents/{document}/review", .requires(.collectionsManage),
                "The text that waits for a review.", gives: .of(HeldTextBody.self), handler: getHeldText),
            Route(
                .post, "/api/v1/documents/{document}/review", .requires(.collectionsManage),
                "Let a waiting document in, or refuse it.", takes: .of(ReviewBody.self), handler: review),
        ]
    }

    private func getFindings(_ exchange: Exchange) async throws -> Reply {
        let id: CollectionID = try exchange.identifier("collection")
        return try .json(FindingsBody(try await library.findings(of: id, for: exchange.principal())))
    }

    private func setSettings(_ exchange: Exchange) async throws -> Reply {
        let id: CollectionID = try exchange.identifier("collection")
        let principal = try exchange.principal()
        let body = try exchange.decode(CollectionSettingsBody.self)
        try await library.change(id, body.change, by: principal, request: exchange.id)
        return try .json(CollectionBody(try await library.collection(id, for: principal)))
    }

    private func getQuarantine(_ exchange: Exchange) async throws -> Reply {
        let id: CollectionID = try exchange.identifier("collection")
        let (waiting, total) = try await library.quarantine(of: id, for: exchange.principal())
        return try .json(QuarantineBody(total: total, items: waiting.map(WaitingBody.init)))
    }

    private func getHeldText(_ exchange: Exchange) async throws -> Reply {
        let id: DocumentID = try exchange.identifier("document")
        let (waiting, parsed) = try await library.heldText(of: id, for: exchange.principal())
        return try .json(HeldTextBody(waiting, parsed))
    }

    private func review(_ exchange: Exchange) async throws -> Reply {
        let id: DocumentID = try exchange.identifier("document")
        let body = try exchange.decode(ReviewBody.self)
        try await library.review(
            id, body.decision, of: body.version, by: exchange.principal(), request: exchange.id)
        return Reply(.noContent)
    }
}

struct FindingBody: Codable, Sendable {
    let kind: FindingKind
    let count: Int

    init(_ finding: ScreenFinding) {
        kind = finding.kind
        count = finding.count
    }
}

struct ReviewBody: Codable, Sendable {
    let decision: ReviewDecision
    /// What was looked at; when it is no longer what waits, nothing is decided.
    let version: VersionID?
}

struct QuarantineBody: Codable, Sendable {
    /// All that wait and that you may see; `items` holds the oldest 200.
    let total: Int
    let items: [WaitingBody]
}

struct WaitingBody: Codable, Sendable {
    let document: DocumentBody
    /// The version that waits; the document's own is the one its readers see meanwhile.
    let version: VersionID

    init(_ waiting: WaitingDocument) {
        document = DocumentBody(waiting.document, findings: waiting.findings)
        version = waiting.version
    }
}

struct HeldTextBody: Codable, Sendable {
    let document: DocumentID
    let version: VersionID
    let title, path, text: String
    let findings: [FindingBody]
    /// What its reader noted, in words.
    let notes: [String]

    init(_ waiting: WaitingDocument, _ parsed: ParsedDocument) {
        document = waiting.document.id
        version = waiting.version
        title = parsed.title
        path = waiting.document.path
        text = String(decoding: parsed.text, as: UTF8.self)
        findings = waiting.findings.map(FindingBody.init)
        notes = parsed.notes.map(\.sentence)
    }
}

/// Every list is ordered by its key, so that equal findings are equal bytes.
struct FindingsBody: Codable, Sendable {
    struct Kind: Codable, Sendable {
        let kind: FindingKind
        let documents, occurrences: Int
    }

    struct Share: Codable, Sendable {
        let code: String
        /// In words, where the code is not one by itself.
        let words: String?
        let documents: Int
    }

    let documents: Int
    /// False when there are more documents than are looked through at once.
    let complete: Bool
    let unscreened: Int
    let personal, suspicious: [Kind]
    let languages, notes, failures: [Share]

    init(_ summary: FindingsSummary) {
        documents = summary.documents
        complete = summary.isComplete
        unscreened = summary.unscreened
        func kinds(_ family: FindingKind.Family) -> [Kind] {
            FindingKind.allCases.filter { $0.family == family }.compactMap { kind in
                summary.findings[kind].map {
                    Kind(kind: kind, documents: $0.documents, occurrences: $0.occurrences)
                }
            }
        }
        personal = kinds(.personal)
        suspicious = kinds(.suspicious)
        languages = Self.shares(summary.languages) { _ in nil }
        let notes = Dictionary(uniqueKeysWithValues: summary.notes.map { ($0.key.rawValue, $0.value) })
        self.notes = Self.shares(notes) { ParseNote(rawValue: $0)?.sentence }
        failures = Self.shares(summary.failures) { IngestFailure(code: $0)?.sentence }
    }

    private static func shares(_ counts: [String: Int], words: (String) -> String?) -> [Share] {
        counts.sorted { $0.key < $1.key }.map { Share(code: $0.key, words: words($0.key), documents: $0.value) }
    }
}
