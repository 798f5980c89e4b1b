import Access
import AuditTrail
import Encoder
import Kit
import Search
import Storage
import TestKit
import TestLibrary
import Testing

@testable import JobQueue
@testable import Library

/// Two real encoders, one after the other, on both engines.
@Suite struct ReembeddingTests {
    @Test func `search goes on while every document is read by a new encoder, and the old vectors go`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let texts = [
                "Holiday allowance is thirty days.", "The boiler is serviced by plumbers.", "Soup is at noon.",
            ]
            var ids: [DocumentID] = []
            for (number, text) in texts.enumerated() {
                ids.append(try await world.document(text, at: "\(number).md", in: collection))
            }
            try await world.index.seal(world.tenant)
            let next = LibraryWorld(restarting: world, by: try SecondEncoder.encoder(), after: world.encoder)
            #expect(next.encoder.fingerprint != world.encoder.fingerprint)
            let before = try await next.library.rereadStatus(for: next.admin)
            #expect(before.serving == world.encoder.fingerprint && before.progress.behind == 3 && !before.isUpToDate)
            let answers = try await world.meant("How much vacation do I get?")
            #expect(answers.first?.document == ids[0])

            // An upload meanwhile is read by both.
            ids.append(try await next.document("Parking is free.", at: "3.md", in: collection))
            #expect(try await next.encoders(of: ids[3]).count == 2)
            let started = try await next.library.startRereading(by: next.admin, request: nil)
            #expect(started.state == .running)
            try await next.runJobs()

            let after = try await next.library.rereadStatus(for: next.admin)
            #expect(after.isUpToDate && after.state == .done && after.serving == next.encoder.fingerprint)
            for id in ids { #expect(try await next.encoders(of: id) == [next.encoder.fingerprint]) }
            #expect(try await next.segmentEncoders().isSubset(of: [next.encoder.fingerprint]))
            #expect(try await next.meant("How much vacation do I get?").count == 4)
            #expect(try await next.found("plumbers", as: next.admin) == [ids[1]])
            // The old process has nothing to compare its vectors with any more, and its words find everything.
            #expect(try await world.found("plumbers", as: world.admin) == [ids[1]])
            let actions = try await next.acts()
            #expect(actions == ["start", "switch", "end"])
        }
    }

    @Test func `without the old encoder words find all and meaning what was read again`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let ids = [
                try await world.document("Holiday allowance is thirty days.", at: "a.md", in: collection),
                try await world.document("The boiler is serviced.", at: "b.md", in: collection),
            ]
            let next = LibraryWorld(restarting: world, by: try SecondEncoder.encoder(), after: nil)
            #expect(try await next.meant("boiler").isEmpty)
            #expect(try await next.found("boiler", as: next.admin) == [ids[1]])
            let status = try await next.library.rereadStatus(for: next.admin)
            #expect(!status.isSwitched && status.advice.contains("encoder.earlier_directory"))
            let asked = try await next.library.asking("boiler", for: next.admin) { question in
                try await next.library.search(question.query(), for: next.admin).0
            }
            #expect(asked?.searched == 2 && asked?.embedded == 0)
            _ = try await next.library.startRereading(by: next.admin, request: nil)
            try await next.runJobs()
            #expect(try await next.meant("boiler").count == 2)
            #expect(try await next.library.rereadStatus(for: next.admin).isUpToDate)
        }
    }

    @Test func `it stops after a document when it is paused, and goes on there`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            for number in 0..<3 {
                _ = try await world.document("Text \(number).", at: "\(number).md", in: collection)
            }
            let next = LibraryWorld(restarting: world, by: try SecondEncoder.encoder(), after: world.encoder)
            _ = try await next.library.startRereading(by: next.admin, request: nil)
            let paused = try await next.library.pauseRereading(by: next.admin, request: nil)
            #expect(paused.state == .paused)
            try await next.runJobs()
            let waiting = try await next.library.rereadStatus(for: next.admin)
            #expect(waiting.progress.behind == 3 && waiting.state == .paused)
            let job = try #require(waiting.job)
            #expect(try await next.jobs.job(job, for: next.admin).state == .succeeded)
            _ = try await next.library.startRereading(by: next.admin, request: nil)
            try await next.runJobs()
            #expect(try await next.library.rereadStatus(for: next.admin).isUpToDate)
        }
    }

    @Test func `other work goes first, and a cancelled run is not shown as running`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            for number in 0..<3 {
                _ = try await world.document("Text \(number).", at: "\(number).md", in: collection)
            }
            let next = LibraryWorld(restarting: world, by: try SecondEncoder.encoder(), after: world.encoder)
            _ = try await next.library.startRereading(by: next.admin, request: nil)
            let job = try #require(try await next.jobs.claim(next.tenant, limit: 1).first)
            next.time.advance(by: .seconds(1))
            let upload = try await next.upload("Urgent plumbus.", to: "u.md", in: collection)
            next.time.advance(by: .seconds(1))
            next.jobs.running.insert(job.lease, until: job.until)
            await next.jobs.perform(job)
            // One document, then the upload's turn.
            #expect(try await next.library.rereadStatus(for: next.admin).progress.behind == 2)
            #expect(try await next.jobs.claim(next.tenant, limit: 1).first?.resource == upload.document.description)
            _ = try await next.jobs.cancel(job.lease.job, by: next.admin)
            #expect(try await next.library.rereadStatus(for: next.admin).state == .stopped)
        }
    }

    @Test func `it is for administrators, and the numbers are`() async throws {
        try await LibraryWorld.each { world in
            let developer = try await world.person("Dev", [.developer])
            await #expect(throws: AccessFailure.notPermitted(.libraryMaintain)) {
                try await world.library.rereadStatus(for: developer)
            }
            await #expect(throws: AccessFailure.notPermitted(.libraryMaintain)) {
                try await world.library.startRereading(by: developer, request: nil)
            }
            let stranger = try await world.stranger()
            #expect(try await world.library.rereadStatus(for: stranger).progress.documents == 0)
        }
    }
}

extension LibraryWorld {
    /// By vectors alone.
    func meant(_ question: String, as principal: Principal? = nil) async throws -> [SearchHit] {
        try await library.asking(question, for: principal ?? admin) { asked in
            try await library.search(asked.query(mode: .dense, limit: 50), for: principal ?? admin).1.map(\.hit)
        } ?? []
    }

    /// Whose vectors a document's entry has; empty without an entry.
    func encoders(of document: DocumentID) async throws -> [String] {
        try await database.read { [index, tenant] in
            try index.state(of: document, tenant: tenant, in: $0)?.encoders ?? []
        }
    }

    /// Whose vectors lie in any segment.
    func segmentEncoders() async throws -> Set<String> { try await index.encodersInSegments(tenant) }

    /// What the log says about reading again.
    func acts() async throws -> [String] {
        try await audit.entries(for: admin, page: PageRequest(limit: 200)).items.reversed().map(\.record.entry)
            .filter { $0.action == "library.reread" }.compactMap { $0.facts["act"] }
    }
}
