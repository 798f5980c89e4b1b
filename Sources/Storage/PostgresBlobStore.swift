import Kit

/// Blobs as rows of the database that the nodes share.
package final class PostgresBlobStore: BlobStore {
    /// Longer than any node takes from storing a blob to naming it.
    package static let settlingTime = Duration.seconds(24 * 3600)

    private let database: PostgresDatabase
    private let family: String
    private let clock: WallClock

    /// Sees only the blobs of its `family`.
    package init(database: PostgresDatabase, family: String, clock: WallClock = .system) {
        self.database = database
        self.family = family
        self.clock = clock
    }

    package func put(_ ciphertext: [UInt8]) async throws -> BlobAddress {
        let address = BlobAddress(of: ciphertext)
        try await database.unscoped { [family, clock] connection in
            try connection.execute(
                """
                INSERT INTO blobs (address, family, stored, body)
                VALUES (\(address), \(family), \(clock.now()), \(ciphertext))
                ON CONFLICT (address) DO UPDATE SET body = excluded.body WHERE blobs.body <> excluded.body
                """)
        }
        return address
    }

    package func get(_ address: BlobAddress) async throws -> [UInt8] {
        let row = try await database.read { try $0.row("SELECT body FROM blobs WHERE address = \(address)") }
        guard let body: [UInt8] = try row?["body"] else { throw StorageFailure.blobMissing }
        guard BlobAddress(of: body) == address else { throw StorageFailure.blobCorrupt }
        return body
    }

    package func delete(_ address: BlobAddress) async throws {
        try await database.unscoped { try $0.execute("DELETE FROM blobs WHERE address = \(address)") }
    }

    package func addresses() async throws -> [BlobAddress] {
        try await database.read { [family] connection in
            try connection.rows("SELECT address FROM blobs WHERE family = \(family)").map { try $0["address"] }
        }
    }

    /// A younger blob may be one that another node is about to name.
    package func settledAddresses() async throws -> [BlobAddress] {
        let limit = clock.now() - Self.settlingTime
        return try await database.read { [family] connection in
            try connection.rows(
                "SELECT address FROM blobs WHERE family = \(family) AND stored < \(limit)"
            ).map { try $0["address"] }
        }
    }
}
