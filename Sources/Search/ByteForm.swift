/// Writes the binary forms of this target: LEB128 numbers, raw little-endian floats.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func number(_ value: Int) {
        var rest = UInt64(value)
        while rest >= 128 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func raw(_ values: some Sequence<UInt8>) { bytes.append(contentsOf: values) }

    mutating func counted(_ values: some Collection<UInt8>) {
        number(values.count)
        raw(values)
    }

    mutating func floats(_ values: [Float]) {
        for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
    }
}

/// Reads them back. Every length is checked against what is left before it is used, so a damaged form throws and
/// never reserves more memory than it has bytes.
struct ByteReader {
    struct Malformed: Error {}

    private let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int

    init(_ bytes: [UInt8]) { self.init(bytes, within: 0..<bytes.count) }

    /// Reads that part of `bytes` alone.
    init(_ bytes: [UInt8], within range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { position == end }

    mutating func byte() throws(Malformed) -> UInt8 {
        guard position < end else { throw Malformed() }
        defer { position += 1 }
        return bytes[position]
    }

    /// Non-negative, and at most `limit`.
    mutating func number(limit: Int = Int(Int32.max)) throws(Malformed) -> Int {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 56, by: 7) {
            let byte = try byte()
            value |= UInt64(byte & 127) << shift
            if byte < 128 {
                guard value <= UInt64(limit) else { throw Malformed() }
                return Int(value)
            }
        }
        throw Malformed()
    }

    /// A count of things that take at least `size` bytes each.
    mutating func count(ofSize size: Int) throws(Malformed) -> Int {
        try number(limit: (end - position) / max(size, 1))
    }

    mutating func range(_ length: Int) throws(Malformed) -> Range<Int> {
        guard length >= 0, length <= end - position else { throw Malformed() }
        defer { position += length }
        return position..<position + length
    }

    mutating func raw(_ length: Int) throws(Malformed) -> ArraySlice<UInt8> { bytes[try range(length)] }

    mutating func counted() throws(Malformed) -> ArraySlice<UInt8> { try raw(try count(ofSize: 1)) }

    mutating func identifierHalf() throws(Malformed) -> UInt64 {
        try raw(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func appendFloats(_ count: Int, to floats: inout [Float]) throws(Malformed) {
        let range = try range(count * 4)
        bytes.withUnsafeBytes { bytes in
            for offset in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
                let pattern = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
                floats.append(Float(bitPattern: pattern))
            }
        }
    }

    func withBytes<Value>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
}
