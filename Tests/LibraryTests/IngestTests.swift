import Access
import Documents
import Foundation
import Kit
import Search
import Storage
import TestKit
import TestLibrary
import Testing

@testable import JobQueue
@testable import Library

@Suite struct IngestTests {
    @Test func `an upload is found once its job has run, and nothing of it before`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let receipt = try await world.upload(
                "# Leave\n\nThirty days of plumbus.", to: "hr/leave.md", in: collection)
            #expect(receipt.state == .queued && receipt.isNew)
            await #expect(throws: LibraryFailure.notFound) { try await world.text(receipt.document, as: world.admin) }
            #expect(try await world.found("plumbus", as: world.admin) == [])
            let queued = try await world.library.document(receipt.document, for: world.admin)
            #expect(queued.title == nil && queued.currentVersion == nil && queued.chunks == 0)

            try await world.runJobs()
            let ready = try await world.library.document(receipt.document, for: world.admin)
            #expect(ready.state == .ready && ready.title == "Leave" && ready.currentVersion == receipt.version)
            #expect(ready.chunks == 1 && ready.path == "hr/leave.md" && ready.reason == nil)
            #expect(try await world.text(receipt.document, as: world.admin) == "Leave\n\nThirty days of plumbus.")
            #expect(try await world.found("plumbus", as: world.admin) == [receipt.document])
            #expect(try await world.audited().suffix(2) == ["documents.upload", "documents.publish"])
        }
    }

    @Test func `a path is looked up by all that is known of it, however many documents there are`() async throws {
        try await LibraryWorld.each { world in
            guard case .sqlite = world.database.dialect else { return }
            let lookup = DocumentStore.atPath([], in: try await world.collection(), for: world.admin)
            let plan = try await world.database.read { connection in
                try connection.rows("EXPLAIN QUERY PLAN \(lookup)").map { row -> String in try row["detail"] }
            }
            #expect(plan.contains { $0.contains("(tenant=? AND collection=? AND path_index=?)") }, "\(plan)")
        }
    }

    @Test func `what is meant is found in other words`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let leave = try await world.document("Holiday allowance is thirty days.", at: "a.md", in: collection)
            _ = try await world.document("The boiler is serviced by plumbers.", at: "b.md", in: collection)
            let question = "How much vacation do I get?"
            let vector = try await LibraryWorld.encoder().questionVector(question)
            let (_, passages) = try await world.library.passages(
                SearchQuery(text: question, vector: vector), for: world.admin)
            #expect(passages.first?.document.id == leave)
            let passage = try #require(passages.first)
            #expect(passage.text == Array(passage.source.text[passage.hit.start..<passage.hit.end]))
        }
    }

    @Test func `a crash in the middle shows nothing and the job comes again`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let receipt = try await world.upload("Word plumbus.", to: "a.md", in: collection)
            // A worker that took the job and died.
            #expect(try await world.jobs.claim(world.tenant, limit: 1).count == 1)
            try await world.runJobs()
            #expect(try await world.state(receipt.document) == .queued)
            world.time.advance(by: .seconds(61))
            // Its successor meets an absent disk after it has begun.
            world.originals.setBroken(true)
            try await world.runJobs()
            #expect(try await world.state(receipt.document) == .processing)
            #expect(try await world.found("plumbus", as: world.admin) == [])
            await #expect(throws: LibraryFailure.notFound) { try await world.text(receipt.document, as: world.admin) }
            world.originals.setBroken(false)
            world.time.advance(by: .seconds(3600))
            try await world.runJobs()
            #expect(try await world.state(receipt.document) == .ready)
            #expect(try await world.found("plumbus", as: world.admin) == [receipt.document])
        }
    }

    @Test func `a worker that lost its lease publishes nothing`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let receipt = try await world.upload("Word plumbus.", to: "a.md", in: collection)
            let claimed = try #require(try await world.jobs.claim(world.tenant, limit: 1).first)
            world.jobs.running.insert(claimed.lease, until: claimed.until)
            world.time.advance(by: .seconds(61))
            #expect(try await world.jobs.claim(world.tenant, limit: 1).count == 1)
            await world.jobs.perform(claimed)
            #expect(try await world.state(receipt.document) == .queued)
            #expect(try await world.found("plumbus", as: world.admin) == [])
        }
    }

    @Test func `the same bytes twice change nothing`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let first = try await world.upload("Same.", to: "a.md", in: collection)
            let queued = try await world.upload("Same.", to: "a.md", in: collection)
            #expect(!queued.isNew && queued.version == first.version && queued.job == first.job)
            try await world.runJobs()
            let entries = try await world.audited().count
            let ready = try await world.upload("Same.", to: "a.md", in: collection)
            #expect(!ready.isNew && ready.document == first.document && ready.version == first.version)
            #expect(ready.state == .ready)
            #expect(try await world.audited().count == entries)
            #expect(try await world.jobs.claim(world.tenant, limit: 1).isEmpty)
            #expect(try await world.originals.addresses().count == 1)
            // Elsewhere it is another document.
            #expect(try await world.upload("Same.", to: "b.md", in: collection).document != first.document)
        }
    }

    @Test func `a new version takes the place of the old one at once, and not before`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let document = try await world.document("# Old\n\nThe plumbus rule.", at: "a.md", in: collection)
            let old = try await world.row(document)?.currentVersion
            world.time.advance(by: .seconds(1))
            let next = try await world.upload("# New\n\nThe grumbo rule.", to: "a.md", in: collection)
            #expect(next.document == document && next.isNew && next.version != old)
            #expect(try await world.text(document, as: world.admin).contains("plumbus"))
            #expect(try await world.found("plumbus", as: world.admin) == [document])
            #expect(try await world.found("grumbo", as: world.admin) == [])
            #expect(try await world.state(document) == .queued)

            try await world.runJobs()
            #expect(try await world.text(document, as: world.admin) == "New\n\nThe grumbo rule.")
            #expect(try await world.found("plumbus", as: world.admin) == [])
            #expect(try await world.found("grumbo", as: world.admin) == [document])
            #expect(try await world.row(document)?.title == "New")
            // A citation of the old one still leads somewhere.
            let cited = try await world.library.text(of: document, version: old, for: world.admin)
            #expect(String(decoding: cited.text, as: UTF8.self) == "Old\n\nThe plumbus rule.")
        }
    }

    @Test(arguments: [
        ([0x2d, 0x2d, 0x2d], IngestFailure.unreadable(.noText)),
        (Array("<!doctype html><script>a</script>".utf8), .unreadable(.noText)),
        ([0x50, 0x4b, 3, 4], .unreadable(.damaged)),
    ])
    func `a new version that fails keeps the old one`(bytes: [UInt8], reason: IngestFailure) async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let document = try await world.document("The plumbus rule.", at: "a.md", in: collection)
            let failed = try await world.upload(bytes, to: "a.md", in: collection)
            try await world.runJobs()
            let record = try #require(try await world.row(document))
            #expect(record.state == .failed && record.reason == reason)
            #expect(record.currentVersion != failed.version)
            #expect(try await world.text(document, as: world.admin) == "The plumbus rule.")
            #expect(try await world.found("plumbus", as: world.admin) == [document])
            await #expect(throws: LibraryFailure.notFound) {
                try await world.library.text(of: document, version: failed.version, for: world.admin)
            }
            // The same bytes again are a new try, since the first one failed.
            #expect(try await world.upload(bytes, to: "a.md", in: collection).isNew)
        }
    }

    @Test func `only the newest of two waiting versions is published`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let first = try await world.upload("First plumbus.", to: "a.md", in: collection)
            let second = try await world.upload("Second grumbo.", to: "a.md", in: collection)
            try await world.runJobs()
            #expect(first.document == second.document)
            #expect(try await world.text(first.document, as: world.admin) == "Second grumbo.")
            #expect(try await world.found("plumbus", as: world.admin) == [])
        }
    }

    @Test func `two uploads at once to one path are two versions of one document`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            async let one = world.upload("One.", to: "d/a.md", in: collection)
            async let two = world.upload("Two.", to: "d/a.md", in: collection)
            let receipts = [try await one, try await two]
            #expect(Set(receipts.map(\.document)).count == 1)
            #expect(Set(receipts.map(\.version)).count == 2)
            #expect(try await world.originals.addresses().count == 2)
        }
    }

    @Test func `whoever may no longer write when the job runs publishes nothing`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let ana = try await world.person("ana")
            let receipt = try await world.upload("Word plumbus.", to: "a.md", in: collection, as: ana)
            _ = try await world.access.updateUser(ana.subject, UserChange(roles: [.viewer]), as: world.admin)
            try await world.runJobs()
            let record = try #require(try await world.row(receipt.document))
            #expect(record.state == .failed && record.reason == .rightsLost && record.currentVersion == nil)
            #expect(try await world.found("plumbus", as: world.admin) == [])
        }
    }

    @Test func `whoever loses the right to write while the job runs publishes nothing`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana")
            let receipt = try await world.upload("Word plumbus.", to: "a.md", in: try await world.collection(), as: ana)
            let (access, admin) = (world.access, world.admin)
            world.originals.interruptGet {
                _ = try await access.updateUser(ana.subject, UserChange(roles: [.viewer]), as: admin)
            }
            try await world.runJobs()
            let record = try #require(try await world.row(receipt.document))
            #expect(record.state == .failed && record.reason == .rightsLost && record.currentVersion == nil)
            #expect(try await world.found("plumbus", as: world.admin) == [])
        }
    }

    @Test func `whoever may no longer see the collection when the job runs publishes nothing`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let ana = try await world.person("ana")
            let receipt = try await world.upload("Word plumbus.", to: "a.md", in: collection, as: ana)
            try await world.library.setAccess(
                ACLConstraint(allow: [.subject(world.admin.subject)]), ofCollection: collection, by: world.admin,
                request: nil)
            try await world.runJobs()
            #expect(try await world.row(receipt.document)?.reason == .rightsLost)
            #expect(try await world.found("plumbus", as: world.admin) == [])
        }
    }

    @Test func `a suspended uploader's job publishes nothing`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let ana = try await world.person("ana")
            let receipt = try await world.upload("Word plumbus.", to: "a.md", in: collection, as: ana)
            _ = try await world.access.updateUser(ana.subject, UserChange(isSuspended: true), as: world.admin)
            try await world.runJobs()
            #expect(try await world.row(receipt.document)?.currentVersion == nil)
            #expect(try await world.found("plumbus", as: world.admin) == [])
        }
    }

    @Test func `a stored original that went missing or bad is told apart`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let receipt = try await world.upload("Word.", to: "a.md", in: collection)
            for address in try await world.originals.addresses() { try await world.originals.delete(address) }
            try await world.runJobs()
            #expect(try await world.row(receipt.document)?.reason == .originalMissing)
        }
    }

    @Test func `what is empty or too large is refused before anything is stored`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            await #expect(throws: LibraryFailure.empty) { try await world.upload("", to: "a.md", in: collection) }
            let bytesMax = LibrarySettings().uploadBytesMax
            let large = [UInt8](repeating: 0x61, count: bytesMax + 1)
            await #expect(throws: LibraryFailure.tooLarge(bytes: bytesMax + 1, bytesMax: bytesMax)) {
                try await world.upload(large, to: "a.md", in: collection)
            }
            #expect(try await world.listed(collection, as: world.admin) == [])
            #expect(try await world.originals.addresses() == [])
        }
    }

    @Test func `a document of many chunks is cut, indexed and shown in order`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let sections = (1...3).map { number in
                "## Part \(number)\n\n" + String(repeating: "The word\(number) is said here again. ", count: 60)
            }
            let document = try await world.document(
                "# Book\n\n" + sections.joined(separator: "\n\n"), at: "book.md", in: collection)
            let source = try await world.library.text(of: document, version: nil, for: world.admin)
            #expect(source.chunks.count >= 3)
            #expect(source.chunks.map(\.ordinal) == Array(0..<source.chunks.count))
            #expect(try await world.row(document)?.chunks == source.chunks.count)
            let (_, passages) = try await world.library.passages(
                SearchQuery(text: "word3", vector: nil, mode: .lexical), for: world.admin)
            // The path above the chunk; its own heading is its first line.
            #expect(passages.first?.headings == ["Book"])
            let first = passages.first.map { String(decoding: $0.text.prefix(6), as: UTF8.self) }
            #expect(first == "Part 3")
        }
    }
}
