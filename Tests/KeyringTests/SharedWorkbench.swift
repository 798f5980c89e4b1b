import Dispatch
import Foundation
import Kit
import Storage
import Synchronization
import TestKit

@testable import Keyring

/// Two nodes on one database with one keys directory, and what one test needs around them.
struct SharedWorkbench {
    let place: KeyPlace
    let rootKey: [UInt8]
    let first: Keyring
    let second: Keyring
    let time: SteppedInstant
    let tenant = Randomness.system.identifier(TenantID.self)
    let collection = Randomness.system.identifier(CollectionID.self)

    static let context = Workbench.context

    var tenantScope: KeyScope { .tenant(tenant) }
    var collectionScope: KeyScope { .collection(tenant, collection) }
    /// Always set for a shared place.
    var url: Secret { place.postgres! }

    /// Runs `body` with the keys of one tenant and one collection made.
    static func run(_ body: (SharedWorkbench) async throws -> Void) async throws {
        try await KeyPlace.shared { place in
            let rootKey = Randomness.system.bytes(RootKey.byteCount)
            let time = SteppedInstant()
            let nodes = try (0..<2).map { _ in try place.node(rootKey, time) }
            let bench = SharedWorkbench(
                place: place, rootKey: rootKey, first: nodes[0], second: nodes[1], time: time)
            try nodes[0].createKeys([bench.tenantScope, bench.collectionScope])
            try await body(bench)
        }
    }

    func documents(_ count: Int) -> [KeyScope] {
        (0..<count).map { _ in .document(tenant, collection, Randomness.system.identifier()) }
    }

    /// One more node, with nothing in its memory.
    func node() throws -> Keyring { try place.node(rootKey, time) }

    func seal(_ scopes: [KeyScope]) throws -> [KeyScope: [UInt8]] {
        try scopes.reduce(into: [:]) { $0[$1] = try first.seal("\($1)", under: $1, context: Self.context) }
    }

    func epochFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: place.directory).filter { $0.hasPrefix("epo_") }
    }

    /// Whether the server's process waits for another one's lock.
    func isWaiting(_ process: Int) throws -> Bool {
        try sql { connection in
            try connection.row(
                """
                SELECT pid FROM pg_stat_activity
                WHERE pid = CAST(\(process) AS INTEGER) AND wait_event_type = 'Lock'
                """) != nil
        }
    }

    /// Runs `body` on a connection of its own.
    func sql<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        try BlockingPostgres.open(url: url).write(body)
    }
}

extension KeyPlace {
    fileprivate func node(_ rootKey: [UInt8], _ time: SteppedInstant) throws -> Keyring {
        try Keyring.open(directory: directory, rootKey: rootKey, postgres: postgres, instant: time.read)
    }
}

extension Keyring {
    func opens(_ sealed: [UInt8], of scope: KeyScope) throws -> Bool {
        do {
            return try openText(sealed, under: scope, context: Workbench.context) == "\(scope)"
        } catch SealFailure.noKey {
            return false
        }
    }

    /// The server's process of this keyring's session.
    func process() throws -> Int {
        try vault.withLock { vault in
            try vault.keys.read { try $0.connection.rows("SELECT pg_backend_pid() AS id")[0]["id"] }
        }
    }
}

/// Work on a thread of its own: the pool of tasks has as many threads as there are cores, and a test may hold them all.
final class Background: Sendable {
    private let failure = Mutex<(any Error)?>(nil)
    private let done = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () throws -> Void) {
        Thread.detachNewThread {
            do { try body() } catch { self.failure.withLock { $0 = error } }
            self.done.signal()
        }
    }

    /// Waits for the end and throws what `body` threw.
    func finish() throws {
        done.wait()
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}

/// The clock that bounds how long a cached key is trusted, standing still until a test moves it.
final class SteppedInstant: Sendable {
    private let current = Mutex(ContinuousClock.now)

    var read: @Sendable () -> ContinuousClock.Instant { { self.current.withLock { $0 } } }

    func advance(by duration: Duration) { current.withLock { $0 += duration } }
}
