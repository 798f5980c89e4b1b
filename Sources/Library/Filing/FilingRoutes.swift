import HTTPKit
import HTTPTypes
import Kit
import Search

/// How documents are filed, over HTTP: versions, tags, dates, labels.
struct FilingRoutes: Sendable {
    let library: DocumentLibrary

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/documents/{document}/versions", .requires(.documentsRead), "Its versions, newest first.",
                gives: .of(ListBody<VersionBody>.self), handler: versions),
            Route(
                .get, "/api/v1/documents/{document}/filing", .requires(.documentsRead), "Its tags and dates.",
                gives: .of(FilingBody.self), handler: filing),
            Route(
                .put, "/api/v1/documents/{document}/filing", .requires(.documentsWrite), "Set its tags and dates.",
                takes: .of(FilingBody.self), handler: file),
            Route(
                .put, "/api/v1/documents/{document}/label", .requires(.documentsWrite), "Set its label.",
                takes: .of(LabelBody.self), handler: relabel),
        ]
    }

    private func versions(_ exchange: Exchange) async throws -> Reply {
        let found = try await library.versions(of: exchange.identifier("document"), for: exchange.principal())
        return try .json(ListBody(items: found.map(VersionBody.init)))
    }

    private func filing(_ exchange: Exchange) async throws -> Reply {
        try .json(
            FilingBody(try await library.filing(of: exchange.identifier("document"), for: exchange.principal())))
    }

    private func file(_ exchange: Exchange) async throws -> Reply {
        let filing = try exchange.decode(FilingBody.self).filing()
        try await library.file(
            exchange.identifier("document"), as: filing, by: exchange.principal(), request: exchange.id)
        return Reply(.noContent)
    }

    private func relabel(_ exchange: Exchange) async throws -> Reply {
        let label = try exchange.decode(LabelBody.self).label
        try await library.relabel(
            exchange.identifier("document"), to: label, by: exchange.principal(), request: exchange.id)
        return Reply(.noContent)
    }
}

struct LabelBody: Codable, Sendable {
    let label: Classification
}

struct VersionBody: Codable, Sendable {
    let id: VersionID
    let number: Int
    let state: DocumentState
    let type: String
    let parser: String?
    let created: String
    let current: Bool

    init(_ version: VersionSummary) {
        id = version.id
        number = version.number
        state = version.state
        type = version.mediaType
        parser = version.parser
        created = version.created.text
        current = version.isCurrent
    }
}

/// Dates are `2026-11-21` (from midnight UTC) or RFC 3339 with Z.
struct FilingBody: Codable, Sendable {
    let tags: [String]
    let effectiveFrom: String?
    let effectiveUntil: String?
    let supersededBy: DocumentID?

    init(_ filing: DocumentFiling) {
        tags = filing.tags.sorted()
        effectiveFrom = filing.effectiveFrom?.text
        effectiveUntil = filing.effectiveUntil?.text
        supersededBy = filing.supersededBy
    }

    func filing() throws -> DocumentFiling {
        DocumentFiling(
            tags: Set(tags), effectiveFrom: try effectiveFrom.map { try Self.time($0, "effectiveFrom") },
            effectiveUntil: try effectiveUntil.map { try Self.time($0, "effectiveUntil") }, supersededBy: supersededBy)
    }

    static func time(_ text: String, _ field: String) throws -> Timestamp {
        guard let time = Timestamp(text) else {
            throw Problem.invalid(field, "A date such as 2026-11-21, or a time such as 2026-11-21T08:00:00Z.")
        }
        return time
    }
}

/// What a search is cut down to.
struct FilterBody: Codable, Sendable {
    /// All of them.
    let tags: [String]?
    /// Any of them.
    let labels: [Classification]?
    let sources: [SourceID]?
    /// Below this folder.
    let folder: String?
    let updatedSince: String?
    let updatedBefore: String?
    /// What held on this day; today when absent.
    let effectiveOn: String?
    /// True finds also what no longer holds, not yet, or was said anew.
    let outdated: Bool?

    func filter() throws -> DocumentFilter {
        var filter = DocumentFilter()
        filter.tags = Set(tags ?? [])
        filter.labels = labels.map(Set.init)
        filter.sources = sources.map(Set.init)
        filter.folder = try folder.map { try DocumentPath($0) }
        filter.updatedSince = try updatedSince.map { try FilingBody.time($0, "filter.updatedSince") }
        filter.updatedBefore = try updatedBefore.map { try FilingBody.time($0, "filter.updatedBefore") }
        filter.effectiveOn = try effectiveOn.map { try FilingBody.time($0, "filter.effectiveOn") }
        filter.includesOutdated = outdated ?? false
        return filter
    }
}
