/// The word being read: its normalised UTF-8 bytes and, for each, the source bytes it came from.
///
/// Room for `WordPieceTokenizer.wordScalarsMax` scalars; of a longer word only the count and the source range are kept,
/// since it becomes one unknown token. Memory is borrowed for the run of `withBuffer`.
struct WordBuffer {
    static let bytesMax = WordPieceTokenizer.wordScalarsMax * 4

    let bytes: UnsafeMutableBufferPointer<UInt8>
    /// Scratch for the prefix hashes of the piece search.
    let hashes: UnsafeMutableBufferPointer<UInt64>
    private let starts: UnsafeMutableBufferPointer<Int>
    private let ends: UnsafeMutableBufferPointer<Int>
    private(set) var count = 0
    private(set) var scalars = 0
    private(set) var sourceStart = 0
    private(set) var sourceEnd = 0

    static func withBuffer(_ body: (inout WordBuffer) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytesMax) { bytes in
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: bytesMax) { hashes in
                withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * bytesMax) { offsets in
                    bytes.initialize(repeating: 0)
                    hashes.initialize(repeating: 0)
                    offsets.initialize(repeating: 0)
                    var buffer = WordBuffer(
                        bytes: bytes, hashes: hashes,
                        starts: UnsafeMutableBufferPointer(rebasing: offsets[..<bytesMax]),
                        ends: UnsafeMutableBufferPointer(rebasing: offsets[bytesMax...]))
                    body(&buffer)
                }
            }
        }
    }

    func sourceStart(of byte: Int) -> Int { starts[byte] }

    func sourceEnd(of byte: Int) -> Int { ends[byte] }

    @inline(__always)
    mutating func clear() {
        count = 0
        scalars = 0
    }

    /// Appends an ASCII letter or digit.
    @inline(__always)
    mutating func append(lowerCased byte: UInt8, at position: Int) {
        guard beginScalar(from: position..<position + 1) else { return }
        let isUpper = byte &- UInt8(ascii: "A") < 26
        append(byte: isUpper ? byte | 0x20 : byte, from: position..<position + 1)
    }

    mutating func append(_ scalar: UInt32, from source: Range<Int>) {
        guard beginScalar(from: source) else { return }
        switch scalar {
        case 0..<0x80: append(byte: UInt8(scalar), from: source)
        case 0x80..<0x800:
            append(byte: 0xC0 | UInt8(scalar >> 6), from: source)
            append(byte: 0x80 | UInt8(scalar & 0x3F), from: source)
        case 0x800..<0x10000:
            append(byte: 0xE0 | UInt8(scalar >> 12), from: source)
            append(byte: 0x80 | UInt8(scalar >> 6 & 0x3F), from: source)
            append(byte: 0x80 | UInt8(scalar & 0x3F), from: source)
        default:
            append(byte: 0xF0 | UInt8(scalar >> 18), from: source)
            append(byte: 0x80 | UInt8(scalar >> 12 & 0x3F), from: source)
            append(byte: 0x80 | UInt8(scalar >> 6 & 0x3F), from: source)
            append(byte: 0x80 | UInt8(scalar & 0x3F), from: source)
        }
    }

    /// Counts a scalar; false when the word is too long for its bytes to matter.
    @inline(__always)
    private mutating func beginScalar(from source: Range<Int>) -> Bool {
        if scalars == 0 { sourceStart = source.lowerBound }
        sourceEnd = source.upperBound
        scalars += 1
        return scalars <= WordPieceTokenizer.wordScalarsMax
    }

    @inline(__always)
    private mutating func append(byte: UInt8, from source: Range<Int>) {
        bytes[count] = byte
        starts[count] = source.lowerBound
        ends[count] = source.upperBound
        count += 1
    }
}
