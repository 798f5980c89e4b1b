import Access
import AuditTrail
import Crypto
import Foundation
import HTTPKit
import Kit
import Library
import Storage
import Testing

@testable import Answers

@Suite struct AnswerTests {
    @Test func `an answer quotes its source to the letter`() async throws {
        try await AnswersWorld.each { world in
            let document = try await world.document(AnswersWorld.leave, at: "leave.md")
            try await world.document(AnswersWorld.boiler, at: "boiler.md")
            let ana = try await world.person("ana")
            let answer = try await world.ask(as: ana)
            #expect(!answer.isDeclined)
            #expect(answer.quotes.map(\.number) == Array(1...answer.quotes.count))
            let source = try await world.library.text(of: document, version: nil, for: ana)
            let citations = try await world.citations(of: answer, for: ana).map { try #require($0) }
            #expect(citations[0].quote == "Parental leave lasts sixteen weeks.")
            for citation in citations where citation.document == document {
                let text = source.text
                #expect(Array(citation.quote.utf8) == Array(text[citation.start..<citation.end]))
                #expect(text[..<citation.start].reversed().starts(with: citation.before.utf8.reversed()))
                #expect(text[citation.end...].starts(with: citation.after.utf8))
                #expect(citation.hash == SHA256.hash(data: text).map { String(format: "%02x", $0) }.joined())
                #expect(citation.version == source.version && citation.parser == "markdown/3")
                #expect(citation.title == "Parental leave" && citation.path == "leave.md")
            }
        }
    }

    @Test(arguments: ["What is the capital of Mongolia?", "zxqv wkpt", "Who won the football match yesterday?"])
    func `what is not in the documents is declined`(question: String) async throws {
        try await AnswersWorld.each { world in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            let answer = try await world.ask(question, as: world.admin)
            #expect(answer.isDeclined)
            #expect(
                try await world.events(of: answer, for: world.admin).map(\.name) == [
                    "answer.started", "answer.declined",
                ])
        }
    }

    @Test func `copies of one page leave room for the page that answers`() async throws {
        try await AnswersWorld.each { world in
            let letters = Array("abcdefghijkl")
            for number in letters.indices {
                let page = "# Parental leave\n\nThis page about parental leave asks how long parental leave does last, "
                try await world.document(page + "and leaves it to page \(letters[number]).", at: "\(number).md")
            }
            let document = try await world.document(AnswersWorld.leave, at: "leave.md")
            let answer = try await world.ask(as: world.admin)
            #expect(answer.quotes.contains { $0.place.document == document })
        }
    }

    @Test func `nothing is quoted below the threshold`() async throws {
        var settings = AnswerSettings()
        settings.threshold = 0.999
        try await AnswersWorld.each(settings: settings) { world in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            #expect(try await world.ask(as: world.admin).isDeclined)
        }
    }

    @Test func `without a document there is no answer, and none of what may not be read`() async throws {
        try await AnswersWorld.each { world in
            #expect(try await world.ask(as: world.admin).isDeclined)
            let document = try await world.document(AnswersWorld.leave, at: "leave.md")
            let ana = try await world.person("ana")
            try await world.setAccess(ACLConstraint(deny: [.subject(ana.subject)]), of: document)
            #expect(try await world.ask(as: ana).isDeclined)
            #expect(try await !world.ask(as: world.admin).isDeclined)
            let elsewhere = try await world.answers.ask(
                .init(AnswersWorld.question, in: [CollectionID(high: 1, low: 1)]), by: world.admin, request: nil)
            #expect(elsewhere.isDeclined)
        }
    }

    @Test func `an empty or endless question is refused, one of several windows is not`() async throws {
        try await AnswersWorld.each { world in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            for question in ["", "  \n\t ", "\u{200b}"] {
                await #expect(throws: AnswerFailure.emptyQuestion) { try await world.ask(question, as: world.admin) }
            }
            await #expect(throws: AnswerFailure.questionTooLong(charactersMax: 10_000)) {
                try await world.ask(String(repeating: "a", count: 10_001), as: world.admin)
            }
            let long = String(repeating: AnswersWorld.question + " ", count: 60)
            let asked = try await world.ask(long, as: world.admin)
            #expect(try await world.answers.answer(asked.id, for: world.admin).question == long)
        }
    }

    @Test func `an answer read again after a revocation hides its evidence`() async throws {
        try await AnswersWorld.each { world in
            let document = try await world.document(AnswersWorld.leave, at: "leave.md")
            let ana = try await world.person("ana")
            let asked = try await world.ask(as: ana)
            try await world.setAccess(ACLConstraint(deny: [.subject(ana.subject)]), of: document)
            let again = try await world.answers.answer(asked.id, for: ana)
            #expect(again.question == AnswersWorld.question && again.quotes == asked.quotes)
            #expect(try await world.citations(of: again, for: ana).allSatisfy { $0 == nil })
            let body = AnswerBody(again, [], nearest: [])
            #expect(body.withdrawn == again.quotes.count && body.sentences.isEmpty && body.declined == nil)
            // Given back, the evidence is there again.
            try await world.setAccess(ACLConstraint(), of: document)
            #expect(try await world.citations(of: again, for: ana).allSatisfy { $0 != nil })
        }
    }

    @Test func `an answer read again after a deletion has withdrawn its sentences`() async throws {
        try await AnswersWorld.each { world in
            let document = try await world.document(AnswersWorld.leave, at: "leave.md")
            let ana = try await world.person("ana")
            let asked = try await world.ask(as: ana)
            try await world.library.delete(document, by: world.admin, request: nil)
            let again = try await world.answers.answer(asked.id, for: ana)
            let events = try await world.events(of: again, for: ana)
            let withdrawn = Array(repeating: "answer.withdrawn", count: asked.quotes.count)
            #expect(events.map(\.name) == ["answer.started"] + withdrawn + ["answer.finished"])
            #expect(!events.contains { $0.data.contains("sixteen") })
        }
    }

    @Test func `an answer goes on to cite the version it was made from`() async throws {
        try await AnswersWorld.each { world in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            let asked = try await world.ask(as: world.admin)
            let before = try await world.citations(of: asked, for: world.admin)
            try await world.document("# Parental leave\n\nIt lasts for one day only.", at: "leave.md")
            #expect(try await world.citations(of: asked, for: world.admin) == before)
        }
    }

    @Test func `an answer is its asker's alone`() async throws {
        try await AnswersWorld.each { world in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            let ana = try await world.person("ana")
            let asked = try await world.ask(as: ana)
            let other = try await world.access.createTenant(name: "Other Hospital")
            let stranger = try await world.access.authenticate(PresentedCredentials(localTenant: other.description))
            for principal in [try await world.person("ben"), world.admin, stranger] {
                await #expect(throws: AnswerFailure.notFound) {
                    try await world.answers.answer(asked.id, for: principal)
                }
            }
            await #expect(throws: AnswerFailure.notFound) {
                try await world.answers.answer(AnswerID(high: 1, low: 1), for: ana)
            }
            #expect(try await world.citations(of: asked, for: stranger).allSatisfy { $0 == nil })
        }
    }

    @Test func `every question is in the audit log, answered or declined, without its words`() async throws {
        try await AnswersWorld.each { world in
            let document = try await world.document(AnswersWorld.leave, at: "leave.md")
            let ana = try await world.person("ana")
            let answers = [try await world.ask(as: ana), try await world.ask("zxqv wkpt", as: ana)]
            let page = try await world.audit.entries(for: world.admin, page: PageRequest(limit: 200))
            let entries = page.items.map(\.record.entry).filter { $0.action == "answers.ask" }.reversed()
            #expect(entries.map(\.resource) == answers.map(\.id.description))
            #expect(entries.allSatisfy { $0.subject == ana.subject && $0.outcome == .allowed })
            #expect(entries.map { $0.facts["declined"] } == ["false", "true"])
            #expect(entries.map { $0.facts["documents"] } == [document.description, ""])
            #expect(!entries.contains { $0.facts.values.contains { $0.contains("parental") || $0.contains("zxqv") } })
        }
    }

    @Test func `the words of a question lie nowhere in plain text`() async throws {
        try await AnswersWorld.files { world, directory in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            let asked = try await world.ask("How long is Quetzalcoatlus leave?", as: world.admin)
            #expect(try await world.answers.answer(asked.id, for: world.admin).question.contains("Quetzalcoatlus"))
            for path in try FileManager.default.subpathsOfDirectory(atPath: directory) {
                guard let data = FileManager.default.contents(atPath: directory + "/" + path) else { continue }
                for word in ["Quetzalcoatlus", "quetzalc", "sixteen weeks", "Parental", "parental"] {
                    #expect(data.range(of: Data(word.utf8)) == nil, "\(word) in \(path)")
                }
            }
        }
    }
}
