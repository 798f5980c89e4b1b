import Access
import Kit
import Search
import Storage

/// By which rule a reader sees a document. Identifiers only.
package struct AccessGrant: Codable, Hashable, Sendable {
    package let rule: String
    package let acl: ACLID
    /// Grows by one with every change of the document's rules.
    package let version: Int
}

extension DocumentLibrary {
    /// The rule that lets this reader see the document now. Throws `notFound` when none does.
    package func grant(of id: DocumentID, for principal: Principal) async throws -> AccessGrant {
        try await parts.database.read { [self] connection in
            let document = try visibleDocument(id, to: principal, in: connection)
            let decision = try effectiveACL(of: document, for: principal, in: connection).decision(for: principal)
            return AccessGrant(
                rule: decision.text, acl: document.acl,
                version: try documents.aclVersion(of: id, for: principal, in: connection))
        }
    }

    /// What a source brought and this reader may see.
    package func documents(ofSource source: SourceID, for principal: Principal) async throws -> Set<DocumentID> {
        let found = try await parts.database.read { [self] connection in
            let acls = try documents.acls(ofSource: source, for: principal, in: connection).keys.filter {
                try parts.index.acl($0, tenant: principal.tenant, in: connection)?.admits(principal) ?? false
            }
            let found = try documents.documents(ofSource: source, acls: acls, for: principal, in: connection)
            return try visible(found, to: principal, in: connection)
        }
        return Set(await confirmed(found, for: principal).map(\.id))
    }

    /// Whether this reader sees every one of them now.
    package func seesAll(_ ids: [DocumentID], for principal: Principal) async throws -> Bool {
        let found = try await parts.database.read { [self] in try visible(ids, to: principal, in: $0) }
        return await confirmed(found, for: principal).count == Set(ids).count
    }
}
