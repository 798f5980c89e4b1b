import Access
import Kit
import Search
import Storage
import TestKit
import TestLibrary
import Testing

@testable import JobQueue
@testable import Library

/// Documents read again because they are to be cut or parsed otherwise.
@Suite struct RereadingTests {
    private static let long = (0..<40).map { "Sentence number \($0) is about plumbus." }.joined(separator: " ")

    private static func chunker(_ tokens: Int, _ strategy: ChunkingStrategy = .recursive) -> Chunker {
        var chunker = Chunker()
        (chunker.strategy, chunker.tokensTarget, chunker.tokensOverlap) = (strategy, tokens, 8)
        return chunker
    }

    @Test func `another way of cutting reads a collection's documents again, and only those`() async throws {
        try await LibraryWorld.each { world in
            let (one, two) = (try await world.collection("One"), try await world.collection("Two"))
            let first = try await world.document(Self.long, at: "a.md", in: one)
            let second = try await world.document(Self.long + " Other.", at: "b.md", in: two)
            let version = try #require(try await world.row(first)?.currentVersion)
            try await world.library.change(
                one, CollectionChange(chunking: Self.chunker(64)), by: world.admin, request: nil)
            #expect(try await world.library.rereadStatus(for: world.admin).outdated == 1)
            try await world.runJobs()
            let row = try #require(try await world.row(first))
            #expect(row.chunks > 4 && row.currentVersion == version && row.state == .ready)
            #expect(try await world.row(second)?.chunks == 1)
            let text = try await world.library.text(of: first, for: world.admin)
            #expect(text.chunks.count == row.chunks && text.text == Array(Self.long.utf8))
            #expect(try await world.found("plumbus", as: world.admin).contains(first))
            #expect(try await world.library.rereadStatus(for: world.admin).isUpToDate)
            // What comes later is cut the same way at once.
            let later = try await world.document(Self.long + " Later.", at: "c.md", in: one)
            #expect(try await world.row(later)?.chunks ?? 0 > 4)
        }
    }

    @Test func `the same settings again change nothing, and impossible ones are refused`() async throws {
        try await LibraryWorld.each { world in
            let id = try await world.collection()
            let change = CollectionChange(label: .confidential, quarantine: .all, chunking: Self.chunker(64))
            try await world.library.change(id, change, by: world.admin, request: nil)
            let run = try await world.library.rereadStatus(for: world.admin).job
            try await world.library.change(id, change, by: world.admin, request: nil)
            #expect(try await world.library.rereadStatus(for: world.admin).job == run)
            let found = try await world.library.collection(id, for: world.admin)
            #expect(found.record.label == .confidential && found.record.quarantine == .all)
            #expect(found.chunker == Self.chunker(64))
            for tokens in [0, 31, 2049] {
                let bad = CollectionChange(chunking: Self.chunker(tokens))
                await #expect(throws: LibraryFailure.self) {
                    try await world.library.change(id, bad, by: world.admin, request: nil)
                }
            }
            let user = try await world.person("Ana")
            await #expect(throws: AccessFailure.notPermitted(.collectionsManage)) {
                try await world.library.change(id, change, by: user, request: nil)
            }
        }
    }

    @Test func `another parser makes a version, and what was cited stays`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let id = try await world.document("# Leave\n\nThirty days of plumbus.", at: "a.md", in: collection)
            let before = try await world.library.text(of: id, for: world.admin)
            try await world.database.write(.tenant(world.tenant)) { tx in
                try tx.execute("UPDATE document_versions SET parser = 'markdown/0' WHERE document = \(id)")
            }
            #expect(try await world.library.rereadStatus(for: world.admin).outdated == 1)
            _ = try await world.library.startRereading(by: world.admin, request: nil)
            try await world.runJobs()
            let after = try await world.library.text(of: id, for: world.admin)
            #expect(after.version != before.version && after.parser == before.parser)
            let cited = try await world.library.text(of: id, version: before.version, for: world.admin)
            #expect(cited.text == before.text && cited.hash == before.hash && cited.parser == "markdown/0")
            #expect(try await world.found("plumbus", as: world.admin) == [id])
            // It can be read once more from the one original.
            try await world.database.write(.tenant(world.tenant)) { tx in
                try tx.execute("UPDATE document_versions SET parser = 'markdown/0' WHERE document = \(id)")
            }
            _ = try await world.library.startRereading(by: world.admin, request: nil)
            try await world.runJobs()
            #expect(try await world.library.versions(of: id, for: world.admin).map(\.number) == [3, 2, 1])
            try await world.library.delete(id, by: world.admin, request: nil)
            #expect(try await world.originals.addresses().isEmpty)
        }
    }

    @Test func `a newer upload that waits is not overtaken`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let id = try await world.document("First plumbus.", at: "a.md", in: collection)
            try await world.database.write(.tenant(world.tenant)) { tx in
                try tx.execute("UPDATE document_versions SET parser = 'markdown/0' WHERE document = \(id)")
            }
            _ = try await world.library.startRereading(by: world.admin, request: nil)
            try await world.upload("Second grommet.", to: "a.md", in: collection)
            try await world.runJobs()
            #expect(try await world.found("grommet", as: world.admin) == [id])
            #expect(try await world.found("plumbus", as: world.admin) == [])
        }
    }
}
