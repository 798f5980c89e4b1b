/// Blobs as rows of the database that the nodes share.
package final class PostgresBlobStore: BlobStore {
    private let database: PostgresDatabase

    package init(database: PostgresDatabase) { self.database = database }

    package func put(_ ciphertext: [UInt8]) async throws -> BlobAddress {
        let address = BlobAddress(of: ciphertext)
        try await database.unscoped { connection in
            try connection.execute(
                """
                INSERT INTO blobs (address, body) VALUES (\(address), \(ciphertext))
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
        try await database.read { connection in
            try connection.rows("SELECT address FROM blobs").map { try $0["address"] }
        }
    }
}
