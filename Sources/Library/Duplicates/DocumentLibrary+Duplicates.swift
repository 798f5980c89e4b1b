import Access
import Kit
import Search
import Storage

/// The duplicates among the documents of a collection that one reader may see.
package struct DuplicateReport: Sendable {
    package let groups: [[DuplicateDocument]]
    /// Documents that were compared.
    package let compared: Int
    /// False when a bound left documents out.
    package let isComplete: Bool
}

package struct DuplicateDocument: Sendable {
    package let document: DocumentRecord
    /// Estimated Jaccard similarity with the first document of the group, 0 ... 1.
    package let similarity: Double
    /// Another document of the group has the same bytes.
    package let isExact: Bool
}

extension DocumentLibrary {
    /// The newest ones are compared, and as many of what is found is shown, the largest groups first.
    static let duplicatesComparedMax = 20_000
    static let duplicatesShownMax = 1_000

    /// Computed from the sketches of what `principal` may see and from nothing else: a twin that is hidden leaves no
    /// trace in groups, counts and similarities.
    package func duplicates(of collection: CollectionID, for principal: Principal) async throws -> DuplicateReport {
        let sketched = try await parts.database.read { [self] connection in
            _ = try visibleCollection(collection, to: principal, in: connection)
            let acls = try visibleACLs(of: collection, to: principal, in: connection).keys.sorted()
            return try SketchStore(sealer: parts.keyring).newest(
                of: collection, acls: acls, limit: Self.duplicatesComparedMax + 1, for: principal, in: connection)
        }
        let compared = Array(sketched.prefix(Self.duplicatesComparedMax))
        let (found, isCut) = Self.shown(DuplicateGroups.find(among: compared))
        let readable = try await readable(found.flatMap { $0.map(\.document) }, for: principal)
        // What a source or a change of this moment took from the reader takes no part: not even as a link of others.
        let groups = DuplicateGroups.find(among: compared.filter { readable[$0.document] != nil })
        return DuplicateReport(
            groups: groups.map { group in
                group.compactMap { member in
                    readable[member.document].map {
                        DuplicateDocument(
                            document: $0, similarity: member.resemblance, isExact: member.isExact)
                    }
                }
            }, compared: compared.count, isComplete: !isCut && compared.count == sketched.count)
    }

    /// The first groups, together at most `duplicatesShownMax` documents, and whether any were left out.
    private static func shown(_ groups: [[DuplicateGroups.Member]]) -> ([[DuplicateGroups.Member]], Bool) {
        var room = duplicatesShownMax
        let shown = groups.map { group in
            let part = Array(group.prefix(room))
            room -= part.count
            return part
        }
        return (shown, shown.map(\.count) != groups.map(\.count))
    }

    private func readable(
        _ ids: [DocumentID], for principal: Principal
    ) async throws -> [DocumentID: DocumentRecord] {
        let found = try await parts.database.read { [self] in try visible(ids, to: principal, in: $0) }
        let confirmed = await confirmed(found, for: principal)
        return Dictionary(confirmed.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
