import Access
import Foundation
import JobQueue
import Kit
import Library
import Sandbox
import Search
import Settings
import Storage
import TestKit
import TestStorage
import Testing

@testable import cloister

/// An installation that processes die on, and the corpus that they were putting into it.
struct CrashHome: Sendable {
    let folder: String
    let corpus: LampCorpus
    /// Where the database is; nil is SQLite in the data directory.
    var storage: String?

    /// A home without anything in it, on either engine.
    static func withEmpty(on engine: Engine, _ body: (CrashHome) async throws -> Void) async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            var home = CrashHome(folder: root + "/home", corpus: LampCorpus(count: 0))
            guard engine == .postgres else { return try await body(home) }
            try await TestDatabases.postgresURL { url in
                home.storage = try Self.reference(to: url, in: root)
                try await body(home)
            }
        }
    }

    /// What the setting `storage.url` says in place of the secret.
    static func reference(to url: Secret, in folder: String) throws -> String {
        let file = folder + "/url"
        try Data(url.reveal().utf8).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        return "file:" + file
    }

    /// Segments small enough for several of them in one run.
    var program: Program {
        var environment = ["CLOISTER_SEARCH_SEGMENT_DOCUMENTS": "8"]
        environment["CLOISTER_STORAGE_URL"] = storage
        return Program(home: folder, environment: environment)
    }

    func ingest(_ input: String, killAt limit: Duration? = nil) async throws -> Program.Outcome {
        try await program.run(["ingest", input, "--collection", LampCorpus.collection], killAt: limit)
    }

    func settings() throws -> CloisterSettings {
        var flags = ["home": folder, "encoder.directory": TestEnvironment.encoderDirectory]
        flags["search.segment_documents"] = "8"
        flags["storage.url"] = storage
        return try SettingsLoader(flags: flags, environment: [:], yaml: nil).load()
    }

    /// Opens the data in this process, as the next command would; no job runs meanwhile.
    func open<Value>(_ body: (OpenHome) async throws -> Value) async throws -> Value {
        try await opened(
            try await Platform.open(try settings(), role: .command, launcher: JailLauncher(command: [Program.path])),
            body)
    }

    func opened<Value>(_ platform: Platform, _ body: (OpenHome) async throws -> Value) async throws -> Value {
        let outcome: Result<Value, any Error>
        do {
            let reader = try? await platform.access.authenticate(PresentedCredentials(localTenant: ""))
            outcome = .success(try await body(OpenHome(platform: platform, corpus: corpus, reader: reader)))
        } catch {
            outcome = .failure(error)
        }
        await platform.close()
        return try outcome.get()
    }
}

/// What a reader finds in an installation.
struct OpenHome: Sendable {
    let platform: Platform
    let corpus: LampCorpus
    /// The operator; nil when not even the tenant is there yet.
    let reader: Principal?

    /// By path. Two documents at one path would be a doubled file.
    func documents() async throws -> [String: DocumentRecord] {
        guard let reader else { return [:] }
        guard let collection = try await platform.library.collection(named: LampCorpus.collection, for: reader) else {
            return [:]
        }
        var found: [String: DocumentRecord] = [:]
        var cursor: String?
        repeat {
            let page = try await platform.library.documents(
                of: collection.id, PageRequest(limit: 200, after: cursor), for: reader)
            for document in page.items {
                #expect(found.updateValue(document, forKey: document.path) == nil, "\(document.path) is there twice.")
            }
            cursor = page.next
        } while cursor != nil
        return found
    }

    /// Every document is there whole or not at all: text, chunks and search agree. Gives the chunks of the whole ones.
    @discardableResult
    func checkNothingIsHalf(chunks expected: [String: Int]? = nil) async throws -> [String: Int] {
        let documents = try await documents()
        #expect(Set(documents.keys).isSubset(of: corpus.byName.keys))
        var whole: [String: Int] = [:]
        for file in corpus.files {
            let document = documents[file.name]
            guard let document, document.currentVersion != nil else {
                #expect(document?.state != .ready, "\(file.name) is called ready without a version.")
                try await checkInvisible(file, document)
                continue
            }
            #expect(document.state == .ready, "\(file.name)")
            try await checkWhole(file, document)
            whole[file.name] = document.chunks
            if let expected { #expect(document.chunks == expected[file.name], "\(file.name)") }
        }
        return whole
    }

    /// Nothing of a file is to be found, by path or by word.
    func checkInvisible(_ file: LampCorpus.File, _ document: DocumentRecord?) async throws {
        #expect(try await hits(file.word).isEmpty, "\(file.name) is found before it is ready or after it is gone.")
        guard let document, let reader else { return }
        #expect(document.chunks == 0 && document.title == nil, "\(file.name)")
        await #expect(throws: LibraryFailure.notFound, "\(file.name)") {
            try await platform.library.text(of: document.id, for: reader)
        }
    }

    private func checkWhole(_ file: LampCorpus.File, _ document: DocumentRecord) async throws {
        guard let reader else { return }
        let text = try await platform.library.text(of: document.id, for: reader)
        #expect(String(decoding: text.text, as: UTF8.self) == file.text, "\(file.name) is not the file.")
        #expect(text.chunks.map(\.ordinal) == Array(0..<document.chunks), "\(file.name)")
        #expect(text.chunks.first?.range.lowerBound == 0 && text.chunks.last?.range.upperBound == text.text.count)
        let hits = try await hits(file.word)
        #expect(hits.map(\.chunk).sorted() == Array(0..<document.chunks), "\(file.name) is found in wrong pieces.")
        for hit in hits {
            #expect(hit.document == document.id && hit.version == document.currentVersion, "\(file.name)")
            let chunk = text.chunks.first { $0.ordinal == hit.chunk }
            #expect(chunk?.range == hit.start..<hit.end, "\(file.name)")
        }
    }

    /// The index itself, below the library's second look.
    func hits(_ word: String) async throws -> [SearchHit] {
        guard let reader else { return [] }
        let query = SearchQuery(text: word, vector: nil, mode: .lexical, limit: SearchQuery.limitMax)
        return try await platform.index.search(query, for: reader).hits
    }
}

// MARK: - When all is done

extension OpenHome {
    /// Every file exactly once, every sentence exactly once, nothing waiting, nothing dead, nothing left over.
    func checkComplete(chunks: [String: Int]) async throws {
        let reader = try #require(reader)
        #expect(try await checkNothingIsHalf(chunks: chunks) == chunks)
        for file in corpus.files {
            for word in file.sentenceWords { #expect(try await hits(word).count == 1, "\(word) of \(file.name)") }
        }
        for state in JobState.unwanted {
            #expect(try await platform.jobs.list(for: reader, state: state).items.isEmpty, "\(state)")
        }
        let jobs = try await platform.jobs.list(for: reader, PageRequest(limit: 200)).items
        #expect(jobs.count == corpus.files.count, "One job for each file.")
        #expect(try await count("SELECT COUNT(*) AS count FROM document_versions") == corpus.files.count)
        try await checkNothingIsLeftOver(documents: corpus.files.count)
    }

    /// Blobs that no row names, and keys of documents that are gone.
    func checkNothingIsLeftOver(documents: Int) async throws {
        let segments: Set<BlobAddress> = try await platform.ground.database.read { connection in
            Set(try connection.rows("SELECT blob FROM search_segments").map { try $0["blob"] })
        }
        let originals: Set<BlobAddress> = try await platform.ground.database.read { connection in
            Set(try connection.rows("SELECT original FROM document_versions").map { try $0["original"] })
        }
        #expect(originals.count == documents)
        let stored = Set(try await platform.ground.originals.addresses())
        #expect(originals.isSubset(of: stored), "An original is lost.")
        if platform.ground.isExclusive {
            #expect(stored == originals, "The start left blobs that no document names.")
            #expect(Set(try await platform.ground.segments.addresses()).isSubset(of: segments))
        }
        #expect(try await count("SELECT COUNT(*) AS count FROM audit_intents") == 0)
    }

    func count(_ statement: SQLStatement) async throws -> Int {
        try await platform.ground.database.read { try $0.row(statement)?["count"] ?? 0 }
    }
}

extension JobState {
    /// None of these may be left when an ingest has ended.
    static let unwanted: [JobState] = [.queued, .leased, .retrying, .dead, .cancelled]
}
