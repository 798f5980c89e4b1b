import Access
import Foundation
import Keyring
import Kit
import Storage
import TestKit
import TestStorage

@testable import Search

/// One tenant of a real index: database, keys, blobs, and a reader who is everyone.
struct IndexBench: Sendable {
    let database: any Database
    let keyring: Keyring
    let blobs: any BlobStore
    let directory: String
    let settings: SearchSettings
    let clock: VirtualClock
    let index: SearchIndex
    let tenant: TenantID
    let collection: CollectionID
    let reader: Principal

    static let open = EffectiveACL(constraints: [ACLConstraint(allow: [.everyone])], label: .public)
    static let closed = EffectiveACL(constraints: [], label: .public)

    /// On both engines.
    static func each(_ body: @escaping @Sendable (IndexBench) async throws -> Void) async throws {
        try await TestDatabases.each(schemas: [SearchIndex.schema]) { _, database in
            try await TestEnvironment.withTemporaryDirectory { directory in
                try await body(try await IndexBench(database: database, directory: directory))
            }
        }
    }

    /// With the database file in a folder that can be looked into.
    static func files(_ body: @escaping @Sendable (IndexBench) async throws -> Void) async throws {
        try await TestEnvironment.withTemporaryDirectory { directory in
            let database = try SQLiteDatabase.open(path: directory + "/data.sqlite")
            try await Migrator([SearchIndex.schema]).migrate(database)
            try await body(try await IndexBench(database: database, directory: directory))
            await database.close()
        }
    }

    init(
        database: any Database, directory: String, blobs: (any BlobStore)? = nil, keyring: Keyring? = nil,
        collection: CollectionID = Randomness.system.identifier()
    ) async throws {
        var settings = SearchSettings()
        (settings.dimensions, settings.encoder, settings.averageTerms) = (16, "test", 9)
        settings.catchUpDocuments = 7
        self.settings = settings
        self.database = database
        self.directory = directory
        self.keyring =
            try keyring
            ?? Keyring.open(
                directory: directory + "/keys", rootKey: Randomness.system.bytes(RootKey.byteCount))
        try FileManager.default.createDirectory(atPath: directory + "/blobs", withIntermediateDirectories: true)
        if let blobs {
            self.blobs = blobs
        } else if let postgres = database as? PostgresDatabase {
            self.blobs = PostgresBlobStore(database: postgres, family: "segments")
        } else {
            self.blobs = try FileBlobStore(path: directory + "/blobs")
        }
        clock = VirtualClock()
        index = SearchIndex(
            database: database, blobs: self.blobs, sealer: self.keyring, settings: settings, clock: clock.clock)
        tenant = Randomness.system.identifier()
        self.collection = collection
        reader = Self.principal(tenant)
        try self.keyring.createKeys([.tenant(tenant), .collection(tenant, collection)])
        _ = try await define([Self.open, Self.closed])
    }

    /// Another process on the same data.
    func anotherNode(
        blobs: (any BlobStore)? = nil, _ change: (inout SearchSettings) -> Void = { _ in }
    ) -> SearchIndex {
        var settings = settings
        change(&settings)
        return SearchIndex(
            database: database, blobs: blobs ?? self.blobs, sealer: keyring, settings: settings, clock: clock.clock)
    }

    static func principal(_ tenant: TenantID) -> Principal {
        Principal(
            tenant: tenant, subject: Randomness.system.identifier(), groups: [], roles: [.user],
            clearance: .internal, purpose: .general, permissions: [.searchQuery], credential: .localOperator
        )
    }

    @discardableResult
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws -> Value {
        try await database.write(.tenant(tenant), body)
    }

    func define(_ acls: [EffectiveACL]) async throws -> [ACLID] {
        try await write { [index] tx in try acls.map { try index.defineACL($0, in: tx) } }
    }

    func document(
        _ text: String, id: DocumentID? = nil, acl: EffectiveACL = open, vector: [Float]? = nil
    ) -> IndexedDocument {
        IndexedDocument(
            document: id ?? Randomness.system.identifier(), version: Randomness.system.identifier(),
            collection: collection, acl: acl.id,
            chunks: [
                IndexedChunk(
                    ordinal: 0, start: 0, end: text.utf8.count, text: Array(text.utf8),
                    vectors: [vector ?? [1] + [Float](repeating: 0, count: 15)])
            ]
        )
    }

    @discardableResult
    func publish(_ documents: [IndexedDocument]) async throws -> [DocumentID] {
        try keyring.createKeys(documents.map { .document(tenant, $0.collection, $0.document) })
        try await write { [index] tx in for document in documents { try index.publish(document, in: tx) } }
        return documents.map(\.document)
    }

    func found(_ text: String, by reader: Principal? = nil, on node: SearchIndex? = nil) async throws -> [DocumentID] {
        try await search(text, by: reader, on: node).hits.map(\.document)
    }

    func search(
        _ text: String, by reader: Principal? = nil, on node: SearchIndex? = nil
    ) async throws -> SearchResult {
        let query = SearchQuery(text: text, vector: nil, mode: .lexical, limit: 100, explain: true)
        return try await (node ?? index).search(query, for: reader ?? self.reader)
    }

    func segments() async throws -> Int {
        let tenant = tenant
        return try await database.read {
            let row = try $0.row("SELECT COUNT(*) AS n FROM search_segments WHERE tenant = \(tenant)")
            return try row?["n"] ?? 0
        }
    }
}
