import Encoder
import Foundation
import Kit
import Library
import Testing

@testable import Answers
@testable import Documents

/// The reader that aligns the words of a question with what may be quoted.
@Suite struct AlignmentTests {
    private static let formulary = """
        # Formulary

        ## Antibiotics

        | Medicine | Form | Usual dose | Highest daily dose |
        |---|---|---|---|
        | Meropenem | vial | 1 g three times a day | 6 g |
        | Amoxicillin | capsule | 500 mg three times a day | 3 g |
        | Cefuroxime | vial | 1.5 g twice a day | 4.5 g |
        """

    private static let roster = """
        # On-call roster

        | Date | First on call | Phone |
        |---|---|---|
        | 2026-12-04 | Dr Zoltan | 8814 |
        | 2026-12-05 | Dr Harcourt | 8818 |
        | 2026-12-06 | Dr Pires | 8831 |
        """

    private static let parking = """
        # Parking

        Visitors park on level 2. A day ticket costs 9 euros.

        ## Who parks free of charge

        The following people do not pay:

        - Relatives of patients in intensive care.
        - Blood donors on the day of their donation.
        """

    private func said(_ question: String, _ world: AnswersWorld) async throws -> [String] {
        let answer = try await world.ask(question, as: world.admin)
        return try await world.answers.shown(answer, for: world.admin).map(\.1.text)
    }

    private func with(_ body: @Sendable (AnswersWorld) async throws -> Void) async throws {
        try await AnswersWorld.each { world in
            try await world.document(Self.formulary, at: "formulary.md")
            try await world.document(Self.roster, at: "roster.md")
            try await world.document(Self.parking, at: "parking.md")
            try await world.document(AnswersWorld.leave, at: "leave.md")
            try await body(world)
        }
    }

    @Test func `a row answers under the heads of its columns, by its first cell or by a date in other words`()
        async throws
    {
        try await with { world in
            let dose = try await said("What is the highest daily dose of meropenem?", world)
            #expect(dose.first?.contains("6 g") == true, "\(dose)")
            let doctor = try await said("Who is first on call on 5 December 2026?", world)
            #expect(doctor.first?.contains("Harcourt") == true, "\(doctor)")
        }
    }

    @Test(arguments: [
        "What is the highest daily dose of edoxaban?", "Who is first on call on 15 December 2026?",
        "What does a season ticket for bicycles cost?",
    ])
    func `a question with a word that nothing speaks of is declined`(question: String) async throws {
        try await with { world in
            let said = try await said(question, world)
            #expect(said.isEmpty, "\(said)")
        }
    }

    @Test func `a question for two things is answered from two documents`() async throws {
        try await with { world in
            let said = try await said("What does a day ticket cost, and how long does parental leave last?", world)
            #expect(
                said.contains { $0.contains("9 euros") } && said.contains { $0.contains("sixteen weeks") }, "\(said)")
        }
    }

    @Test func `after a question as long as a window, what is asked now still counts`() async throws {
        let encoder = try AnswersWorld.encoder()
        let long = "What about " + (0..<300).map { "parking\($0)" }.joined(separator: " ") + "?"
        let question = UnderstoodQuestion("And for it at night?", after: [long])
        let words = QuestionWords(question, encoder: encoder) { _ in 1 }
        #expect(question.isFollowUp && words.tokens.count == Encoder.windowTokensMax)
        #expect(words.tokens.suffix(3) == encoder.tokens(of: Array("at night?".utf8)).map(\.id)[...])
        #expect(abs(words.weights.reduce(0, +) - 1) < 1e-4)
    }

    @Test func `of a table that is not whole only the rows that were found are read`() throws {
        let rows = (0..<400).map { "key \($0) | value \($0)" }
        let text = Array(rows.joined(separator: "\n").utf8)
        var (places, at) = ([[Range<Int>]](), 0)
        for row in rows {
            places.append([at..<at + row.utf8.count])
            at += row.utf8.count + 1
        }
        let table = DocumentLayout.Block(
            kind: .table, headings: [], range: 0..<text.count, table: .init(headerRows: 0, rows: places))
        let found = places[300][0].lowerBound..<places[302][0].upperBound
        let evidence = Evidence(
            number: 1, collection: CollectionID(high: 0, low: 1), document: DocumentID(high: 0, low: 1),
            version: VersionID(high: 0, low: 1), title: "T", text: text, range: found, blocks: [table])
        #expect(ReadingUnit.units(in: evidence).map(\.range) == places[300...302].map { $0[0] })
    }

    @Test func `units are sentences, items and rows, each with the words that it is read under`() throws {
        let text = "Head\n\nName | Dose\nA | 1 g\nB | -\n\nGiven:\n\n- at noon\n"
        func range(_ part: String) throws -> Range<Int> {
            let found = try #require(text.range(of: part))
            return found.lowerBound.utf16Offset(in: text)..<found.upperBound.utf16Offset(in: text)
        }
        let rows = try [["Name", "Dose"], ["A", "1 g"], ["B", "-"]].map { try $0.map(range) }
        let table = DocumentLayout.Table(headerRows: 1, rows: rows)
        let tableRange = rows[0][0].lowerBound..<rows[2][1].upperBound
        var evidence: [DocumentLayout.Block] = []
        evidence.append(.init(kind: .heading(level: 1), headings: [], range: try range("Head"), table: nil))
        evidence.append(.init(kind: .table, headings: ["Head"], range: tableRange, table: table))
        evidence.append(.init(kind: .paragraph, headings: ["Head"], range: try range("Given:"), table: nil))
        evidence.append(.init(kind: .listItem, headings: ["Head"], range: try range("- at noon"), table: nil))
        let units = ReadingUnit.units(
            in: Evidence(
                number: 1, collection: CollectionID(high: 0, low: 1), document: DocumentID(high: 0, low: 1),
                version: VersionID(high: 0, low: 1), title: "Doses", text: Array(text.utf8),
                range: text.utf8.indices.bytes,
                blocks: evidence))
        #expect(
            units.map(\.text) == [
                "Doses > Head: Name: A; Dose: 1 g", "Doses > Head: Name: B", "Doses > Head: Given:",
                "Doses > Head: Given: at noon",
            ])
        let bytes = Array(text.utf8)
        #expect(units.map { String(decoding: bytes[$0.range], as: UTF8.self) }.first == "A | 1 g")
    }
}

extension String.UTF8View.Indices {
    fileprivate var bytes: Range<Int> { 0..<count }
}
