import Foundation
import Kit
import TestKit
import Testing

@Suite struct IdentifierTests {
    @Test func `every identifier reads back from its text`() throws {
        let seed: UInt64 = 0x1d_e47
        let randomness = Randomness.seeded(seed)
        for _ in 0..<500 {
            let id: DocumentID = randomness.identifier()
            #expect(DocumentID(id.description) == id, "seed \(seed)")
            #expect(id.description.utf8.count == 30)
            #expect(try JSONDecoder().decode(DocumentID.self, from: JSONEncoder().encode(id)) == id)
        }
    }

    @Test func `the text is fixed`() {
        #expect(DocumentID(high: 0, low: 0).description == "doc_" + String(repeating: "0", count: 26))
        #expect(DocumentID(high: .max, low: .max).description == "doc_7" + String(repeating: "z", count: 25))
        #expect(DocumentID(high: 0, low: 33).description == "doc_" + String(repeating: "0", count: 24) + "11")
        #expect(DocumentID(high: 1, low: 0).bytes == [0, 0, 0, 0, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 8))
    }

    /// 26 digits after the prefix, unless the row is about their number.
    static let hostile: [String] = {
        let digits = String(repeating: "0", count: 26)
        let short = String(repeating: "0", count: 25)
        return [
            "", "doc", "doc_", digits, "_" + digits, "doc" + digits, "doc-" + digits, "DOC_" + digits, "Doc_" + digits,
            "col_" + digits, "ten_" + digits, "doc_" + short, "doc_" + digits + "0", " doc_" + digits,
            "doc_" + digits + " ", "doc_" + digits + "\n", "doc_" + digits + "\0", "doc_\0" + short,
            // Over 128 bits, and letters that Crockford leaves out or reads as digits.
            "doc_8" + short, "doc_z" + short, "doc_" + short + "i", "doc_" + short + "l", "doc_" + short + "o",
            "doc_" + short + "u", "doc_" + short + "A", "doc_" + short + "-", "doc_" + short + "'",
            "doc_" + short + "%", "doc_" + short + "\u{e9}", "doc_" + String(repeating: "0", count: 24) + "\u{e9}",
            // Digits that only look like ours.
            "doc_" + String(repeating: "\u{ff10}", count: 26), "d\u{43e}c_" + digits, "doc\u{ff3f}" + digits,
            "doc_" + short + "\u{301}", "\u{feff}doc_" + digits, "doc_" + digits + "' OR '1'='1",
            "doc_../../../../../../etc/pas", "sub_doc_" + digits,
        ]
    }()

    @Test(arguments: hostile)
    func `anything but the one form is refused`(text: String) throws {
        #expect(DocumentID(text) == nil)
        let json = try JSONEncoder().encode([text])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([DocumentID].self, from: json) }
    }

    @Test func `random bytes are never an identifier by accident`() {
        let seed: UInt64 = 77
        let randomness = Randomness.seeded(seed)
        for length in 0..<64 {
            let text = String(decoding: randomness.bytes(length), as: UTF8.self)
            #expect(DocumentID(text) == nil, "seed \(seed), length \(length)")
        }
    }

    @Test func `every kind has a prefix of its own`() {
        let prefixes = [
            TenantKind.prefix, SubjectKind.prefix, GroupKind.prefix, APIKeyKind.prefix, SessionKind.prefix,
            CollectionKind.prefix, FolderKind.prefix, DocumentKind.prefix, VersionKind.prefix, SegmentKind.prefix,
            JobKind.prefix, AnswerKind.prefix, IntentKind.prefix, RequestKind.prefix,
        ]
        #expect(Set(prefixes).count == prefixes.count)
        #expect(prefixes.allSatisfy { $0.utf8.count == 3 && $0.utf8.allSatisfy { (0x61...0x7a).contains($0) } })
    }

    @Test func `identifiers are ordered as their bytes and as their text`() {
        let randomness = Randomness.seeded(3)
        let ids = (0..<200).map { _ in randomness.identifier(DocumentID.self) }.sorted()
        for (left, right) in zip(ids, ids.dropFirst()) {
            #expect(left.bytes.lexicographicallyPrecedes(right.bytes))
            #expect(left.description.utf8.lexicographicallyPrecedes(right.description.utf8))
        }
    }
}
