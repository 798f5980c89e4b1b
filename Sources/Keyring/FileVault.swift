import Storage

/// The wrapped keys of one node, in `keys.sqlite`.
final class FileVault: KeyVault {
    private(set) var root: RootKeys
    private let directory: KeysDirectory
    private let file: SQLiteFile

    /// Opens or makes the file, and checks that it is of this root key. Throws `wrongRootKey`, `unsafeEngine`.
    init(directory path: String, root: RootKeys) throws {
        self.root = root
        directory = try KeysDirectory(path, lock: .alone)
        try PrivateFile.createEmpty(at: directory.keysFile)
        file = try SQLiteFile.open(
            path: directory.keysFile, schemas: [KeyringMigrations.fileSchema], keepsJournal: true)
        try file.write { connection in
            let rows = FileRowsStore(connection: connection)
            guard try rows.isSafe() else { throw KeyringFailure.unsafeEngine }
            guard let check = try rows.rootCheck() else { return try rows.insertRootCheck(root.check) }
            guard check == root.check else { throw KeyringFailure.wrongRootKey }
        }
        // A crash may have come between a destruction and the scrubbing of its journal.
        try directory.scrubJournal()
    }

    func read<Value>(_ body: (KeyringStore) throws -> Value) throws -> Value {
        try file.read { try body(try store(on: $0)) }
    }

    func add<Value>(_ body: (KeyringStore) throws -> Value) throws -> Value {
        try file.write { try body(try store(on: $0)) }
    }

    func change<Value>(_ body: (KeyringStore) throws -> Value) throws -> Value {
        let value = try add(body)
        try directory.scrubJournal()
        return value
    }

    func adopt(_ root: RootKeys) { self.root = root }

    /// The check also stops a keyring whose root key was replaced by a call that failed after its commit.
    private func store(on connection: any SQLConnection) throws -> KeyringStore {
        let rows = FileRowsStore(connection: connection)
        guard try rows.rootCheck() == root.check else { throw KeyringFailure.wrongRootKey }
        return KeyringStore(connection: connection, rows: rows)
    }
}
