import Kit
import TestKit
import Testing

@testable import HTTPKit

@Suite("Cursor paging")
struct CursorPagingTests {
    @Test("gives back the key it was given, whatever it is", arguments: ["", "a", "doc_1", "ключ/😀", "a&b=c d+e"])
    func roundTrips(_ key: String) throws {
        let cursor = CursorPaging.cursor(key)
        #expect(cursor.utf8.allSatisfy { $0 != 0x2B && $0 != 0x2F && $0 != 0x3D })
        #expect(try CursorPaging.request(from: ["cursor": cursor]).after == key)
    }

    @Test("has bounds and a default")
    func bounds() throws {
        #expect(try CursorPaging.request(from: [:]).limit == PageRequest.limitDefault)
        #expect(try CursorPaging.request(from: ["limit": "200"]).limit == 200)
    }

    @Test(
        "refuses a limit or cursor that is not one",
        arguments: [
            ("limit", "0"), ("limit", "-1"), ("limit", "201"), ("limit", "many"), ("limit", "1.5"), ("limit", ""),
            ("limit", "99999999999999999999"), ("cursor", "%"), ("cursor", "AQ=="), ("cursor", "doc_1"), ("cursor", ""),
            ("cursor", "Af8"), ("cursor", String(repeating: "A", count: 2000)), ("cursor", "AR"),
        ])
    func refuses(_ name: String, _ value: String) {
        let problem = #expect(throws: Problem.self) { try CursorPaging.request(from: [name: value]) }
        #expect(problem?.title.contains(name) == true)
    }

    @Test("base 64 decodes exactly what it encodes, and one spelling only")
    func base64() throws {
        let seed: UInt64 = 4
        var generator = SeededGenerator(seed: seed)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes, "seed \(seed)")
        }
        #expect(Base64URL.encode(Array("fo".utf8)) == "Zm8")
        #expect(Base64URL.decode("Zm9") == nil)
        #expect(Base64URL.decode("A") == nil)
    }
}
