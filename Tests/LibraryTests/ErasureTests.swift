import Access
import AuditTrail
import Foundation
import Keyring
import Kit
import Search
import Storage
import TestKit
import TestLibrary
import Testing

@testable import JobQueue
@testable import Library

/// Deleted means gone from every store (DESIGN 7.10).
@Suite struct ErasureTests {
    @Test func `nothing of a deleted document is left in any store`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let kept = try await world.document("Word grumbo.", at: "kept.md", in: collection)
            let document = try await world.document("# Gone\n\nWord plumbus.", at: "f/gone.md", in: collection)
            _ = try await world.document("# Gone\n\nWord plumbus two.", at: "f/gone.md", in: collection)
            try await world.index.seal(world.tenant)
            let before = try await Remains(of: document, in: world)
            #expect(before.rows > 0 && before.entries > 0 && before.jobs > 0 && before.originals.count == 2)
            let sealed = try await world.sealedBytes(of: document)
            #expect(sealed.count == 4)

            try await world.library.delete(document, by: world.admin, request: nil)
            let after = try await Remains(of: document, in: world)
            #expect(after == Remains.nothing)
            for address in before.originals {
                await #expect(throws: StorageFailure.blobMissing) { try await world.originals.get(address) }
            }
            #expect(try world.keyring.hasKey(.document(world.tenant, collection, document)) == false)
            expectUnreadable(sealed, .document(world.tenant, collection, document), world.keyring)
            await #expect(throws: LibraryFailure.notFound) {
                try await world.library.document(document, for: world.admin)
            }
            #expect(try await world.found("plumbus", as: world.admin) == [])
            #expect(try await world.found("grumbo", as: world.admin) == [kept])
            #expect(try await world.text(kept, as: world.admin) == "Word grumbo.")
            #expect(try await world.audited().suffix(2) == ["documents.delete", "documents.erased"])
        }
    }

    /// A copy that somebody took of the ciphertext, with the very place it was sealed for.
    private func expectUnreadable(_ sealed: [SealedCopy], _ scope: KeyScope, _ keyring: Keyring) {
        for copy in sealed {
            #expect(throws: SealFailure.noKey) { try keyring.open(copy.bytes, under: scope, context: copy.context) }
        }
    }

    @Test func `a document that never became ready is erased as well`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let receipt = try await world.upload("Word plumbus.", to: "a.md", in: collection)
            try await world.library.delete(receipt.document, by: world.admin, request: nil)
            try await world.runJobs()
            #expect(try await Remains(of: receipt.document, in: world) == Remains.nothing)
            #expect(try await world.originals.addresses() == [])
            // Its path is free again.
            #expect(try await world.upload("Word.", to: "a.md", in: collection).document != receipt.document)
        }
    }

    @Test func `a crash between the halves of a deletion is finished at the next start`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let document = try await world.document("Word plumbus.", at: "a.md", in: collection)
            try await world.index.seal(world.tenant)
            let originals = try await Remains(of: document, in: world).originals
            world.originals.setBroken(true)
            await #expect(throws: StorageFailure.unavailable(reason: "test")) {
                try await world.library.delete(document, by: world.admin, request: nil)
            }
            // Gone for every reader at the commit, though the disk does not answer.
            await #expect(throws: LibraryFailure.notFound) {
                try await world.library.document(document, for: world.admin)
            }
            #expect(try await world.found("plumbus", as: world.admin) == [])
            world.originals.setBroken(false)
            #expect(try await world.originals.addresses().contains(originals[0]))

            try await world.restart()
            #expect(try await Remains(of: document, in: world) == Remains.nothing)
            #expect(try await !world.originals.addresses().contains(originals[0]))
            // Done once: nothing is open any more.
            try await world.audit.replayOpenIntents(handlers: [:])
            #expect(try await world.audit.verify(.tenant(world.tenant)).isSound)
        }
    }

    @Test func `an erasure may be finished twice`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let document = try await world.document("Word plumbus.", at: "a.md", in: collection)
            world.originals.setBroken(true)
            await #expect(throws: StorageFailure.self) {
                try await world.library.delete(document, by: world.admin, request: nil)
            }
            world.originals.setBroken(false)
            let library = world.library
            try await world.audit.replayOpenIntents(handlers: [
                DocumentLibrary.erasureIntent: { _, payload in
                    try await library.resumeErasure(payload)
                    try await library.resumeErasure(payload)
                }
            ])
            #expect(try await Remains(of: document, in: world) == Remains.nothing)
        }
    }

    @Test func `originals that no row names are swept, the others stay`() async throws {
        try await LibraryWorld.files { world in
            let collection = try await world.collection()
            let document = try await world.document("Word plumbus.", at: "a.md", in: collection)
            let waiting = try await world.upload("Word two.", to: "b.md", in: collection)
            let named = Set(try await world.originals.addresses())
            let orphan = try await world.originals.put(Array("left by a crash".utf8))
            try await world.library.sweepOrphans()
            #expect(Set(try await world.originals.addresses()) == named)
            await #expect(throws: StorageFailure.blobMissing) { try await world.originals.get(orphan) }
            try await world.runJobs()
            #expect(try await world.state(waiting.document) == .ready)
            #expect(try await world.state(document) == .ready)
        }
    }

    /// Words that stand nowhere else, one for each kind of content.
    private static let canaries = [
        "Quetzalcoatlus", "Pterodactylus", "Archaeopteryx", "Compsognathus", "Dilophosaurus", "Giganotosaurus",
    ]

    @Test func `no file holds a word of any content, before a deletion or after it`() async throws {
        try await LibraryWorld.files { world in
            let words = Self.canaries
            let collection = try await world.collection(words[0])
            let text = "# \(words[1])\n\n## \(words[2])\n\nThe \(words[3]) sleeps. It eats at noon.\n"
            let document = try await world.document(text, at: "\(words[4])/\(words[5]).md", in: collection)
            // A waiting job with the file's name in its title.
            try await world.upload(text + "More.", to: "\(words[4])/\(words[5]).md", in: collection)
            try await world.index.seal(world.tenant)
            #expect(try await world.found(words[3], as: world.admin) == [document])
            let files = try expectClean(world)
            #expect(files.contains("data.sqlite-wal"))
            #expect(files.contains { $0.hasPrefix("blobs/") } && files.contains { $0.hasPrefix("index/") })
            try await world.library.delete(document, by: world.admin, request: nil)
            _ = try expectClean(world)
        }
    }

    /// Every regular file below the data directory; their paths.
    private func expectClean(_ world: LibraryWorld) throws -> [String] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: world.directory).filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: world.directory + "/" + path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }
        for path in paths {
            let data = try Data(contentsOf: URL(filePath: world.directory + "/" + path))
            for word in Self.canaries {
                for form in [word, word.lowercased(), String(word.lowercased().prefix(9))] {
                    #expect(data.range(of: Data(form.utf8)) == nil, "\(form) in \(path)")
                }
            }
        }
        return paths
    }
}

/// What is left of a document, counted in the tables themselves.
private struct Remains: Equatable {
    let rows: Int
    let entries: Int
    let jobs: Int
    let segments: Int
    let originals: [BlobAddress]

    static let nothing = Remains(rows: 0, entries: 0, jobs: 0, segments: 0, originals: [])

    init(rows: Int, entries: Int, jobs: Int, segments: Int, originals: [BlobAddress]) {
        (self.rows, self.entries, self.jobs, self.segments) = (rows, entries, jobs, segments)
        self.originals = originals
    }

    init(of document: DocumentID, in world: LibraryWorld) async throws {
        self = try await world.database.read { connection in
            let count = { (statement: SQLStatement) throws -> Int in try connection.row(statement)?["n"] ?? 0 }
            return Remains(
                rows: try count("SELECT count(*) AS n FROM documents WHERE document = \(document)")
                    + count("SELECT count(*) AS n FROM document_versions WHERE document = \(document)")
                    + count("SELECT count(*) AS n FROM chunks WHERE document = \(document)"),
                entries: try count("SELECT count(*) AS n FROM search_entries WHERE document = \(document)"),
                jobs: try count("SELECT count(*) AS n FROM jobs WHERE resource = \(document.description)"),
                segments: try count("SELECT count(*) AS n FROM search_segment_documents WHERE document = \(document)"),
                originals: try connection.rows(
                    "SELECT original FROM document_versions WHERE document = \(document)"
                ).map { try $0["original"] })
        }
    }
}

private struct SealedCopy {
    let bytes: [UInt8]
    let context: SealContext
}

extension LibraryWorld {
    /// Originals and bodies of a document as they lie in the stores; each opens while the key is there.
    fileprivate func sealedBytes(of document: DocumentID) async throws -> [SealedCopy] {
        let rows = try await database.read {
            try $0.rows("SELECT version, original, body FROM document_versions WHERE document = \(document)")
        }
        var found: [SealedCopy] = []
        for row in rows {
            let version: VersionID = try row["version"]
            found.append(
                SealedCopy(
                    bytes: try await originals.get(row["original"]), context: DocumentLibrary.originalContext(version)))
            found.append(
                SealedCopy(
                    bytes: try row["body"],
                    context: SealContext(table: "document_versions", column: "body", row: version.description)))
        }
        let record = try #require(try await row(document))
        for copy in found {
            let scope = KeyScope.document(tenant, record.collection, document)
            let plain = try keyring.open(copy.bytes, under: scope, context: copy.context)
            #expect(String(decoding: plain, as: UTF8.self).contains("plumbus"))
        }
        return found
    }

    /// What start-up does with open intents.
    fileprivate func restart() async throws {
        let library = library
        try await audit.replayOpenIntents(handlers: [
            DocumentLibrary.erasureIntent: { _, payload in try await library.resumeErasure(payload) }
        ])
    }
}
