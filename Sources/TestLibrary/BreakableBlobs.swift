import Storage
import Synchronization

/// A blob store that can be told to fail, as a full or absent disk does.
package final class BreakableBlobs: BlobStore {
    private let store: any BlobStore
    private let broken = Mutex(false)
    private let interruption = Mutex<(@Sendable () async throws -> Void)?>(nil)

    package init(_ store: any BlobStore) { self.store = store }

    package func setBroken(_ isBroken: Bool) { broken.withLock { $0 = isBroken } }

    package func put(_ ciphertext: [UInt8]) async throws -> BlobAddress { try await working().put(ciphertext) }

    /// Happens once, in the middle of the next `get`.
    package func interruptGet(_ body: @escaping @Sendable () async throws -> Void) {
        interruption.withLock { $0 = body }
    }

    package func get(_ address: BlobAddress) async throws -> [UInt8] {
        try await interruption.withLock { $0.take() }?()
        return try await working().get(address)
    }

    package func delete(_ address: BlobAddress) async throws { try await working().delete(address) }
    package func addresses() async throws -> [BlobAddress] { try await working().addresses() }

    private func working() throws -> any BlobStore {
        if broken.withLock({ $0 }) { throw StorageFailure.unavailable(reason: "test") }
        return store
    }
}
