import Access
import Kit
import Storage

/// Rows of `folders`: the path of each and the access rule that its documents inherit.
struct FolderStore: Sendable {
    let sealer: any Sealer

    struct Folder: Sendable {
        let id: FolderID
        let parent: FolderID?
        let access: ACLConstraint
    }

    /// The innermost folder of `paths` (outermost first), making those that are missing.
    func ensure(
        _ paths: [String], in collection: CollectionID, for principal: Principal, ids: Randomness,
        in tx: any Transaction
    ) throws -> FolderID? {
        try paths.reduce(nil as FolderID?) { parent, path in
            if let known = try folder(path, in: collection, for: principal, in: tx) { return known.id }
            let id: FolderID = ids.identifier()
            try insert(id, path, parent: parent, in: collection, for: principal, in: tx)
            return id
        }
    }

    func folder(
        _ path: String, in collection: CollectionID, for principal: Principal, in connection: any SQLConnection
    ) throws -> Folder? {
        let index = try pathIndex(path, collection, principal.tenant)
        return try connection.row(
            """
            SELECT folder, parent, access FROM folders
            WHERE tenant = \(principal.tenant) AND collection = \(collection) AND path_index = \(index)
            """
        ).map(record)
    }

    /// `id` and its ancestors, innermost first.
    func chain(from id: FolderID?, for principal: Principal, in connection: any SQLConnection) throws -> [Folder] {
        var found: [Folder] = []
        var next = id
        while let id = next, found.count < DocumentPath.depthMax {
            let row = try connection.row(
                "SELECT folder, parent, access FROM folders WHERE tenant = \(principal.tenant) AND folder = \(id)")
            guard let row else { break }
            let folder = try record(row)
            found.append(folder)
            next = folder.parent
        }
        return found
    }

    /// `id` and every folder below it.
    func subtree(of id: FolderID, for principal: Principal, in connection: any SQLConnection) throws -> [FolderID] {
        try connection.rows(
            """
            WITH RECURSIVE below (folder) AS (
                SELECT folder FROM folders WHERE tenant = \(principal.tenant) AND folder = \(id)
                UNION SELECT f.folder FROM folders f JOIN below b ON f.parent = b.folder)
            SELECT folder FROM below
            """
        ).map { try $0["folder"] }
    }

    func setAccess(_ access: ACLConstraint, of id: FolderID, for principal: Principal, in tx: any Transaction) throws {
        try tx.execute(
            "UPDATE folders SET access = \(access.stored) WHERE tenant = \(principal.tenant) AND folder = \(id)")
    }

    private func insert(
        _ id: FolderID, _ path: String, parent: FolderID?, in collection: CollectionID, for principal: Principal,
        in tx: any Transaction
    ) throws {
        let context = SealContext(table: "folders", column: "path", row: id.description)
        let sealed = try sealer.seal(path, under: .collection(principal.tenant, collection), context: context)
        let index = try pathIndex(path, collection, principal.tenant)
        try tx.execute(
            """
            INSERT INTO folders (tenant, folder, collection, parent, path, path_index, access)
            VALUES (\(principal.tenant), \(id), \(collection), \(parent), \(sealed), \(index),
                \(ACLConstraint().stored))
            """)
    }

    private func record(_ row: SQLRow) throws -> Folder {
        let access: String = try row["access"]
        return Folder(id: try row["folder"], parent: try row["parent"], access: try ACLConstraint(stored: access))
    }

    private func pathIndex(_ path: String, _ collection: CollectionID, _ tenant: TenantID) throws -> [UInt8] {
        try sealer.blindIndex(collection.bytes + Array(path.utf8), tenant: tenant, purpose: "folders.path")
    }
}
