import Access
import Foundation
import Keyring
import Kit
import Search
import Storage

/// A tenant of one collection that everybody in it may read, in a temporary folder.
struct EvaluationIndex: Sendable {
    struct Document: Sendable {
        let id: Int
        let text: [UInt8]
        let vectors: [[Float]]
    }

    let index: SearchIndex
    let reader: Principal
    private let collection: CollectionID
    private let acl: ACLID
    private let database: SQLiteDatabase
    private let keyring: Keyring
    private let blobs: FileBlobStore
    private let directory: String

    init(settings: SearchSettings) async throws {
        let randomness = Randomness.system
        directory = NSTemporaryDirectory() + "cloister-eval-" + Hex.encode(randomness.bytes(8))
        try FileManager.default.createDirectory(atPath: directory + "/blobs", withIntermediateDirectories: true)
        database = try SQLiteDatabase.open(path: directory + "/data.sqlite")
        try await Migrator([SearchIndex.schema]).migrate(database)
        keyring = try Keyring.open(directory: directory + "/keys", rootKey: randomness.bytes(RootKey.byteCount))
        blobs = try FileBlobStore(path: directory + "/blobs")
        let index = SearchIndex(database: database, blobs: blobs, sealer: keyring, settings: settings)
        let (tenant, collection) = (randomness.identifier(TenantID.self), randomness.identifier(CollectionID.self))
        try keyring.createKeys([.tenant(tenant), .collection(tenant, collection)])
        let everybody = EffectiveACL(constraints: [ACLConstraint(allow: [.everyone])], label: .public)
        acl = try await database.write(.tenant(tenant)) { try index.defineACL(everybody, in: $0) }
        reader = Principal(
            tenant: tenant, subject: randomness.identifier(), groups: [], roles: [.user], clearance: .public,
            purpose: .general, permissions: [.searchQuery], credential: .localOperator
        )
        self.index = index
        self.collection = collection
    }

    func publish(_ documents: [Document]) async throws {
        let prepared = try documents.map { document in
            try index.prepare(
                IndexedDocument(
                    document: Self.identifier(document.id), version: VersionID(high: 0, low: 1),
                    collection: collection, acl: acl,
                    chunks: [
                        IndexedChunk(
                            ordinal: 0, start: 0, end: document.text.count, text: document.text,
                            vectors: document.vectors)
                    ]
                ))
        }
        try keyring.createKeys(documents.map { .document(reader.tenant, collection, Self.identifier($0.id)) })
        try await database.write(.tenant(reader.tenant)) { [index] transaction in
            for document in prepared { try index.publish(document, in: transaction) }
        }
    }

    /// The data set's numbers of the documents found, best first.
    func ranking(_ text: String, _ vector: [Float], _ mode: SearchMode) async throws -> [Int] {
        let query = SearchQuery(text: text, vector: vector, mode: mode, limit: SearchQuery.limitMax)
        return try await index.search(query, for: reader).hits.map { Int($0.document.low) }
    }

    func close() async {
        await blobs.close()
        await database.close()
        try? FileManager.default.removeItem(atPath: directory)
    }

    private static func identifier(_ id: Int) -> DocumentID { DocumentID(high: 0, low: UInt64(id)) }
}
