/// Decoding of one scalar beyond ASCII (RFC 3629), strict: no overlong forms, no surrogates, nothing above U+10FFFF.
enum UTF8Scalar {
    /// The scalar at `position` and its length in bytes, or nil if the bytes there are not one.
    @inline(__always)
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> (scalar: UInt32, length: Int)? {
        let first = bytes[position]
        let (length, smallest): (Int, UInt32)
        switch first {
        case 0xC2...0xDF: (length, smallest) = (2, 0x80)
        case 0xE0...0xEF: (length, smallest) = (3, 0x800)
        case 0xF0...0xF4: (length, smallest) = (4, 0x10000)
        default: return nil
        }
        guard bytes.count - position >= length else { return nil }
        var scalar = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let byte = bytes[position + offset]
            guard byte & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        guard scalar >= smallest, scalar <= 0x10FFFF, !(0xD800..<0xE000).contains(scalar) else { return nil }
        return (scalar, length)
    }
}
