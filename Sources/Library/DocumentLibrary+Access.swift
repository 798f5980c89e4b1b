import Access
import Kit
import Search
import Storage

extension DocumentLibrary {
    /// Sets a collection's rule. Every document below gets its new access rule in the same transaction, and the next
    /// query of every node obeys it.
    package func setAccess(
        _ access: ACLConstraint, ofCollection id: CollectionID, by principal: Principal, request: RequestID?
    ) async throws {
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            _ = try visibleCollection(id, to: principal, in: tx)
            try collections.setAccess(access, of: id, for: principal, in: tx)
            let below = try documents.inheriting(from: id, folders: nil, for: principal, in: tx)
            try reassign(below, by: principal, in: tx)
            try log("collections.access", id.description, principal, request, in: tx)
        }
    }

    /// Sets a folder's rule; the folder is made when it is not there yet, so that a rule can come before its content.
    package func setAccess(
        _ access: ACLConstraint, ofFolder path: DocumentPath, in collection: CollectionID, by principal: Principal,
        request: RequestID?
    ) async throws {
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            _ = try visibleCollection(collection, to: principal, in: tx)
            let all = path.folders + [path.text]
            guard let folder = try folders.ensure(all, in: collection, for: principal, ids: parts.randomness, in: tx)
            else { throw LibraryFailure.notFound }
            try folders.setAccess(access, of: folder, for: principal, in: tx)
            let subtree = try folders.subtree(of: folder, for: principal, in: tx)
            let below = try documents.inheriting(from: collection, folders: subtree, for: principal, in: tx)
            try reassign(below, by: principal, in: tx)
            try log("folders.access", folder.description, principal, request, in: tx)
        }
    }

    package func setAccess(
        _ access: ACLConstraint, ofDocument id: DocumentID, by principal: Principal, request: RequestID?
    ) async throws {
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            let document = try visibleDocument(id, to: principal, in: tx)
            try documents.setAccess(access, of: id, for: principal, in: tx)
            guard let changed = try documents.document(id, for: principal, in: tx) else {
                throw LibraryFailure.notFound
            }
            try reassign([changed], by: principal, in: tx)
            try log("documents.access", id.description, principal, request, document.label, in: tx)
        }
    }

    /// Another place in the same collection; the rules of the new folders hold from the commit on.
    package func move(
        _ id: DocumentID, to path: DocumentPath, by principal: Principal, request: RequestID?
    ) async throws {
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            let document = try visibleDocument(id, to: principal, in: tx)
            guard document.source == nil else { throw LibraryFailure.belongsToSource }
            let folder = try folders.ensure(
                path.folders, in: document.collection, for: principal, ids: parts.randomness, in: tx)
            try documents.move(document, to: path.text, folder: folder, for: principal, in: tx)
            guard let moved = try documents.document(id, for: principal, in: tx) else { throw LibraryFailure.notFound }
            try reassign([moved], by: principal, in: tx)
            try log("documents.move", id.description, principal, request, document.label, in: tx)
        }
    }

    /// Recomputes the access rule of each document, in rows and in the index, and tells open streams.
    func reassign(_ records: [DocumentRecord], by principal: Principal, in tx: any Transaction) throws {
        var changed: [EffectiveACL: [DocumentID]] = [:]
        for record in records {
            let acl = try effectiveACL(of: record, for: principal, in: tx)
            if acl.id != record.acl { changed[acl, default: []].append(record.id) }
        }
        for (acl, ids) in changed.sorted(by: { $0.key.id < $1.key.id }) {
            let id = try parts.index.defineACL(acl, in: tx)
            try documents.setACL(id, of: ids, for: principal, in: tx)
            try parts.index.assign(id, to: ids, in: tx)
        }
        if !changed.isEmpty { tx.publish(.revoked(Revocation(tenant: principal.tenant, reach: .tenant))) }
    }
}
