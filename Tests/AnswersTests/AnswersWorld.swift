import Access
import AuditTrail
import Documents
import Encoder
import Foundation
import HTTPKit
import JobQueue
import Keyring
import Kit
import Library
import Search
import Storage
import TestKit
import TestLibrary
import TestStorage
import Testing

@testable import Answers

/// A tenant with one collection that two people read, and everything that answering stands on, real.
struct AnswersWorld: Sendable {
    let base: LibraryWorld
    let answers: AnswerPipeline
    let collection: CollectionID

    var database: any Database { base.database }
    var keyring: Keyring { base.keyring }
    var audit: AuditTrail { base.audit }
    var access: AccessService { base.access }
    var jobs: JobQueue { base.jobs }
    var index: SearchIndex { base.index }
    var library: DocumentLibrary { base.library }
    var time: VirtualClock { base.time }
    var tenant: TenantID { base.tenant }
    var admin: Principal { base.admin }

    static let schemas = LibraryWorld.schemas + [AnswerSchema.schema]

    static func encoder() throws -> Encoder { try LibraryWorld.encoder() }

    static func each(
        settings: AnswerSettings = AnswerSettings(), model: ChatModel? = nil,
        isolation: isolated (any Actor)? = #isolation, _ body: (AnswersWorld) async throws -> Void
    ) async throws {
        try await TestDatabases.each(schemas: schemas) { _, database in
            try await TestEnvironment.withTemporaryDirectory { directory in
                try await body(AnswersWorld(database, directory: directory, settings, model))
            }
        }
    }

    /// With the database file in a folder that can be looked into.
    static func files(
        isolation: isolated (any Actor)? = #isolation, _ body: (AnswersWorld, String) async throws -> Void
    ) async throws {
        try await TestEnvironment.withTemporaryDirectory { directory in
            let database = try SQLiteDatabase.open(path: directory + "/data.sqlite")
            try await Migrator(schemas).migrate(database)
            try await body(AnswersWorld(database, directory: directory, AnswerSettings()), directory)
            await database.close()
        }
    }

    init(_ database: any Database, directory: String, _ settings: AnswerSettings, _ model: ChatModel? = nil)
        async throws
    {
        base = try await LibraryWorld(database, directory: directory)
        answers = AnswerPipeline(
            database: database, sealer: base.keyring, audit: base.audit, library: base.library,
            encoder: try Self.encoder(), model: model, settings: settings, clock: base.time.clock, randomness: .system)
        collection = try await base.collection()
    }

    func person(_ name: String) async throws -> Principal {
        let user = try await access.createUser(UserDraft(name: name, roles: [.user]), as: admin)
        return try await access.principal(
            tenant: tenant, subject: user.id, purpose: .general, job: Randomness.system.identifier())
    }

    static let leave = """
        # Parental leave

        Every employee may take parental leave. Parental leave lasts sixteen weeks. It is paid in full.

        Ask your manager two months before it begins.
        """

    static let boiler = """
        # Boiler

        The boiler is serviced every spring. The key hangs behind the kitchen door.
        """

    static let question = "How long does parental leave last?"

    /// Uploaded and ready, by the workers themselves.
    @discardableResult
    func document(_ text: String, at path: String) async throws -> DocumentID {
        let upload = Upload(
            collection: collection, path: try DocumentPath(path), declaredType: "text/markdown", label: nil,
            bytes: Array(text.utf8))
        let receipt = try await library.upload(upload, by: admin, request: nil)
        let workers = Task { [jobs] in try await jobs.run() }
        defer { workers.cancel() }
        let deadline = ContinuousClock.now + .seconds(300)
        while try await library.document(receipt.document, for: admin).currentVersion != receipt.version {
            try #require(ContinuousClock.now < deadline, "the document did not become ready")
            await Task.yield()
        }
        return receipt.document
    }

    func ask(_ question: String = question, as principal: Principal) async throws -> Answer {
        try await answers.ask(.init(question), by: principal, request: nil)
    }

    func citations(of answer: Answer, for principal: Principal) async throws -> [Citation?] {
        var found: [Citation?] = []
        for quote in answer.quotes { found.append(try await answers.citation(quote, for: principal)) }
        return found
    }

    func events(of answer: Answer, for principal: Principal, after last: Int? = nil) async throws -> [ServerEvent] {
        try await AnswerEvents(pipeline: answers).stream(answer, for: principal, after: last)
            .reduce(into: []) { $0.append($1) }
    }

    func setAccess(_ access: ACLConstraint, of document: DocumentID) async throws {
        try await library.setAccess(access, ofDocument: document, by: admin, request: nil)
    }
}

extension Answer {
    /// Of all sentences.
    var quotes: [Quote] { sentences.flatMap(\.quotes) }
}
