/// The path and query of a request, taken apart once. Nil from `init` means that no route may match it.
///
/// There is no normalisation: a path with an empty, `.` or `..` segment, an escaped slash, a backslash, a control
/// character or broken escapes is not another spelling of some route, it is nothing (ATT-24).
struct RequestTarget {
    struct Segment {
        /// As sent; literals of routes are compared with this.
        let raw: Substring
        /// Percent-decoded; values of parameters.
        let decoded: String
    }

    let segments: [Segment]
    let rawQuery: Substring

    init?(_ target: String) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = parts.first, path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(UInt8(ascii: "#"))
        else { return nil }
        rawQuery = parts.count > 1 ? parts[1] : ""
        guard path != "/" else {
            segments = []
            return
        }
        var segments: [Segment] = []
        for raw in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let decoded = PercentEncoding.decode(raw), Self.isClean(decoded) else { return nil }
            segments.append(Segment(raw: raw, decoded: decoded))
        }
        self.segments = segments
    }

    private static func isClean(_ segment: String) -> Bool {
        guard !segment.isEmpty, segment != ".", segment != ".." else { return false }
        return !segment.unicodeScalars.contains { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar == "/" || scalar == "\\"
        }
    }

    /// First value of each name, percent-decoded, `+` as space. Throws `Problem` `request.invalid`.
    func query() throws -> [String: String] {
        var items: [String: String] = [:]
        for item in rawQuery.split(separator: "&") {
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(pair[0], plusIsSpace: true),
                let value = PercentEncoding.decode(pair.count > 1 ? pair[1] : "", plusIsSpace: true)
            else { throw Problem.invalid("query", "It has a broken percent escape or is not UTF-8.") }
            if items[name] == nil { items[name] = value }
        }
        return items
    }
}

/// Percent-encoding (RFC 3986, section 2.1), strict: broken escapes and invalid UTF-8 have no decoded form.
package enum PercentEncoding {
    package static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        var source = text.utf8.makeIterator()
        while let byte = source.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = source.next().flatMap(digit), let low = source.next().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace:
                bytes.append(0x20)
            default:
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Everything but unreserved characters is escaped; fit for one path segment or one query value.
    package static func encode(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let character = Character(Unicode.Scalar(byte))
            let isUnreserved = byte < 0x80 && (character.isLetter || character.isNumber || "-._~".contains(character))
            result +=
                isUnreserved
                ? String(character) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        return result
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
