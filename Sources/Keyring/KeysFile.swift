import Storage

/// Opening `keys.sqlite`.
enum KeysFile {
    /// Opens or makes the file, and checks that it is of this root key. Throws `wrongRootKey`, `unsafeEngine`.
    static func open(in directory: KeysDirectory, root: RootKeys) throws -> SQLiteFile {
        try FilePermissions.createPrivateFile(at: directory.keysFile)
        let file = try SQLiteFile.open(
            path: directory.keysFile, schemas: [KeyringMigrations.schema], keepsJournal: true)
        try file.write { connection in
            let store = KeyringStore(connection: connection)
            guard try store.isSafe() else { throw KeyringFailure.unsafeEngine }
            guard let check = try store.rootCheck() else { return try store.setRootCheck(root.check) }
            guard check == root.check else { throw KeyringFailure.wrongRootKey }
        }
        // A crash may have come between a destruction and the scrubbing of its journal.
        try directory.scrubJournal()
        return file
    }
}
