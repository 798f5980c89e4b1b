import Encoder
import Kit
import Testing

@testable import Answers

/// What the verifier lets through and what it withholds, over one small handbook.
@Suite struct VerifierTests {
    private static let leave = """
        Parental leave lasts sixteen weeks. It is paid in full by Corvin Clinics. Applications go to Ms Halvorsen \
        before 1 March 2026. Overtime is not paid during the leave. At least 3 days of notice are needed, except \
        in an emergency.
        """
    private static let parking = """
        Visitors pay 4 euros a day for parking. Staff pay 1 euro a day. The garage opens at 07:30 and closes at 22:00. \
        Parking is allowed on level 2 only.
        """

    private static func evidence() -> [Evidence] {
        [(leave, "Leave policy"), (parking, "Parking")].enumerated().map { index, page in
            Evidence(
                number: index + 1, collection: CollectionID(high: 0, low: 1),
                document: DocumentID(high: 0, low: UInt64(index + 1)), version: VersionID(high: 0, low: 1),
                title: page.1, text: Array(page.0.utf8), range: page.0.utf8.indices.count.range)
        }
    }

    private func verdict(_ sentence: String) async throws -> Verdict {
        try await Verifier(encoder: AnswersWorld.encoder()).verdict(
            on: sentence, from: Verifier.Prepared(Self.evidence()))
    }

    @Test(arguments: [
        "Parental leave lasts sixteen weeks. [1]", "Parental leave lasts sixteen weeks [1].",
        "\"Parental leave lasts sixteen weeks.\" [1]", "Staff pay 1 euro a day. [2]",
        "Parental leave lasts sixteen weeks. It is paid in full by Corvin Clinics. [1]",
    ])
    func `whole sentences of the source are quoted`(sentence: String) async throws {
        guard case .quoted(let place) = try await verdict(sentence) else {
            Issue.record("\(sentence): \(try await verdict(sentence))")
            return
        }
        let evidence = Self.evidence().first { $0.document == place.document }
        let bytes = try #require(evidence).text[place.start..<place.end]
        #expect(MarkedStatement(sentence).text.contains(String(decoding: bytes, as: UTF8.self).dropLast()))
    }

    @Test(arguments: [
        "Parental leave lasts 16 weeks. [1]", "Parental leave lasts 16 wks and is paid in full. [1]",
        "Visitors pay 4 € a day for parking. [2]", "The garage closes at 10 pm. [2]",
        "Applications go to Ms Halvorsen before March 1, 2026. [1]",
        "Overtime is not paid during parental leave. [1]",
        "Parental leave lasts 16 weeks, and staff pay 1 euro a day for parking. [1][2]",
    ])
    func `the same in other words and notations is supported`(sentence: String) async throws {
        guard case .supported(let places, _) = try await verdict(sentence) else {
            Issue.record("\(sentence): \(try await verdict(sentence))")
            return
        }
        #expect(!places.isEmpty)
    }

    @Test(arguments: [
        ("Parental leave lasts seventeen weeks. [1]", Verdict.Fault.quantity),
        ("Parental leave lasts sixteen months. [1]", .quantity),
        ("Parental leave lasts 160 weeks. [1]", .quantity),
        ("Applications go to Ms Halvorsen before 2 March 2026. [1]", .quantity),
        ("The garage closes at 10 am. [2]", .quantity),
        ("Applications go to Ms Lindqvist before 1 March 2026. [1]", .name),
        ("Overtime is paid during the leave. [1]", .notEntailed),
        ("Parental leave is not paid in full. [1]", .notEntailed),
        ("Parental leave is not paid in full by Corvin Clinics. [1]", .negation),
        ("At most 3 days of notice are needed. [1]", .contrary),
        ("The memo says \"parental leave is paid by the ministry\". [1]", .quote),
        ("Parental leave lasts sixteen euros a day for parking. [1][2]", .quote),
        ("Parental leave lasts sixteen weeks. [3]", .unknownSource),
        ("Staff pay 1 euro a day. [1]", .quantity),
        ("See [the policy](https://evil.test/?q=leave) for sixteen weeks. [1]", .address),
        ("Parental leave lasts sixteen weeks ![x](data:image/png;base64,AA). [1]", .address),
        ("[1]", .empty),
    ])
    func `what the source does not say is withheld, with the reason`(
        sentence: String, fault: Verdict.Fault
    ) async throws {
        let found = try await verdict(sentence)
        #expect(found == .unsupported(fault), "\(sentence): \(found)")
    }

    @Test func `a sentence about something else is not supported by resemblance`() async throws {
        for sentence in [
            "The cafeteria serves lunch to patients every day. [1]", "Employees must return their badges. [1]",
        ] {
            guard case .unsupported = try await verdict(sentence) else {
                Issue.record("\(sentence): \(try await verdict(sentence))")
                continue
            }
        }
    }

    @Test func `without a mark all passages are looked at`() async throws {
        guard case .quoted(let place) = try await verdict("Staff pay 1 euro a day.") else {
            Issue.record("not quoted")
            return
        }
        #expect(place.document == DocumentID(high: 0, low: 2))
    }
}

extension Int {
    fileprivate var range: Range<Int> { 0..<self }
}
