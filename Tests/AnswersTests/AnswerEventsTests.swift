import Access
import Foundation
import HTTPKit
import Kit
import Testing

@testable import Answers

@Suite struct AnswerEventsTests {
    /// Several sentences near each other, so that there is more than one quote.
    private static let fees = """
        # Fees

        The visitor fee for parking is four euros per day. Staff pay a parking fee of one euro per day.

        Volunteers pay no parking fee at all on Sundays.
        """

    private static func ids(_ sentences: Int) -> [String] {
        (["0"] + (0..<sentences).flatMap { ["\(16 * $0 + 1)", "\(16 * $0 + 16)"] }) + ["1000000"]
    }

    private func asked(_ world: AnswersWorld) async throws -> Answer {
        try await world.document(Self.fees, at: "fees.md")
        let answer = try await world.ask("What is the parking fee?", as: world.admin)
        #expect(answer.quotes.count >= 2)
        return answer
    }

    @Test func `a citation comes before its sentence, and the end comes last`() async throws {
        try await AnswersWorld.each { world in
            let answer = try await asked(world)
            let events = try await world.events(of: answer, for: world.admin)
            let pairs = answer.quotes.flatMap { _ in ["answer.citation", "answer.sentence"] }
            #expect(events.map(\.name) == ["answer.started"] + pairs + ["answer.finished"])
            #expect(events.map(\.id) == Self.ids(answer.quotes.count))
            for (citation, sentence) in zip(events.dropFirst(), events.dropFirst(2))
            where citation.name == "answer.citation" {
                let evidence = try JSONDecoder().decode(Citation.self, from: Data(citation.data.utf8))
                let body = try JSONDecoder().decode(SentenceBody.self, from: Data(sentence.data.utf8))
                #expect(body.text == evidence.quote && body.citations == [evidence.number] && body.kind == "quoted")
            }
        }
    }

    @Test func `a stream resumed after any event gives exactly the rest`() async throws {
        try await AnswersWorld.each { world in
            for answer in [try await asked(world), try await world.ask("zxqv wkpt", as: world.admin)] {
                let all = try await world.events(of: answer, for: world.admin)
                for (index, event) in all.enumerated() {
                    let rest = try await world.events(of: answer, for: world.admin, after: Int(event.id))
                    #expect(rest == Array(all.dropFirst(index + 1)), "after \(event.id)")
                }
                #expect(try await world.events(of: answer, for: world.admin, after: .max) == [])
                #expect(try await world.events(of: answer, for: world.admin, after: -7) == all)
                #expect(try await world.events(of: answer, for: world.admin, after: .min) == all)
            }
        }
    }

    @Test func `what was revoked meanwhile is withdrawn from the rest of a stream`() async throws {
        try await AnswersWorld.each { world in
            let document = try await world.document(Self.fees, at: "fees.md")
            let ana = try await world.person("ana")
            let answer = try await world.ask("What is the parking fee?", as: ana)
            try await world.setAccess(ACLConstraint(deny: [.subject(ana.subject)]), of: document)
            let rest = try await world.events(of: answer, for: ana, after: 16)
            let withdrawn = Array(repeating: "answer.withdrawn", count: answer.quotes.count - 1)
            #expect(rest.map(\.name) == withdrawn + ["answer.finished"])
            #expect(!rest.contains { $0.data.contains("parking") })
        }
    }
}
