import Kit

/// SHA-256 of a blob's ciphertext. Content is never de-duplicated: the same file twice is two ciphertexts.
package struct BlobAddress: Hashable, Sendable {
    package let bytes: [UInt8]

    /// Nil unless 32 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }
}

extension BlobAddress: SQLBindable, SQLDecodable {
    package var sqlValue: SQLValue { .blob(bytes) }

    package init?(sqlValue: SQLValue) {
        guard case .blob(let bytes) = sqlValue else { return nil }
        self.init(bytes: bytes)
    }
}

/// Ciphertext by address: files under `blobs/` on one machine, rows in PostgreSQL.
///
/// Contract, checked on both: `put` is durable on return and idempotent; `get` verifies the address
/// (`blobMissing`, `blobCorrupt`); `delete` of an unknown address succeeds; `addresses` lists all. `settledAddresses`
/// lists those that are named by a row already or never will be, for the sweep of what a crash left.
package protocol BlobStore: Sendable {
    func put(_ ciphertext: [UInt8]) async throws -> BlobAddress
    func get(_ address: BlobAddress) async throws -> [UInt8]
    func delete(_ address: BlobAddress) async throws
    func addresses() async throws -> [BlobAddress]
    /// Called before anything is stored by this process.
    func settledAddresses() async throws -> [BlobAddress]
}

extension BlobStore {
    /// Where no other process stores blobs, at the start all are settled.
    package func settledAddresses() async throws -> [BlobAddress] { try await addresses() }
}
