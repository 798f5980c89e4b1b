/// Cuts Rich Text Format into tokens (Microsoft RTF 1.9.1, "RTF syntax"). Every number and length is bounded by
/// the file.
struct RTFTokens {
    enum Token: Equatable {
        case open
        case close
        case word(String, Int?)
        /// A control symbol such as `\~`.
        case symbol(UInt8)
        /// A byte of text, in the character set of its font.
        case byte(UInt8)
    }

    private static let nameBytesMax = 32
    private static let numberMax = 0x7fff_ffff

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Nil at the end.
    mutating func next() -> Token? {
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "{"): return .open
            case UInt8(ascii: "}"): return .close
            case UInt8(ascii: "\\"): return control()
            case 0x0a, 0x0d, 0: continue
            default: return .byte(byte)
            }
        }
        return nil
    }

    private mutating func control() -> Token? {
        guard index < bytes.count else { return nil }
        if Self.isLetter(bytes[index]) { return word() }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "'"): return hexadecimal()
        case UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"): return .byte(byte)
        case 0x0a, 0x0d: return .word("par", nil)
        case 0x09: return .word("tab", nil)
        default: return .symbol(byte)
        }
    }

    private mutating func hexadecimal() -> Token {
        var value: UInt8 = 0
        for _ in 0..<2 {
            guard index < bytes.count, let digit = Self.digit(bytes[index]) else { break }
            value = value << 4 | digit
            index += 1
        }
        return value == 0 ? .symbol(UInt8(ascii: "'")) : .byte(value)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private mutating func word() -> Token {
        let start = index
        while index < bytes.count, index - start < Self.nameBytesMax, Self.isLetter(bytes[index]) { index += 1 }
        let name = String(decoding: bytes[start..<index], as: UTF8.self)
        let number = number()
        if index < bytes.count, bytes[index] == 0x20 { index += 1 }
        if name == "bin", let number, number > 0 { index += min(number, bytes.count - index) }
        return .word(name, number)
    }

    private mutating func number() -> Int? {
        let isNegative = index + 1 < bytes.count && bytes[index] == UInt8(ascii: "-") && Self.isDigit(bytes[index + 1])
        if isNegative { index += 1 }
        var value: Int?
        while index < bytes.count, Self.isDigit(bytes[index]) {
            value = min((value ?? 0) * 10 + Int(bytes[index] - UInt8(ascii: "0")), Self.numberMax)
            index += 1
        }
        return value.map { isNegative ? -$0 : $0 }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
