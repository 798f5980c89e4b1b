import Kit
import Storage

/// The wrapped keys of all nodes, in the PostgreSQL database that they share, over a session of its own: a key can be
/// made and found inside any transaction of the pool, because neither ever waits for the other's rows.
///
/// Every wrapped key is wrapped once more by an epoch's key, which lies in the keys directory and never in the database
/// (`EpochFiles`). Every call begins with the one row that all nodes agree on: root key, generation, current epoch. A
/// writer locks it, so of two nodes that make the same key the second finds the first one's.
final class SharedVault: KeyVault {
    private(set) var root: RootKeys
    let epochs: EpochFiles
    private let directory: KeysDirectory
    private let database: BlockingPostgres
    private let cache: KeyCache

    /// Opens the keys in the migrated database at `url`, or makes the first epoch. Throws `wrongRootKey`,
    /// `unknownEpoch`, `keysInFile`, `unsafeEngine`.
    init(
        url: Secret, directory path: String, root: RootKeys, cache: KeyCache, randomness: Randomness, at time: Timestamp
    ) throws {
        self.root = root
        self.cache = cache
        directory = try KeysDirectory(path, lock: .shared)
        guard try !directory.names().contains("keys.sqlite") else {
            throw KeyringFailure.keysInFile(path: directory.keysFile)
        }
        epochs = EpochFiles(directory: directory, randomness: randomness)
        database = try BlockingPostgres.open(url: url)
        try found(at: time)
        // A folder that is not the shared one is noticed now, not at the first look for a key.
        _ = try write { _, rows in try epochs.key(of: rows.state.current, under: root) }
    }

    private func found(at time: Timestamp) throws {
        try database.write { connection in
            let store = EpochStore(connection: connection)
            guard try store.isSafe() else { throw KeyringFailure.unsafeEngine }
            guard try !store.lock() else { return }
            let epoch = try epochs.make(under: root)
            if try !store.found(epoch, rootCheck: root.check, at: time) { try epochs.destroy(epoch) }
        }
    }

    func read<Value>(_ body: (KeyringStore) throws -> Value) throws -> Value {
        do {
            return try look(body)
        } catch KeyringFailure.unknownEpoch {
            // A rotation may have finished after the snapshot was taken; a new one tells.
            return try look(body)
        }
    }

    func add<Value>(_ body: (KeyringStore) throws -> Value) throws -> Value {
        try write { connection, rows in try body(KeyringStore(connection: connection, rows: rows)) }
    }

    func change<Value>(_ body: (KeyringStore) throws -> Value) throws -> Value {
        let (value, generation) = try write { connection, rows in
            let value = try body(KeyringStore(connection: connection, rows: rows))
            return (value, try EpochStore(connection: connection).nextGeneration())
        }
        cache.advance(to: generation)
        return value
    }

    func adopt(_ root: RootKeys) throws {
        let old = self.root
        self.root = root
        if old.check != root.check { try epochs.destroyAll(under: old) }
    }

    /// One transaction with the nodes' common row locked.
    func write<Value>(_ body: (any SQLConnection, SharedRowsStore) throws -> Value) throws -> Value {
        try database.write { connection in
            _ = try EpochStore(connection: connection).lock()
            return try body(connection, try rows(on: connection))
        }
    }

    private func look<Value>(_ body: (KeyringStore) throws -> Value) throws -> Value {
        try database.read { connection in
            try body(KeyringStore(connection: connection, rows: try rows(on: connection)))
        }
    }

    /// Reads the common row, and lets go of what other nodes have destroyed.
    private func rows(on connection: any SQLConnection) throws -> SharedRowsStore {
        let instant = cache.now()
        let state = try EpochStore(connection: connection).state()
        guard state.rootCheck == root.check else { throw KeyringFailure.wrongRootKey }
        cache.confirm(state.generation, since: instant)
        epochs.keep(only: state.live)
        return SharedRowsStore(connection: connection, state: state, epochs: epochs, root: root)
    }
}
