import CXML

/// `&amp;`, `&#228;` and their kind, in HTML and XML.
///
/// The names are those of HTML 4, from libxml2's table, and `apos`. A reference gives one character, so nothing grows.
enum CharacterReference {
    /// At an ampersand: the character and how long the reference is; nil when the ampersand stands for itself.
    ///
    /// `isHTML`: the semicolon may be missing where browsers allow it, and numbers 128 ... 159 are Windows-1252 (HTML,
    /// section 13.2.5.80).
    static func decode(
        _ bytes: ArraySlice<UInt8>, at start: Int, isHTML: Bool
    ) -> (text: [UInt8], length: Int)? {
        guard start + 2 < bytes.endIndex else { return nil }
        return bytes[start + 1] == UInt8(ascii: "#")
            ? number(bytes, at: start, isHTML: isHTML) : name(bytes, at: start, isHTML: isHTML)
    }

    /// All references replaced; what is none stays.
    static func decoded(_ bytes: ArraySlice<UInt8>, isHTML: Bool) -> ArraySlice<UInt8> {
        let ampersand = UInt8(ascii: "&")
        guard var next = bytes.firstIndex(of: ampersand) else { return bytes }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while true {
            text += bytes[index..<next]
            let reference = decode(bytes, at: next, isHTML: isHTML)
            text += reference?.text ?? [ampersand]
            index = next + (reference?.length ?? 1)
            guard let following = bytes[index...].firstIndex(of: ampersand) else { break }
            next = following
        }
        return (text + bytes[index...])[...]
    }

    private static func number(_ bytes: ArraySlice<UInt8>, at start: Int, isHTML: Bool) -> ([UInt8], Int)? {
        var index = start + 2
        let isHex = index < bytes.endIndex && bytes[index] | 0x20 == UInt8(ascii: "x")
        if isHex { index += 1 }
        let first = index
        var value: UInt32 = 0
        while index < bytes.endIndex, let digit = digit(bytes[index], isHex: isHex) {
            // Kept beyond the last character once it is there, so that no number of digits overflows.
            value = min(value * (isHex ? 16 : 10) + digit, 0x11_0000)
            index += 1
        }
        guard index > first else { return nil }
        let isClosed = index < bytes.endIndex && bytes[index] == UInt8(ascii: ";")
        guard isClosed || isHTML else { return nil }
        return (character(value, isHTML: isHTML), index - start + (isClosed ? 1 : 0))
    }

    private static func digit(_ byte: UInt8, isHex: Bool) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f") where isHex: UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F") where isHex: UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    private static func character(_ value: UInt32, isHTML: Bool) -> [UInt8] {
        if isHTML, (0x80..<0xa0).contains(value),
            let decoded = try? TextDecoding.decode([UInt8(value)], charset: "windows-1252")
        {
            return decoded.text
        }
        let scalar = value == 0 ? nil : Unicode.Scalar(value)
        return Array(String(scalar ?? "\u{fffd}").utf8)
    }

    private static let nameBytesMax = 10

    private static func name(_ bytes: ArraySlice<UInt8>, at start: Int, isHTML: Bool) -> ([UInt8], Int)? {
        let name = bytes[(start + 1)...].prefix(nameBytesMax).prefix { $0.isLetterOrDigit }
        guard !name.isEmpty else { return nil }
        let isClosed = name.endIndex < bytes.endIndex && bytes[name.endIndex] == UInt8(ascii: ";")
        if name.elementsEqual("apos".utf8), isClosed { return ([UInt8(ascii: "'")], 6) }
        guard isClosed || (isHTML && !continues(bytes, at: name.endIndex)) else { return nil }
        let entity = (name + [0]).withUnsafeBufferPointer { htmlEntityLookup($0.baseAddress) }
        // Without a semicolon only the oldest names count, those of Latin-1.
        guard let value = entity?.pointee.value, isClosed || value < 256, let scalar = Unicode.Scalar(value) else {
            return nil
        }
        return (Array(String(scalar).utf8), name.count + (isClosed ? 2 : 1))
    }

    /// `&copy=1` in an address is no copyright sign.
    private static func continues(_ bytes: ArraySlice<UInt8>, at index: Int) -> Bool {
        index < bytes.endIndex && (bytes[index].isLetterOrDigit || bytes[index] == UInt8(ascii: "="))
    }
}

extension UInt8 {
    var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
    var isLetterOrDigit: Bool { isLetter || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    /// The white space of HTML and XML.
    var isMarkupSpace: Bool { self == 0x20 || (0x09...0x0d).contains(self) }
    var lowercased: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}

extension Collection<UInt8> {
    var lowercasedText: String { String(decoding: map(\.lowercased), as: UTF8.self) }
}

extension [UInt8] {
    /// Where `part` begins, from `start` on. Linear in practice: the first byte is searched for.
    func firstIndex(ofSequence part: StaticString, from start: Int) -> Int? {
        let part = UnsafeBufferPointer(start: part.utf8Start, count: part.utf8CodeUnitCount)
        var index = start
        while let found = self[index...].firstIndex(of: part[0]), found + part.count <= count {
            if starts(with: part, at: found) { return found }
            index = found + 1
        }
        return nil
    }

    private func starts(with part: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        for offset in 0..<part.count where self[index + offset] != part[offset] { return false }
        return true
    }

    func hasSequence(_ part: StaticString, at index: Int) -> Bool {
        guard index + part.utf8CodeUnitCount <= count else { return false }
        return starts(with: UnsafeBufferPointer(start: part.utf8Start, count: part.utf8CodeUnitCount), at: index)
    }
}
