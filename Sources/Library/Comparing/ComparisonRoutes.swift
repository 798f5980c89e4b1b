import HTTPKit
import HTTPTypes
import Kit

/// Comparing versions over HTTP.
struct ComparisonRoutes: Sendable {
    let library: DocumentLibrary

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/documents/{document}/versions/{version}/comparison/{earlier}",
                .requires(.documentsRead), "What became of an earlier version in this one, word by word.",
                gives: .of(ComparisonBody.self), handler: compare)
        ]
    }

    private func compare(_ exchange: Exchange) async throws -> Reply {
        let found = try await library.comparison(
            of: exchange.identifier("document"), from: exchange.identifier("earlier"),
            to: exchange.identifier("version"), for: exchange.principal())
        return try .json(ComparisonBody(found))
    }
}

struct ComparisonBody: Codable, Sendable {
    struct Passage: Codable, Sendable {
        let headings: [String]
        /// Lines that are the same and were left out before it.
        let skippedLines: Int
        let parts: [Part]
    }

    struct Part: Codable, Sendable {
        /// `same`, `removed` or `added`.
        let kind: String
        let text: String
    }

    let document: DocumentID
    let title: String
    let earlier: VersionID
    let version: VersionID
    /// The texts are the same.
    let same: Bool
    /// So much changed that it is shown as a whole.
    let coarse: Bool
    /// There are further changes, which are not here.
    let cut: Bool
    let passages: [Passage]

    init(_ found: VersionComparison) {
        document = found.later.document.id
        title = found.later.document.title ?? found.later.document.path
        (earlier, version) = (found.earlier.version, found.later.version)
        same = found.earlier.hash == found.later.hash
        (coarse, cut) = (found.isCoarse, found.isCut)
        passages = found.passages.map { passage in
            Passage(
                headings: passage.headings, skippedLines: passage.skippedLines,
                parts: passage.parts.map { Part(kind: $0.kind.rawValue, text: $0.text) })
        }
    }
}
