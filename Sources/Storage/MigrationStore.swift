extension SQLConnection {
    /// Checksums of the applied steps by their identifier.
    func recordedMigrations() throws -> [String: String] {
        let rows = try rows("SELECT id, checksum FROM schema_migrations")
        return try rows.reduce(into: [:]) { recorded, row in
            let id: String = try row["id"]
            recorded[id] = try row["checksum"] as String
        }
    }

    func record(_ id: String, owner: String, position: Int, checksum: String) throws {
        try execute(
            """
            INSERT INTO schema_migrations (id, owner, position, checksum)
            VALUES (\(id), \(owner), \(position), \(checksum))
            """)
    }
}
