import Kit
import TestKit
import Testing

@Suite struct BytesTests {
    @Test func `hexadecimal reads back what it wrote`() {
        let seed: UInt64 = 11
        let randomness = Randomness.seeded(seed)
        for length in 0..<70 {
            let bytes = randomness.bytes(length)
            #expect(Hex.decode(Hex.encode(bytes)) == bytes, "seed \(seed), length \(length)")
        }
        #expect(Hex.encode([0x00, 0x0f, 0xf0, 0xff]) == "000ff0ff")
    }

    @Test(arguments: ["0", "abc", "0G", "0x", "AB", " 00", "00 ", "0\n", "\u{ff10}0", "é", "-1", "+1"])
    func `anything but pairs of lower-case digits is refused`(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    @Test func `canonical bytes are a length and the field, each`() {
        var bytes = CanonicalBytes(domain: "d")
        bytes.append("ab")
        bytes.append(Int64(-2))
        bytes.append([])
        let expected: [[UInt8]] = [
            [0, 0, 0, 1, 0x64], [0, 0, 0, 2, 0x61, 0x62],
            [0, 0, 0, 8, 255, 255, 255, 255, 255, 255, 255, 254], [0, 0, 0, 0],
        ]
        #expect(bytes.bytes == expected.flatMap { $0 })
    }

    @Test func `no two lists of fields have the same canonical bytes`() {
        let lists: [[String]] = [
            [], [""], ["", ""], ["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], ["a", "b", "c"],
            ["\0\0\0\u{1}a"], ["\0\0\0\u{1}", "a"],
        ]
        let encoded = lists.flatMap { list in ["one", "two"].map { bytes(of: list, domain: $0) } }
        #expect(Set(encoded).count == encoded.count)
    }

    private func bytes(of fields: [String], domain: String) -> [UInt8] {
        var bytes = CanonicalBytes(domain: domain)
        for field in fields { bytes.append(field) }
        return bytes.bytes
    }

    @Test func `the same seed gives the same bytes of any length`() {
        for length in [0, 1, 7, 8, 9, 33] {
            let bytes = Randomness.seeded(5).bytes(length)
            #expect(bytes.count == length)
            #expect(bytes == Randomness.seeded(5).bytes(length))
        }
        #expect(Randomness.seeded(5).bytes(16) != Randomness.seeded(6).bytes(16))
    }
}
