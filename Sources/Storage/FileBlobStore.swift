import Crypto
import Kit

/// Blobs as files: `ab/<64 hexadecimal digits>`, in folders by the first byte.
///
/// A blob is written under `incoming/`, synced and renamed into place, so that a file under its address is whole.
/// What a crash leaves in `incoming/` is removed when the store opens.
package final class FileBlobStore: BlobStore {
    private static let threadsMax = 4
    private static let incoming = "incoming"

    /// A thread needs nothing but itself.
    private final class Worker {}

    private let root: DirectoryHandle
    private let randomness: Randomness
    private let threads = WorkerThreads(name: "blobs", threadsMax: threadsMax) { Worker() }

    /// Opens the folder at `path`, which must exist and belong to this process alone (`DataDirectory` sees to it).
    package init(path: String, randomness: Randomness = .system) throws(StorageFailure) {
        root = try DirectoryHandle.open(path: path)
        self.randomness = randomness
        let incoming = try root.folder(Self.incoming)
        for name in try incoming.names() { try incoming.remove(name) }
    }

    package func put(_ ciphertext: [UInt8]) async throws -> BlobAddress {
        try await threads.run { [self] _ in try store(ciphertext) }
    }

    package func get(_ address: BlobAddress) async throws -> [UInt8] {
        try await threads.run { [self] _ in
            guard let bytes = try root.existingFolder(address.folder)?.contents(address.text) else {
                throw StorageFailure.blobMissing
            }
            guard BlobAddress(of: bytes) == address else { throw StorageFailure.blobCorrupt }
            return bytes
        }
    }

    package func delete(_ address: BlobAddress) async throws {
        try await threads.run { [self] _ in try root.existingFolder(address.folder)?.remove(address.text) }
    }

    package func addresses() async throws -> [BlobAddress] {
        try await threads.run { [self] _ in
            try root.names().filter { $0.utf8.count == 2 }.flatMap { name in
                try root.existingFolder(name)?.names().compactMap { BlobAddress(text: $0) } ?? []
            }
        }
    }

    /// Ends the threads after the calls that wait. Later calls fail.
    package func close() async { await threads.close() }

    private func store(_ ciphertext: [UInt8]) throws -> BlobAddress {
        let address = BlobAddress(of: ciphertext)
        let folder = try root.folder(address.folder)
        if try folder.contents(address.text).map(BlobAddress.init(of:)) == address {
            // A put at the same moment may have renamed and not yet synced.
            try folder.sync()
            return address
        }
        let incoming = try root.folder(Self.incoming)
        let name = Hex.encode(randomness.bytes(16))
        do {
            try incoming.create(name, ciphertext)
            try incoming.move(name, to: folder, as: address.text)
        } catch {
            // The first error is the one to tell; a leftover goes when the store opens next.
            try? incoming.remove(name)
            throw error
        }
        return address
    }
}

extension BlobAddress {
    init(of ciphertext: [UInt8]) {
        // SHA-256 has 32 bytes.
        self.init(bytes: Array(SHA256.hash(data: ciphertext)))!
    }

    /// Nil unless 64 lower-case hexadecimal digits: an address from outside is never a path (ATT-28).
    package init?(text: String) {
        guard let bytes = Hex.decode(text) else { return nil }
        self.init(bytes: bytes)
    }

    /// 64 lower-case hexadecimal digits.
    package var text: String { Hex.encode(bytes) }

    fileprivate var folder: String { Hex.encode(bytes.prefix(1)) }
}
