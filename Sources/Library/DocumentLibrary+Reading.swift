import Access
import Documents
import Kit
import Search
import Storage

/// A passage that a reader may see, with what is needed to cite it.
package struct Passage: Sendable {
    package let hit: SearchHit
    package let document: DocumentRecord
    package let headings: [String]
    /// The chunk's text.
    package let text: [UInt8]
    /// The whole normalised text, for the words around a quote.
    package let source: DocumentText
    /// Other documents of the reader with a passage that says nearly the same, the best first.
    package var alsoIn: [DocumentID] = []
}

/// Why one subject may or may not see one document.
package struct AccessExplanation: Sendable {
    package let subject: SubjectID
    package let isGranted: Bool
    /// Identifiers only.
    package let rule: String
}

extension DocumentLibrary {
    package func document(_ id: DocumentID, for principal: Principal) async throws -> DocumentRecord {
        try await parts.database.read { [self] in try visibleDocument(id, to: principal, in: $0) }
    }

    /// Only documents this reader may see; the count of the rest is not told.
    package func documents(
        of collection: CollectionID, _ request: PageRequest, for principal: Principal
    ) async throws -> Page<DocumentRecord> {
        try await parts.database.read { [self] connection in
            _ = try visibleCollection(collection, to: principal, in: connection)
            let acls = try visibleACLs(of: collection, to: principal, in: connection).keys.sorted()
            return try documents.page(of: collection, acls: acls, request, for: principal, in: connection)
        }
    }

    /// How far the documents that this reader may see are.
    package func progress(
        of collection: CollectionID, for principal: Principal
    ) async throws -> [DocumentState: Int] {
        try await parts.database.read { [self] connection in
            _ = try visibleCollection(collection, to: principal, in: connection)
            let acls = try visibleACLs(of: collection, to: principal, in: connection).keys.sorted()
            return try documents.states(of: collection, acls: acls, for: principal, in: connection)
        }
    }

    /// The text of the current version, or of an earlier one.
    package func text(
        of id: DocumentID, version: VersionID? = nil, for principal: Principal
    ) async throws -> DocumentText {
        let found = try await parts.database.read { [self] in try visibleDocument(id, to: principal, in: $0) }
        guard !(await confirmed([found], for: principal)).isEmpty else { throw LibraryFailure.notFound }
        return try await parts.database.read { [self] connection in
            let document = try visibleDocument(id, to: principal, in: connection)
            // The rules of a source are those of what it holds now.
            if document.source != nil, let version, let shown = document.currentVersion, version != shown,
                try !versions.haveSameContent(version, shown, for: principal, in: connection)
            {
                throw LibraryFailure.notFound
            }
            guard let wanted = version ?? document.currentVersion,
                let text = try versions.text(of: wanted, in: document, for: principal, in: connection)
            else { throw LibraryFailure.notFound }
            return text
        }
    }

    /// The boxes of the words of a version on its pages; empty for a file without pages.
    package func words(
        of id: DocumentID, version: VersionID? = nil, for principal: Principal
    ) async throws -> [DocumentLayout.Word] {
        let text = try await text(of: id, version: version, for: principal)
        return try await parts.database.read { [versions] in try versions.words(of: text, for: principal, in: $0) }
    }

    /// Search, then every hit once more against the rules themselves: what the index found but the rules refuse is
    /// left out (fail closed), with whatever was replaced meanwhile. What says nearly the same as a better passage is
    /// folded into it, and the next ones take its place.
    package func passages(
        _ query: SearchQuery, _ filter: DocumentFilter = DocumentFilter(), for principal: Principal
    ) async throws -> (ChangeSequence, [Passage]) {
        let (result, passages) = try await search(query, filter, for: principal)
        return (result.sequence, passages)
    }

    /// The passages, and what the index says of the search itself.
    package func search(
        _ query: SearchQuery, _ filter: DocumentFilter = DocumentFilter(), for principal: Principal
    ) async throws -> (SearchResult, [Passage]) {
        var (query, wanted) = (query, query.limit)
        query.documents = try await parts.database.read { [self, collections = query.collections] in
            try selection(filter, in: collections, for: principal, in: $0)
        }
        while true {
            let (result, passages) = try await readable(query, for: principal)
            let kept = PassageFold.fold(passages)
            let isWhole = kept.count == passages.count || kept.count >= wanted || result.hits.count < query.limit
            guard !isWhole, let wider = PassageFold.widths.first(where: { $0 > query.limit }) else {
                return (result, Array(kept.prefix(wanted)))
            }
            query.limit = wider
        }
    }

    /// The hits as the rules themselves and the sources let them through.
    private func readable(
        _ query: SearchQuery, for principal: Principal
    ) async throws -> (SearchResult, [Passage]) {
        let result = try await parts.index.search(query, for: principal)
        let found = try await parts.database.read { [self] connection in
            try visible(Array(Set(result.hits.map(\.document))), to: principal, in: connection)
        }
        let confirmed = await confirmed(found, for: principal).map(\.id)
        let passages = try await parts.database.read { [self] connection in
            var texts: [DocumentID: DocumentText] = [:]
            for document in try visible(confirmed, to: principal, in: connection) {
                guard let version = document.currentVersion else { continue }
                texts[document.id] = try versions.text(of: version, in: document, for: principal, in: connection)
            }
            return result.hits.compactMap { hit in texts[hit.document].flatMap { passage(of: hit, in: $0) } }
        }
        return (result, passages)
    }

    private func passage(of hit: SearchHit, in source: DocumentText) -> Passage? {
        guard source.version == hit.version, hit.end <= source.text.count else { return nil }
        let chunk = source.chunks.first { $0.ordinal == hit.chunk }
        return Passage(
            hit: hit, document: source.document, headings: chunk?.headings ?? [],
            text: Array(source.text[hit.start..<hit.end]), source: source)
    }

    /// "Why can X see this?", asked by somebody who sees it.
    package func explainAccess(
        to id: DocumentID, of subject: Principal, for principal: Principal
    ) async throws -> AccessExplanation {
        try await parts.database.read { [self] connection in
            let document = try visibleDocument(id, to: principal, in: connection)
            let decision = try effectiveACL(of: document, for: principal, in: connection).decision(for: subject)
            return AccessExplanation(subject: subject.subject, isGranted: decision.isGranted, rule: decision.text)
        }
    }
}
