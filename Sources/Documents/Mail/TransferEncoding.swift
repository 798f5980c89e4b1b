/// Content-Transfer-Encoding (RFC 2045 section 6). Both decoders take whatever comes and skip what makes no sense.
enum TransferEncoding {
    /// Nil for an encoding that is not known.
    static func decode(_ body: ArraySlice<UInt8>, _ name: String) -> [UInt8]? {
        switch name {
        case "base64": base64(body)
        case "quoted-printable": quotedPrintable(body)
        case "", "7bit", "8bit", "binary", "7-bit", "8-bit": Array(body)
        default: nil
        }
    }

    static func base64(_ body: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(body.count / 4 * 3)
        var (bits, count): (UInt32, Int) = (0, 0)
        for byte in body {
            // After padding a new run may begin, as when two encoded texts were put together.
            if byte == UInt8(ascii: "=") { (bits, count) = (0, 0) }
            guard let value = sextet(byte) else { continue }
            bits = bits << 6 | value
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return result
    }

    private static func sextet(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) + 4
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }

    static func quotedPrintable(_ body: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(body.count)
        var index = body.startIndex
        while index < body.endIndex {
            guard body[index] == UInt8(ascii: "=") else {
                result.append(body[index])
                index += 1
                continue
            }
            if let end = softLineEnd(body, after: index) {
                index = end
            } else if index + 2 < body.endIndex, let high = hex(body[index + 1]), let low = hex(body[index + 2]) {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(body[index])
                index += 1
            }
        }
        return result
    }

    /// Where the next line begins when `=` and blanks end this one. Blanks are bounded, or many `=` before a run of
    /// them would take quadratic time.
    private static func softLineEnd(_ body: ArraySlice<UInt8>, after equals: Int) -> Int? {
        var index = equals + 1
        while index < body.endIndex, index < equals + 80, body[index] == 0x20 || body[index] == 0x09 { index += 1 }
        guard index < body.endIndex else { return body.endIndex }
        if body[index] == 0x0a { return index + 1 }
        guard body[index] == 0x0d else { return nil }
        return index + 1 < body.endIndex && body[index + 1] == 0x0a ? index + 2 : index + 1
    }

    static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 48
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 55
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 87
        default: nil
        }
    }
}
