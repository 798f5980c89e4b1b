import Access
import Kit
import Search
import Storage

/// One upload of a document, as its readers see it.
package struct VersionSummary: Sendable {
    package let id: VersionID
    package let number: Int
    package let state: DocumentState
    package let mediaType: String
    package let parser: String?
    package let created: Timestamp
    /// The one that is shown and searched.
    package let isCurrent: Bool
}

extension DocumentLibrary {
    /// Newest first.
    package func versions(of id: DocumentID, for principal: Principal) async throws -> [VersionSummary] {
        try await parts.database.read { [self] connection in
            let document = try visibleDocument(id, to: principal, in: connection)
            return try versions.all(of: document, for: principal, in: connection)
        }
    }

    package func filing(of id: DocumentID, for principal: Principal) async throws -> DocumentFiling {
        try await parts.database.read { [self] connection in
            try filings.filing(of: visibleDocument(id, to: principal, in: connection), for: principal, in: connection)
        }
    }

    /// Holds for the next search. Throws `badFiling`, also for a superseding document that the writer does not see.
    package func file(
        _ id: DocumentID, as filing: DocumentFiling, by principal: Principal, request: RequestID?
    ) async throws {
        let filing = try filing.checked()
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            let document = try visibleDocument(id, to: principal, in: tx)
            if let next = filing.supersededBy {
                let found = try? visibleDocument(next, to: principal, in: tx)
                guard let found, found.collection == document.collection, found.id != id else {
                    throw LibraryFailure.badFiling("What supersedes it is another document of the same collection.")
                }
            }
            try filings.set(filing, of: document, for: principal, in: tx)
            let facts = ["tags": "\(filing.tags.count)", "superseded": "\(filing.supersededBy != nil)"]
            try log("documents.file", id.description, principal, request, document.label, facts: facts, in: tx)
        }
    }

    /// Another label; who may read the document changes with the commit (XCC-4). Nobody labels above their clearance.
    package func relabel(
        _ id: DocumentID, to label: Classification, by principal: Principal, request: RequestID?
    ) async throws {
        guard label <= principal.clearance else { throw LibraryFailure.labelAboveClearance }
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            let document = try visibleDocument(id, to: principal, in: tx)
            guard document.source == nil else { throw LibraryFailure.belongsToSource }
            try documents.setLabel(label, of: id, for: principal, in: tx)
            guard let changed = try documents.document(id, for: principal, in: tx) else {
                throw LibraryFailure.notFound
            }
            try reassign([changed], by: principal, in: tx)
            let facts = ["from": document.label.rawValue, "to": label.rawValue]
            try log("documents.relabel", id.description, principal, request, label, facts: facts, in: tx)
        }
    }

    /// Which documents a search looks at, by what they are filed under. What no longer holds is left out, unless it is
    /// so because of a document that this reader does not see: that such a document exists is nobody's business.
    func selection(
        _ filter: DocumentFilter, in collections: Set<CollectionID>?, for principal: Principal,
        in connection: any SQLConnection
    ) throws -> DocumentSelection? {
        let outdated =
            filter.includesOutdated
            ? [] : try self.outdated(at: filter.effectiveOn ?? parts.clock.now(), principal, connection)
        guard filter.isSelective else { return outdated.isEmpty ? nil : .except(outdated) }
        var folders: [FolderID]?
        if let folder = filter.folder { folders = try subtree(folder, collections, principal, connection) }
        let checked = try DocumentFiling.checked(filter.tags)
        var filter = filter
        filter.tags = checked
        let selected = try filings.documents(filter, folders: folders, for: principal, in: connection)
        return .only(selected.subtracting(outdated))
    }

    private func outdated(
        at time: Timestamp, _ principal: Principal, _ connection: any SQLConnection
    ) throws -> Set<DocumentID> {
        let all = try filings.outdated(at: time, for: principal, in: connection)
        let successors = Array(Set(all.compactMap(\.supersededBy)))
        let seen = Set(
            try visible(successors, to: principal, in: connection).filter { $0.currentVersion != nil }.map(\.id))
        return Set(all.filter { $0.supersededBy.map(seen.contains) ?? true }.map(\.document))
    }

    private func subtree(
        _ path: DocumentPath, _ wanted: Set<CollectionID>?, _ principal: Principal, _ connection: any SQLConnection
    ) throws -> [FolderID] {
        let ids = try wanted.map(Array.init) ?? collections.collections(for: principal, in: connection).map(\.id)
        return try ids.flatMap { id -> [FolderID] in
            guard let folder = try folders.folder(path.text, in: id, for: principal, in: connection) else { return [] }
            return try folders.subtree(of: folder.id, for: principal, in: connection)
        }
    }
}
