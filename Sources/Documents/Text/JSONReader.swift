/// A pull reader of JSON (RFC 8259) and of several values after one another: tokens in order, in linear time and
/// without recursion, so depth costs no stack. Being a value, a copy of it looks ahead.
///
/// It forgives what people write by hand, namely comments, words without quotes and misplaced commas, and says so in
/// `isRepaired`. At anything else it is broken: it closes what is open and ends at `offset`.
struct JSONReader {
    enum Event: Equatable {
        case begin(isArray: Bool)
        case end
        /// Raw, see `decoded`.
        case key(Range<Int>)
        /// Raw, see `decoded`. A key may have no value when the text is broken.
        case scalar(Range<Int>)
    }

    static let depthMax = 256

    let text: [UInt8]
    private(set) var offset: Int
    private(set) var isBroken = false
    private(set) var isRepaired = false
    /// Of each open container whether it is an array.
    private var open: [Bool] = []
    private var hasKey = false
    /// A value came before in this container: a comma must follow.
    private var hasValue = false

    /// `text` is UTF-8.
    init(_ text: [UInt8], from offset: Int = 0) {
        self.text = text
        self.offset = offset
    }

    /// Nil at the end.
    mutating func next() -> Event? {
        let commas = skipBlanks()
        guard !isBroken, offset < text.count else { return close(isBroken: true) }
        let byte = text[offset]
        if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
            guard open.last == (byte == UInt8(ascii: "]")), !hasKey else { return close(isBroken: true) }
            if commas > 0 { isRepaired = true }
            offset += 1
            return close(isBroken: false)
        }
        if commas != (hasValue && !open.isEmpty && !hasKey ? 1 : 0) { isRepaired = true }
        if open.last == false, !hasKey { return key() }
        hasKey = false
        hasValue = true
        if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { return begin(isArray: byte == UInt8(ascii: "[")) }
        return token().map { .scalar($0) } ?? close(isBroken: true)
    }

    /// After `begin`: goes behind the `end` of it.
    mutating func skip() {
        let depth = open.count
        while open.count >= depth, next() != nil {}
    }

    private mutating func begin(isArray: Bool) -> Event? {
        guard open.count < Self.depthMax else { return close(isBroken: true) }
        offset += 1
        open.append(isArray)
        hasValue = false
        return .begin(isArray: isArray)
    }

    private mutating func key() -> Event? {
        let start = offset
        guard let range = token() else { return close(isBroken: true) }
        if skipBlanks() > 0 { isRepaired = true }
        guard offset < text.count, text[offset] == UInt8(ascii: ":") else {
            offset = start
            return close(isBroken: true)
        }
        offset += 1
        hasKey = true
        return .key(range)
    }

    /// Also at the end of the text, where being open is being broken.
    private mutating func close(isBroken: Bool) -> Event? {
        if isBroken, !open.isEmpty || offset < text.count { self.isBroken = true }
        hasKey = false
        hasValue = true
        return open.popLast() == nil ? nil : .end
    }

    /// A string with its quotes, or a number or word. Nil, at the same place, when there is neither.
    private mutating func token() -> Range<Int>? {
        let start = offset
        guard text[offset] == UInt8(ascii: "\"") else { return word() }
        offset += 1
        while offset < text.count {
            switch text[offset] {
            case UInt8(ascii: "\""):
                offset += 1
                return start..<offset
            case UInt8(ascii: "\\"): offset += 2
            default: offset += 1
            }
        }
        // What there is of a string that was cut off is kept.
        offset = text.count
        isBroken = true
        return start..<offset
    }

    private mutating func word() -> Range<Int>? {
        let start = offset
        while offset < text.count, Self.isWordByte(text[offset]) { offset += 1 }
        guard offset > start else { return nil }
        let isKnown = ["true", "false", "null"].contains { text[start..<offset].elementsEqual($0.utf8) }
        let isNumber = text[start] == UInt8(ascii: "-") || (0x30...0x39).contains(text[start])
        if isKnown || isNumber { return start..<offset }
        // Outside of everything, words are no JSON at all.
        guard !open.isEmpty else {
            offset = start
            return nil
        }
        isRepaired = true
        return start..<offset
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2b, 0x2d, 0x2e, 0x5f, 0x24: true
        default: false
        }
    }

    /// Returns how many commas were among them. A record separator (RFC 7464) is a blank too.
    private mutating func skipBlanks() -> Int {
        var commas = 0
        while offset < text.count {
            switch text[offset] {
            case ...0x20: offset += 1
            case UInt8(ascii: ","):
                commas += 1
                offset += 1
            case UInt8(ascii: "/") where skipComment(): isRepaired = true
            default: return commas
            }
        }
        return commas
    }

    private mutating func skipComment() -> Bool {
        guard offset + 1 < text.count else { return false }
        switch text[offset + 1] {
        case UInt8(ascii: "/"): offset = text[offset...].firstIndex(of: 0x0a) ?? text.count
        case UInt8(ascii: "*"):
            offset += 2
            while offset < text.count, !(text[offset] == 0x2f && text[offset - 1] == 0x2a) { offset += 1 }
            offset = min(offset + 1, text.count)
        default: return false
        }
        return true
    }
}

extension JSONReader {
    /// What a key or scalar says: a string without its quotes and escapes, any other word as it stands.
    func decoded(_ range: Range<Int>) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        guard text[range.lowerBound] == quote else { return Array(text[range]) }
        let isClosed = range.count > 1 && text[range.upperBound - 1] == quote
        let inner = text[range.lowerBound + 1..<range.upperBound - (isClosed ? 1 : 0)]
        guard inner.contains(UInt8(ascii: "\\")) else { return Array(inner) }
        return Self.unescaped(inner)
    }

    private static func unescaped(_ inner: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var units: [UInt16] = []
        var index = inner.startIndex
        while index < inner.endIndex {
            if inner[index] == 0x5c, index + 1 < inner.endIndex, inner[index + 1] == UInt8(ascii: "u"),
                let unit = unit(inner[(index + 2)...].prefix(4))
            {
                units.append(unit)
                index += 6
                continue
            }
            // Surrogates join only when they stand together; one alone becomes U+FFFD.
            result += String(decoding: units, as: UTF16.self).utf8
            units = []
            let isEscape = inner[index] == 0x5c && index + 1 < inner.endIndex
            result.append(isEscape ? escaped(inner[index + 1]) : inner[index])
            index += isEscape ? 2 : 1
        }
        return result + String(decoding: units, as: UTF16.self).utf8
    }

    private static func unit(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard digits.count == 4, digits.allSatisfy({ $0 != 0x2b && $0 != 0x2d }) else { return nil }
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private static func escaped(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "f"): 0x0a
        case UInt8(ascii: "t"), UInt8(ascii: "b"): 0x20
        default: letter
        }
    }
}
