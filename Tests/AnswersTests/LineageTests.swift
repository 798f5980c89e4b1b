import Access
import AuditTrail
import JobQueue
import Kit
import Library
import TestKit
import Testing

@testable import Answers

@Suite struct LineageTests {
    @Test func `a document leads to every answer that rests on it, and to no other`() async throws {
        try await AnswersWorld.each { world in
            let leave = try await world.document(AnswersWorld.leave, at: "leave.md")
            let boiler = try await world.document(AnswersWorld.boiler, at: "boiler.md")
            let (ana, ben) = (try await world.person("ana"), try await world.person("ben"))
            let first = try await world.ask(as: ana)
            world.time.advance(by: .seconds(60))
            let second = try await world.ask(as: ben)
            _ = try await world.ask("What is the capital of Mongolia?", as: ben)
            let third = try await world.ask("Where does the boiler key hang?", as: ben)

            let uses = try await world.answers.lineage(of: leave, for: world.admin, request: nil)
            #expect(uses.isWhole && uses.answers.map(\.answer).prefix(2).contains(second.id))
            let own = uses.answers.filter { [first.id, second.id].contains($0.answer) }
            #expect(own.map(\.answer) == [second.id, first.id])
            #expect(
                own.map(\.subject) == [ben.subject, ana.subject] && own.map(\.asked) == [second.created, first.created])
            let version = try await world.library.document(leave, for: world.admin).currentVersion
            #expect(own[1].versions == [version])
            #expect(own[1].citations == first.quotes.count { $0.place.document == leave })
            let others = try await world.answers.lineage(of: boiler, for: world.admin, request: nil)
            #expect(others.answers.contains { $0.answer == third.id })
            #expect(!others.answers.contains { use in !third.quotes.isEmpty && use.citations == 0 })
            let entry = try await world.audit.entries(for: world.admin, page: .init(limit: 2)).items[1].record.entry
            #expect(entry.action == "answers.lineage" && entry.resource == boiler.description)
        }
    }

    @Test func `only who reviews answers may ask, and only about documents that they see`() async throws {
        try await AnswersWorld.each { world in
            let leave = try await world.document(AnswersWorld.leave, at: "leave.md")
            let ana = try await world.person("ana")
            _ = try await world.ask(as: ana)
            await #expect(throws: AccessFailure.notPermitted(.answersReview)) {
                try await world.answers.lineage(of: leave, for: ana, request: nil)
            }
            await #expect(throws: AccessFailure.notPermitted(.answersReview)) {
                try await world.answers.lineage(ofSource: Randomness.system.identifier(), for: ana, request: nil)
            }
            await #expect(throws: LibraryFailure.notFound) {
                try await world.answers.lineage(
                    ofSource: Randomness.system.identifier(), for: world.admin, request: nil)
            }
            try await world.setAccess(ACLConstraint(deny: [.subject(world.admin.subject)]), of: leave)
            await #expect(throws: LibraryFailure.notFound) {
                try await world.answers.lineage(of: leave, for: world.admin, request: nil)
            }
        }
    }

    @Test func `a source leads to the answers that rest on what it brought, as far as one may see it`() async throws {
        try await AnswersWorld.each { world in
            let source: SourceID = Randomness.system.identifier()
            let document = try await Self.bring(AnswersWorld.leave, by: source, to: world)
            try await world.document(AnswersWorld.boiler, at: "boiler.md")
            let ana = try await world.person("ana")
            let asked = try await world.ask(as: ana)
            _ = try await world.ask("What is the capital of Mongolia?", as: ana)
            let uses = try await world.answers.lineage(ofSource: source, for: world.admin, request: nil)
            #expect(uses.answers.map(\.answer) == [asked.id] && uses.answers[0].subject == ana.subject)
            #expect(uses.answers[0].citations == asked.quotes.count { $0.place.document == document })
            try await world.setAccess(ACLConstraint(deny: [.subject(world.admin.subject)]), of: document)
            await #expect(throws: LibraryFailure.notFound) {
                try await world.answers.lineage(ofSource: source, for: world.admin, request: nil)
            }
        }
    }

    private static func bring(_ text: String, by source: SourceID, to world: AnswersWorld) async throws -> DocumentID {
        let landing = Landing(
            source: source, collection: world.collection, document: nil,
            place: DocumentPlace(path: try DocumentPath("wiki/leave.md"), origin: nil), declaredType: "text/markdown",
            label: nil, imposed: [], bytes: Array(text.utf8))
        let id = try await world.library.land(landing, by: world.admin) { _, _ in }
        let workers = Task { try await world.jobs.run() }
        defer { workers.cancel() }
        let deadline = ContinuousClock.now + .seconds(300)
        while try await world.library.document(id, for: world.admin).currentVersion == nil {
            try #require(ContinuousClock.now < deadline, "the document did not become ready")
            await Task.yield()
        }
        return id
    }

    @Test func `sentences of one answer are one use, of the cited documents only`() {
        let (one, two): (DocumentID, DocumentID) = (Randomness.system.identifier(), Randomness.system.identifier())
        let (old, new): (VersionID, VersionID) = (Randomness.system.identifier(), Randomness.system.identifier())
        let (first, second): (AnswerID, AnswerID) = (Randomness.system.identifier(), Randomness.system.identifier())
        let subject: SubjectID = Randomness.system.identifier()
        func row(_ answer: AnswerID, _ places: [(DocumentID, VersionID)]) -> LineageRow {
            LineageRow(
                answer: answer, asked: Timestamp(microseconds: 0), subject: subject, answerer: "reader",
                quotes: places.map {
                    .init(place: .init(document: $0.0, version: $0.1, start: 0, end: 1), number: 1)
                })
        }
        let rows = [
            row(first, [(one, old), (two, old)]), row(first, [(one, new), (one, new)]), row(second, [(two, old)]),
        ]
        let uses = Lineage(rows, of: [one], isWhole: true).answers
        #expect(uses.map(\.answer) == [first] && uses[0].citations == 3 && uses[0].versions == [old, new])
    }
}
