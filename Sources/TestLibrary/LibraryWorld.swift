import Access
import AuditTrail
import Documents
import Encoder
import Foundation
import Keyring
import Kit
import Search
import Storage
import TestKit
import TestStorage

@testable import JobQueue
@testable import Library

/// A library with everything below it real: engine, keys, audit, rights, queue, index, encoder. Time stands still
/// unless a test moves it.
package struct LibraryWorld: Sendable {
    package let database: any Database
    package let originals: BreakableBlobs
    package let segments: any BlobStore
    package let keyring: Keyring
    package let audit: AuditTrail
    package let access: AccessService
    package let jobs: JobQueue
    package let index: SearchIndex
    package let library: DocumentLibrary
    /// What reads its documents.
    package let encoder: Encoder
    package let time: VirtualClock
    package let tenant: TenantID
    /// The tenant's operator: every permission, every clearance.
    package let admin: Principal
    /// Where everything lies that is not in the engine.
    package let directory: String

    package static let schemas = [
        AuditMigrations.schema, AccessMigrations.schema, JobQueue.schema, SearchIndex.schema, LibrarySchema.schema,
    ]

    /// Loaded once: the weights are 90 MB.
    package static func encoder() throws -> Encoder { try loaded.get() }
    private static let loaded = Result { try Encoder(directory: TestEnvironment.encoderDirectory) }

    /// Runs `body` on SQLite and on PostgreSQL. `more` are the tables of what stands on the library.
    package static func each(
        more: [Schema] = [], isolation: isolated (any Actor)? = #isolation,
        _ body: (LibraryWorld) async throws -> Void
    ) async throws {
        try await TestDatabases.each(schemas: schemas + more) { _, database in
            try await TestEnvironment.withTemporaryDirectory { directory in
                try await body(LibraryWorld(database, directory: directory))
            }
        }
    }

    /// On SQLite, with the database file beside the rest, to be looked into.
    package static func files(
        isolation: isolated (any Actor)? = #isolation, _ body: (LibraryWorld) async throws -> Void
    ) async throws {
        try await TestEnvironment.withTemporaryDirectory { directory in
            let database = try SQLiteDatabase.open(path: directory + "/data.sqlite")
            try await Migrator(schemas).migrate(database)
            try await body(LibraryWorld(database, directory: directory))
            await database.close()
        }
    }

    package init(
        _ database: any Database, directory: String, library settings: LibrarySettings = LibrarySettings()
    ) async throws {
        self.database = database
        self.directory = directory
        let time = VirtualClock()
        self.time = time
        keyring = try Keyring.open(
            directory: directory + "/keys", rootKey: Randomness.system.bytes(32), clock: time.clock)
        (originals, segments) = try Self.blobs(database, directory: directory)
        audit = AuditTrail(database: database, sealer: keyring, clock: time.clock, randomness: .system)
        var cheap = AccessSettings()
        cheap.scryptCostLog2 = 10
        access = try AccessService(
            database: database, sealer: keyring, audit: audit, clock: time.clock, randomness: .system,
            settings: cheap, makeKey: { [keyring] in try keyring.createKey($0) })
        jobs = JobQueue(
            database: database, sealer: keyring, audit: audit, clock: time.clock, randomness: .system,
            settings: JobSettings(),
            resolve: { [access] in try await access.principal(tenant: $0, subject: $1, purpose: $2, job: $3) })
        encoder = try Self.encoder()
        (index, library) = Self.library(
            database, (originals, segments), keyring, audit, jobs, (encoder, nil), time, settings)
        Self.register(library, with: jobs)
        tenant = try await access.createTenant(name: "Acme Hospital")
        admin = try await access.authenticate(PresentedCredentials(localTenant: tenant.description))
    }

    /// The same data after a restart with another encoder, and with the one of before when `earlier` is given.
    package init(
        restarting world: LibraryWorld, by encoder: Encoder, after earlier: Encoder?,
        library settings: LibrarySettings = LibrarySettings()
    ) {
        (database, directory, time) = (world.database, world.directory, world.time)
        (keyring, originals, segments) = (world.keyring, world.originals, world.segments)
        (audit, access, tenant, admin) = (world.audit, world.access, world.tenant, world.admin)
        self.encoder = encoder
        jobs = JobQueue(
            database: database, sealer: keyring, audit: audit, clock: time.clock, randomness: .system,
            settings: JobSettings(),
            resolve: { [access] in try await access.principal(tenant: $0, subject: $1, purpose: $2, job: $3) })
        (index, library) = Self.library(
            database, (originals, segments), keyring, audit, jobs, (encoder, earlier), time, settings)
        Self.register(library, with: jobs)
    }

    private static func library(
        _ database: any Database, _ blobs: (originals: BreakableBlobs, segments: any BlobStore), _ keyring: Keyring,
        _ audit: AuditTrail, _ jobs: JobQueue, _ encoders: (now: Encoder, earlier: Encoder?), _ time: VirtualClock,
        _ settings: LibrarySettings
    ) -> (SearchIndex, DocumentLibrary) {
        var search = SearchSettings()
        (search.encoder, search.earlierEncoder) = (encoders.now.fingerprint, encoders.earlier?.fingerprint)
        let index = SearchIndex(
            database: database, blobs: blobs.segments, sealer: keyring, settings: search, clock: time.clock)
        let library = DocumentLibrary(
            .init(
                database: database, blobs: blobs.originals, keyring: keyring, audit: audit, jobs: jobs, index: index,
                encoder: encoders.now, earlierEncoder: encoders.earlier, reader: .inProcess, clock: time.clock,
                randomness: .system),
            settings: settings)
        return (index, library)
    }

    private static func register(_ library: DocumentLibrary, with jobs: JobQueue) {
        jobs.register(kind: IngestJob.kind) { try await IngestJob(library: library).run($0) }
        jobs.register(kind: RereadJob.kind) { try await RereadJob(library: library).run($0) }
        jobs.whenGivenUp(kind: RereadJob.kind) { try RereadJob(library: library).giveUp($0, in: $1) }
    }

    /// As the product has it: two folders on one machine, one table in PostgreSQL.
    private static func blobs(
        _ database: any Database, directory: String
    ) throws -> (BreakableBlobs, any BlobStore) {
        if let postgres = database as? PostgresDatabase {
            return (
                BreakableBlobs(PostgresBlobStore(database: postgres, family: "originals")),
                PostgresBlobStore(database: postgres, family: "segments")
            )
        }
        for folder in ["blobs", "index"] {
            try FileManager.default.createDirectory(
                atPath: directory + "/" + folder, withIntermediateDirectories: true)
        }
        return (
            BreakableBlobs(try FileBlobStore(path: directory + "/blobs")), try FileBlobStore(path: directory + "/index")
        )
    }
}

// MARK: - People

extension LibraryWorld {
    /// A new member with the rights of this moment. Take them again with `now` after a change.
    package func person(
        _ name: String, _ roles: Set<Role> = [.user], clearance: Classification = .internal
    ) async throws -> Principal {
        let draft = UserDraft(name: name, roles: roles, clearance: clearance)
        return try await now(access.createUser(draft, as: admin).id)
    }

    package func now(_ subject: SubjectID) async throws -> Principal {
        try await access.principal(
            tenant: tenant, subject: subject, purpose: .general, job: Randomness.system.identifier())
    }

    /// The operator of another tenant: as mighty there as `admin` is here.
    package func stranger() async throws -> Principal {
        let other = try await access.createTenant(name: "Other Hospital")
        return try await access.authenticate(PresentedCredentials(localTenant: other.description))
    }
}

// MARK: - Documents

extension LibraryWorld {
    package static let everyone = ACLConstraint(allow: [.everyone])

    package func collection(
        _ name: String = "Handbook", _ access: ACLConstraint = everyone, label: Classification = .internal
    ) async throws -> CollectionID {
        try await library.createCollection(named: name, label: label, access: access, by: admin, request: nil).id
    }

    @discardableResult
    package func upload(
        _ text: String, to path: String, in collection: CollectionID, label: Classification? = nil,
        as principal: Principal? = nil
    ) async throws -> UploadReceipt {
        try await upload(Array(text.utf8), to: path, in: collection, label: label, as: principal)
    }

    @discardableResult
    package func upload(
        _ bytes: [UInt8], to path: String, in collection: CollectionID, label: Classification? = nil,
        as principal: Principal? = nil
    ) async throws -> UploadReceipt {
        let upload = Upload(
            collection: collection, path: try DocumentPath(path), declaredType: "text/markdown", label: label,
            bytes: bytes)
        return try await library.upload(upload, by: principal ?? admin, request: nil)
    }

    /// Uploaded and ready.
    package func document(
        _ text: String, at path: String, in collection: CollectionID, label: Classification? = nil,
        as principal: Principal? = nil
    ) async throws -> DocumentID {
        let receipt = try await upload(text, to: path, in: collection, label: label, as: principal)
        try await runJobs()
        guard try await state(receipt.document) == .ready else { throw WorldFailure.notReady(path) }
        return receipt.document
    }

    /// Performs what is due, as the workers do.
    package func runJobs() async throws {
        while let job = try await jobs.claim(tenant, limit: 1).first {
            jobs.running.insert(job.lease, until: job.until)
            await jobs.perform(job)
        }
    }

    package func state(_ document: DocumentID) async throws -> DocumentState? {
        try await row(document).map(\.state)
    }

    /// The row itself, whoever may see it.
    package func row(_ document: DocumentID) async throws -> DocumentRecord? {
        try await database.read { [library, admin] in
            try library.documents.document(document, for: admin, in: $0)
        }
    }

    /// What a person finds by a word, each document followed by those that say nearly the same.
    package func found(_ word: String, as principal: Principal) async throws -> [DocumentID] {
        let query = SearchQuery(text: word, vector: nil, mode: .lexical)
        return try await library.passages(query, for: principal).1.flatMap { [$0.document.id] + $0.alsoIn }
    }

    /// What a person is shown of a collection.
    package func listed(_ collection: CollectionID, as principal: Principal) async throws -> Set<DocumentID> {
        Set(try await library.documents(of: collection, PageRequest(), for: principal).items.map(\.id))
    }

    package func text(_ document: DocumentID, as principal: Principal) async throws -> String {
        String(decoding: try await library.text(of: document, version: nil, for: principal).text, as: UTF8.self)
    }

    /// Whether a person sees a document, asked at every place where it would show; the places must agree.
    package func sees(
        _ principal: Principal, _ document: DocumentID, in collection: CollectionID, word: String
    ) async throws -> Bool {
        let answers = [
            try await isFound { _ = try await library.document(document, for: principal) },
            try await isFound { _ = try await library.text(of: document, version: nil, for: principal) },
            try await isFound {
                guard try await listed(collection, as: principal).contains(document) else {
                    throw LibraryFailure.notFound
                }
            },
            try await found(word, as: principal).contains(document),
        ]
        guard Set(answers).count == 1 else { throw WorldFailure.placesDisagree(answers) }
        return answers.contains(true)
    }

    private func isFound(_ look: () async throws -> Void) async throws -> Bool {
        do {
            try await look()
            return true
        } catch LibraryFailure.notFound {
            return false
        }
    }

    /// What was done to documents by the tenant's log, oldest first. Reading the log is itself recorded in it.
    package func audited() async throws -> [String] {
        let page = try await audit.entries(for: admin, page: PageRequest(limit: 200))
        return page.items.reversed().map(\.record.entry.action).filter { $0.hasPrefix("documents.") }
    }
}

package enum WorldFailure: Error {
    case notReady(String)
    /// Document, text, list and search do not say the same about whether it can be seen.
    case placesDisagree([Bool])
}
