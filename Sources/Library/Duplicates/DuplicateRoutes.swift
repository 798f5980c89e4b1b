import HTTPKit
import Kit

extension LibraryRoutes {
    func getDuplicates(_ exchange: Exchange) async throws -> Reply {
        let id: CollectionID = try exchange.identifier("collection")
        return try .json(DuplicatesBody(try await library.duplicates(of: id, for: exchange.principal())))
    }
}

struct DuplicatesBody: Codable, Sendable {
    /// The largest first.
    let groups: [GroupBody]
    /// How many documents you may see were compared.
    let compared: Int
    /// False when there are more than are compared or shown at once.
    let complete: Bool

    struct GroupBody: Codable, Sendable {
        /// The oldest first.
        let documents: [MemberBody]
    }

    struct MemberBody: Codable, Sendable {
        let document: DocumentID
        let path: String
        let title: String
        /// With the first document of the group, 0 to 1, estimated.
        let similarity: Double
        /// Whether another document of the group has the same bytes.
        let exact: Bool

        init(_ member: DuplicateDocument) {
            document = member.document.id
            path = member.document.path
            title = member.document.title ?? member.document.path
            similarity = member.similarity
            exact = member.isExact
        }
    }

    init(_ report: DuplicateReport) {
        groups = report.groups.map { GroupBody(documents: $0.map(MemberBody.init)) }
        compared = report.compared
        complete = report.isComplete
    }
}
