import Foundation

/// What the tokenizer does with a Unicode scalar, pinned to the tables of the reference tokenizer.
///
/// The reference carries category tables of an older Unicode version than Swift's library, so asking
/// `Unicode.Scalar.Properties` would tokenize some recent scalars otherwise. `scripts/encoder-unicode.py` asks the
/// reference about each scalar and writes `UnicodeTable+Generated.swift`; this type unpacks it into pages of 256.
struct UnicodeTable: Sendable {
    /// The fate of one scalar.
    enum Outcome: Equatable {
        case kept, dropped, space, isolated
        /// Indices of `targets`.
        case mapped(Range<Int>)
    }

    /// A scalar that another one becomes.
    struct Target {
        let scalar: UInt32
        let isolated: Bool
    }

    static let shared = UnicodeTable(encoded: encoded)

    private(set) var targets: [Target] = []
    /// 0 kept, 1 dropped, 2 space, 3 isolated; otherwise the first target's index * 16 + 4 + the number of targets.
    private var entries = [UInt32](repeating: 0, count: 256)
    /// Page of 256 scalars -> page of `entries`. Page 0 is all kept.
    private var pages = [UInt16](repeating: 0, count: 0x1100)

    private static let dropped: UInt32 = 1
    private static let space: UInt32 = 2
    private static let isolated: UInt32 = 3

    private init(encoded: String) {
        // The text is a constant of this module, checked by the test that counts the outcomes of all scalars.
        let data = Data(base64Encoded: encoded, options: .ignoreUnknownCharacters) ?? Data()
        var reader = VariableLengthReader(bytes: [UInt8](data))
        for kind in [Self.dropped, Self.space, Self.isolated] { readRanges(of: kind, from: &reader) }
        readMapped(from: &reader)
    }

    /// The outcome of a scalar from U+0080; ASCII has a table of its own in `WordPieceTokenizer`.
    @inline(__always)
    func outcome(of scalar: UInt32) -> Outcome {
        switch entry(of: scalar) {
        case 0: .kept
        case Self.dropped: .dropped
        case Self.space: .space
        case Self.isolated: .isolated
        case let entry: .mapped(Int(entry >> 4)..<Int(entry >> 4) + Int(entry & 15) - 4)
        }
    }

    @inline(__always)
    private func entry(of scalar: UInt32) -> UInt32 {
        entries[Int(pages[Int(scalar >> 8)]) << 8 | Int(scalar & 255)]
    }

    private mutating func set(_ scalar: UInt32, to entry: UInt32) {
        let page = Int(scalar >> 8)
        if pages[page] == 0 {
            pages[page] = UInt16(entries.count / 256)
            entries.append(contentsOf: repeatElement(0, count: 256))
        }
        entries[Int(pages[page]) << 8 | Int(scalar & 255)] = entry
    }

    private mutating func readRanges(of kind: UInt32, from reader: inout VariableLengthReader) {
        var start: UInt32 = 0
        for _ in 0..<reader.next() {
            start += reader.next()
            let end = start + reader.next()
            fill(start..<end, with: kind)
            start = end
        }
    }

    /// Whole pages of one kind share one page of entries: the private-use planes and the ideographs are 800 of them.
    private mutating func fill(_ range: Range<UInt32>, with kind: UInt32) {
        var uniform: UInt16 = 0
        var scalar = range.lowerBound
        while scalar < range.upperBound {
            guard scalar & 255 == 0, range.upperBound - scalar >= 256 else {
                set(scalar, to: kind)
                scalar += 1
                continue
            }
            if uniform == 0 {
                uniform = UInt16(entries.count / 256)
                entries.append(contentsOf: repeatElement(kind, count: 256))
            }
            pages[Int(scalar >> 8)] = uniform
            scalar += 256
        }
    }

    private mutating func readMapped(from reader: inout VariableLengthReader) {
        var scalar: UInt32 = 0
        var distance: Int32 = 0
        for _ in 0..<reader.next() {
            scalar += reader.next()
            let count = reader.next()
            distance += reader.nextSigned()
            set(scalar, to: UInt32(targets.count) << 4 | (4 + count))
            append(target: UInt32(Int32(scalar) + distance))
            for _ in 1..<count { append(target: reader.next()) }
        }
    }

    private mutating func append(target: UInt32) {
        let isolated = target < 128 ? ASCIIClass.table[Int(target)] == .isolated : entry(of: target) == Self.isolated
        targets.append(Target(scalar: target, isolated: isolated))
    }
}

/// Unsigned integers of seven bits a byte, low bits first, the top bit set on all but the last byte.
private struct VariableLengthReader {
    let bytes: [UInt8]
    var position = 0

    mutating func next() -> UInt32 {
        var value: UInt32 = 0
        var shift: UInt32 = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            value |= UInt32(byte & 127) << shift
            if byte < 128 { break }
            shift += 7
        }
        return value
    }

    /// Zigzag: 0, -1, 1, -2, ... are written as 0, 1, 2, 3, ...
    mutating func nextSigned() -> Int32 {
        let value = next()
        return Int32(value >> 1) ^ -Int32(value & 1)
    }
}
