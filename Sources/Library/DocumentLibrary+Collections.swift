import Access
import AuditTrail
import Keyring
import Kit
import Search
import Storage

/// A collection with the number of its documents that this reader may see.
package struct CollectionSummary: Sendable {
    package let record: CollectionRecord
    package let documents: Int
    package let chunker: Chunker
}

extension DocumentLibrary {
    static let nameBytesMax = 200

    /// Without a rule only the creator may read: access is given, never assumed.
    package func createCollection(
        named name: String, label: Classification, access: ACLConstraint?, quarantine: QuarantineRule = .off,
        chunking: Chunker? = nil, by principal: Principal, request: RequestID?
    ) async throws -> CollectionRecord {
        try checkName(name)
        if let problem = chunking?.problem { throw LibraryFailure.badChunking(problem) }
        guard label <= principal.clearance else { throw LibraryFailure.labelAboveClearance }
        let rule = access ?? ACLConstraint(allow: [.subject(principal.subject)])
        let record = CollectionRecord(
            id: parts.randomness.identifier(), name: name, label: label, access: rule, quarantine: quarantine,
            chunking: chunking)
        try parts.keyring.createKey(.collection(principal.tenant, record.id))
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            guard try collections.collection(named: name, for: principal, in: tx) == nil else {
                throw LibraryFailure.nameTaken
            }
            try collections.insert(record, for: principal, at: parts.clock.now(), in: tx)
            try log("collections.create", record.id.description, principal, request, label, in: tx)
        }
        return record
    }

    package func collections(for principal: Principal) async throws -> [CollectionSummary] {
        try await parts.database.read { [self] connection in
            try collections.collections(for: principal, in: connection)
                .filter { isVisible($0, to: principal) }
                .map { try summary($0, for: principal, in: connection) }
        }
    }

    package func collection(_ id: CollectionID, for principal: Principal) async throws -> CollectionSummary {
        try await parts.database.read { [self] connection in
            let record = try visibleCollection(id, to: principal, in: connection)
            return try summary(record, for: principal, in: connection)
        }
    }

    /// Throws `notFound` for what `principal` may not see.
    package func checkVisible(_ id: CollectionID, to principal: Principal) async throws {
        _ = try await parts.database.read { [self] in try visibleCollection(id, to: principal, in: $0) }
    }

    /// The collection of that name, for a person who types names. Nil when there is none that `principal` may see.
    package func collection(named name: String, for principal: Principal) async throws -> CollectionRecord? {
        try await parts.database.read { [self] connection in
            try collections.collection(named: name, for: principal, in: connection)
                .flatMap { isVisible($0, to: principal) ? $0 : nil }
        }
    }

    /// Refuses while documents are left, seen or not: their deletion is an act of its own, with proof.
    package func deleteCollection(_ id: CollectionID, by principal: Principal, request: RequestID?) async throws {
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            let record = try visibleCollection(id, to: principal, in: tx)
            guard try documents.acls(of: id, for: principal, in: tx).isEmpty else {
                throw LibraryFailure.collectionNotEmpty
            }
            do {
                try collections.delete(id, for: principal, in: tx)
            } catch StorageFailure.constraint {
                throw LibraryFailure.collectionFed
            }
            try log("collections.delete", id.description, principal, request, record.label, in: tx)
        }
        try parts.keyring.destroyKey(.collection(principal.tenant, id))
    }

    /// Access rules in use in a collection that admit `principal`.
    func visibleACLs(
        of collection: CollectionID, to principal: Principal, in connection: any SQLConnection
    ) throws -> [ACLID: Int] {
        try documents.acls(of: collection, for: principal, in: connection).filter {
            try parts.index.acl($0.key, tenant: principal.tenant, in: connection)?.admits(principal) ?? false
        }
    }

    private func summary(
        _ record: CollectionRecord, for principal: Principal, in connection: any SQLConnection
    ) throws -> CollectionSummary {
        let documents = try visibleACLs(of: record.id, to: principal, in: connection).values.reduce(0, +)
        return CollectionSummary(record: record, documents: documents, chunker: chunker(of: record))
    }

    private func checkName(_ name: String) throws {
        let isClean = !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard !name.isEmpty, name.utf8.count <= Self.nameBytesMax, isClean else { throw LibraryFailure.badName }
    }

    func log(
        _ action: String, _ resource: String, _ principal: Principal, _ request: RequestID?,
        _ label: Classification? = nil, facts: [String: String] = [:], in tx: any Transaction
    ) throws {
        let entry = AuditEntry(
            action: action, subject: principal.subject, resource: resource, outcome: .allowed, request: request,
            classification: label, facts: facts)
        try parts.audit.append(entry, in: tx)
    }
}
