import Testing

@testable import Encoder

@Suite struct UnicodeTableTests {
    private let table = UnicodeTable.shared

    @Test func `every scalar has the outcome that the generator counted`() {
        var counts: [String: Int] = [:]
        for scalar in UInt32(0x80)...0x10FFFF where !(0xD800..<0xE000).contains(scalar) {
            switch table.outcome(of: scalar) {
            case .kept: counts["kept", default: 0] += 1
            case .dropped: counts["dropped", default: 0] += 1
            case .space: counts["space", default: 0] += 1
            case .isolated: counts["isolated", default: 0] += 1
            case .mapped: counts["mapped", default: 0] += 1
            }
        }
        // The 11,172 Hangul syllables are kept by the table and decomposed by arithmetic.
        let expected = ["kept": 877_454 + 11_172, "dropped": 139_218, "space": 18, "isolated": 80_952, "mapped": 3_122]
        #expect(counts == expected)
    }

    @Test(
        arguments: [
            (0x00C4, "a"), (0x1E9B, "ſ"), (0x0130, "i"), (0x2126, "ω"), (0x1F88, "α"), (0xFB1D, "י"), (0x2260, "="),
        ] as [(UInt32, String)])
    func `letters lose case and accents`(scalar: UInt32, expected: String) throws {
        guard case .mapped(let indices) = table.outcome(of: scalar) else {
            Issue.record("U+\(String(scalar, radix: 16)) is not mapped")
            return
        }
        #expect(table.targets[indices].map(\.scalar) == expected.unicodeScalars.map(\.value))
    }

    @Test func `a mapped sign of punctuation stands alone`() {
        guard case .mapped(let indices) = table.outcome(of: 0x037E) else {
            Issue.record("the Greek question mark is not mapped")
            return
        }
        #expect(table.targets[indices].map(\.isolated) == [true])
    }

    @Test(arguments: [(0xAC00, [0x1100, 0x1161]), (0xD7A3, [0x1112, 0x1175, 0x11C2])] as [(UInt32, [UInt32])])
    func `Hangul syllables decompose`(syllable: UInt32, letters: [UInt32]) {
        var found: [UInt32] = []
        HangulSyllable.forEachLetter(of: syllable) { found.append($0) }
        #expect(found == letters)
    }
}
