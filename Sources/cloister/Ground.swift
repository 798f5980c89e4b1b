import Foundation
import Keyring
import Kit
import Settings
import Storage

/// What everything stands on: the locked data directory, keys, database and blobs.
struct Ground: Sendable {
    let place: DataDirectory
    let keyring: Keyring
    let database: any Database
    let originals: any BlobStore
    let segments: any BlobStore
    /// No other process uses this database: true on SQLite under its lock.
    let isExclusive: Bool
    let clock: WallClock
    let randomness: Randomness

    static func open(_ settings: CloisterSettings, clock: WallClock, randomness: Randomness) async throws -> Ground {
        try makeHome(settings)
        let place = try DataDirectory(path: settings.data.directory)
        let rootKey = try rootKey(settings)
        switch settings.storage {
        case .sqlite:
            let keyring = try Keyring.open(
                directory: settings.keys.directory, rootKey: rootKey, clock: clock, randomness: randomness)
            let database = try SQLiteDatabase.open(path: place.databasePath)
            _ = try await Migrator(Platform.schemas).migrate(database)
            return Ground(
                place: place, keyring: keyring, database: database,
                originals: try FileBlobStore(path: place.blobsPath, randomness: randomness),
                segments: try FileBlobStore(path: place.indexPath, randomness: randomness), isExclusive: true,
                clock: clock, randomness: randomness)
        case .postgres(let reference):
            let url = try reference.resolve()
            let database = try await PostgresDatabase.open(url: url, randomness: randomness)
            _ = try await Migrator(Platform.schemas + [KeyringMigrations.sharedSchema]).migrate(database)
            let keyring = try Keyring.open(
                directory: settings.keys.directory, rootKey: rootKey, postgres: url, clock: clock,
                randomness: randomness)
            return Ground(
                place: place, keyring: keyring, database: database,
                originals: PostgresBlobStore(database: database, family: "originals", clock: clock),
                segments: PostgresBlobStore(database: database, family: "segments", clock: clock),
                isExclusive: false, clock: clock, randomness: randomness)
        }
    }

    /// The folders around data, keys and root key, for this user only.
    private static func makeHome(_ settings: CloisterSettings) throws {
        var folders = [settings.data.directory, settings.keys.directory].map {
            ($0 as NSString).deletingLastPathComponent
        }
        if case .file(let path) = settings.keys.root { folders.append((path as NSString).deletingLastPathComponent) }
        for folder in folders where !FileManager.default.fileExists(atPath: folder) {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw CommandFailure.cannotMake(folder: folder)
            }
        }
    }

    func close() async { await database.close() }

    /// A missing root key is made only where no keys exist yet: otherwise a lost key would be papered over.
    private static func rootKey(_ settings: CloisterSettings) throws -> [UInt8] {
        guard case .file(let path) = settings.keys.root else {
            return try RootKey.parse(try settings.keys.root.resolve().reveal())
        }
        if !FileManager.default.fileExists(atPath: path), !hasKeys(settings) { return try RootKey.create(at: path) }
        return try RootKey.load(path: path)
    }

    /// Whether the keys directory holds anything: a file of keys, or the epoch keys of a database.
    static func hasKeys(_ settings: CloisterSettings) -> Bool {
        (try? FileManager.default.contentsOfDirectory(atPath: settings.keys.directory))?.isEmpty == false
    }
}
