import Access
import Kit
import Library
import TestKit
import TestLibrary
import Testing

@testable import Answers

@Suite struct SuggestionTests {
    @Test func `questions to begin with are answered by the document that they come from`() async throws {
        try await AnswersWorld.each { world in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            try await world.document(AnswersWorld.boiler, at: "boiler.md")
            let found = try await world.answers.suggestions(in: world.collection, for: world.admin)
            #expect(found.count == 2)
            for one in found {
                let answer = try await world.answers.ask(
                    .init(one.question), by: world.admin, request: nil)
                #expect(answer.quotes.first?.place.document == one.document)
                #expect(!one.quote.isEmpty && one.question.contains(one.title))
            }
        }
    }

    @Test func `nobody is asked about what they may not see`() async throws {
        try await AnswersWorld.each { world in
            let hidden = try await world.document(AnswersWorld.leave, at: "leave.md")
            try await world.document(AnswersWorld.boiler, at: "boiler.md")
            try await world.library.setAccess(
                ACLConstraint(allow: [.subject(world.admin.subject)]), ofDocument: hidden, by: world.admin,
                request: nil)
            let reader = try await world.person("ann")
            let found = try await world.answers.suggestions(in: world.collection, for: reader)
            #expect(!found.isEmpty)
            #expect(found.allSatisfy { $0.document != hidden && !"\($0)".contains("leave") })
            let stranger = try await world.base.stranger()
            await #expect(throws: LibraryFailure.notFound) {
                try await world.answers.suggestions(in: world.collection, for: stranger)
            }
        }
    }
}
