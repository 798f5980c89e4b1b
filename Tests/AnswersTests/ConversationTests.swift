import Access
import AuditTrail
import HTTPKit
import Kit
import Testing

@testable import Answers

@Suite struct ConversationTests {
    @Test func `a conversation is a tree of turns, found by its words`() async throws {
        try await AnswersWorld.each { world in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            let ana = try await world.person("ana")
            let first = try await world.ask(as: ana)
            let next = try await world.answers.ask(
                .init("Is it paid?", conversation: first.conversation, after: first.id), by: ana, request: nil)
            let edited = try await world.answers.ask(
                .init("Who is paid in full?", conversation: first.conversation, after: first.id), by: ana, request: nil)
            let turns = try await world.answers.turns(of: first.conversation, for: ana)
            #expect(
                turns.map(\.id)
                    == [first.id, next.id, edited.id].sorted { left, right in
                        turns.firstIndex { $0.id == left } ?? 0 < turns.firstIndex { $0.id == right } ?? 0
                    })
            #expect(Set(turns.map(\.parent)) == [nil, first.id])
            let other = try await world.ask("Where is the boiler key?", as: ana)
            #expect(try await world.answers.conversations(matching: nil, for: ana).count == 2)
            #expect(
                try await world.answers.conversations(matching: "BOILER", for: ana).map(\.id) == [other.conversation])
            #expect(
                try await world.answers.conversations(matching: "is it paid", for: ana).map(\.id)
                    == [first.conversation])
            try await world.answers.rename(first.conversation, to: "Leave", by: ana)
            #expect(try await world.answers.conversation(first.conversation, for: ana).title == "Leave")
        }
    }

    @Test func `nobody goes on with, reads or changes what is another's`() async throws {
        try await AnswersWorld.each { world in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            let (ana, ben) = (try await world.person("ana"), try await world.person("ben"))
            let asked = try await world.ask(as: ana)
            for stranger in [ben, world.admin] {
                await #expect(throws: AnswerFailure.notFound) {
                    try await world.answers.ask(
                        .init("Is it paid?", conversation: asked.conversation, after: asked.id), by: stranger,
                        request: nil)
                }
                await #expect(throws: AnswerFailure.notFound) {
                    try await world.answers.ask(
                        .init("Is it paid?", conversation: asked.conversation), by: stranger, request: nil)
                }
                await #expect(throws: AnswerFailure.notFound) {
                    try await world.answers.turns(of: asked.conversation, for: stranger)
                }
                await #expect(throws: AnswerFailure.notFound) {
                    try await world.answers.rename(asked.conversation, to: "mine", by: stranger)
                }
                await #expect(throws: AnswerFailure.notFound) {
                    try await world.answers.delete(asked.conversation, by: stranger, request: nil)
                }
                await #expect(throws: AnswerFailure.notFound) {
                    try await world.answers.rate(
                        asked.id, .bad, reason: nil, comment: nil, by: stranger, request: nil)
                }
                #expect(try await world.answers.conversations(matching: nil, for: stranger).isEmpty)
            }
        }
    }

    @Test func `who it is shared with sees what their own rights show, and no more than reads`() async throws {
        try await AnswersWorld.each { world in
            let document = try await world.document(AnswersWorld.leave, at: "leave.md")
            let (ana, ben) = (try await world.person("ana"), try await world.person("ben"))
            let asked = try await world.ask(as: ana)
            try await world.answers.share(asked.conversation, with: [ben.subject], by: ana, request: nil)
            #expect(try await world.answers.shown(world.answers.answer(asked.id, for: ben), for: ben).count > 0)
            #expect(try await world.answers.conversations(matching: nil, for: ben).count == 1)
            try await world.setAccess(ACLConstraint(deny: [.subject(ben.subject)]), of: document)
            let hidden = try await world.answers.answer(asked.id, for: ben)
            #expect(try await world.answers.shown(hidden, for: ben).isEmpty)
            #expect(try await world.events(of: hidden, for: ben).contains { $0.data.contains("sixteen") } == false)
            await #expect(throws: AnswerFailure.notFound) {
                try await world.answers.delete(asked.conversation, by: ben, request: nil)
            }
            try await world.answers.share(asked.conversation, with: [], by: ana, request: nil)
            await #expect(throws: AnswerFailure.notFound) { try await world.answers.answer(asked.id, for: ben) }
        }
    }

    @Test func `a deleted conversation is gone with its answers and what was said of them`() async throws {
        try await AnswersWorld.each { world in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            let ana = try await world.person("ana")
            let asked = try await world.ask(as: ana)
            try await world.answers.rate(
                asked.id, .bad, reason: .incomplete, comment: "And for fathers?", by: ana, request: nil)
            let said = try await world.answers.feedback(for: world.admin, request: nil)
            #expect(said.map(\.question) == [AnswersWorld.question])
            let again = try await world.answers.feedback(for: world.admin, request: nil)
            #expect(again[0].feedback.comment == "And for fathers?")
            let log = try await world.audit.entries(for: world.admin, page: PageRequest(limit: 200))
            #expect(log.items.count { $0.record.entry.action == "answers.review" } == 2)
            try await world.answers.delete(asked.conversation, by: ana, request: nil)
            await #expect(throws: AnswerFailure.notFound) { try await world.answers.answer(asked.id, for: ana) }
            #expect(try await world.answers.feedback(for: world.admin, request: nil).isEmpty)
        }
    }
}
