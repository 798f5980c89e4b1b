/// Turns the bytes and numbered characters of Rich Text Format into UTF-8, by the character set of the font in use.
struct RTFCharacters {
    private struct Font {
        var charset: String?
        var name: [UInt8] = []
        var isSymbols = false
    }

    private static let fontsMax = 4096

    private var fonts: [Int: Font] = [:]
    /// What the file says for fonts that say nothing.
    var charset = "cp1252"
    private var tables: [String: [[UInt8]]] = [:]
    private var waiting: [UInt8] = []
    private var waitingFont: Int?
    private var highSurrogate: UInt16?

    // MARK: Fonts

    mutating func setCharset(_ number: Int, of font: Int) {
        guard fonts.count < Self.fontsMax || fonts[font] != nil else { return }
        fonts[font, default: Font()].charset = Self.charsets[number]
        fonts[font, default: Font()].isSymbols = number == 2
    }

    mutating func addName(_ byte: UInt8, of font: Int) {
        guard fonts.count < Self.fontsMax || fonts[font] != nil else { return }
        if fonts[font, default: Font()].name.count < 64 { fonts[font, default: Font()].name.append(byte) }
    }

    /// Windows' numbers of character sets (RTF 1.9.1, "Font table").
    private static let charsets: [Int: String] = [
        77: "macintosh", 128: "cp932", 129: "cp949", 130: "johab", 134: "cp936", 136: "cp950", 161: "cp1253",
        162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
        238: "cp1250", 254: "cp437", 255: "cp850",
    ]

    mutating func setCodePage(_ number: Int) {
        switch number {
        case 65001: charset = "utf-8"
        case 10000: charset = "macintosh"
        case 819: charset = "iso-8859-1"
        case 1...99_999: charset = "cp\(number)"
        default: break
        }
    }

    // MARK: Text

    /// Bytes of one character may come one by one, so they wait for the rest.
    mutating func add(_ byte: UInt8, font: Int?, to text: inout [UInt8]) {
        if font != waitingFont || highSurrogate != nil { flush(to: &text) }
        waitingFont = font
        waiting.append(byte)
    }

    /// `unit`: UTF-16, as a signed number.
    mutating func add(unit number: Int, to text: inout [UInt8]) {
        let unit = UInt16(truncatingIfNeeded: number)
        if let high = highSurrogate, (0xdc00...0xdfff).contains(unit) {
            highSurrogate = nil
            text += Array(String(decoding: [high, unit], as: UTF16.self).utf8)
            return
        }
        flush(to: &text)
        switch unit {
        case 0xd800...0xdbff: highSurrogate = unit
        case 0xdc00...0xdfff, 0: break
        case 0xf020...0xf0ff: text += SymbolFont.text(font: "", code: String(unit, radix: 16))
        default: text += Array(String(decoding: [unit], as: UTF16.self).utf8)
        }
    }

    mutating func flush(to text: inout [UInt8]) {
        highSurrogate = nil
        guard !waiting.isEmpty else { return }
        let font = waitingFont.flatMap { fonts[$0] }
        if let font, font.isSymbols {
            let name = String(decoding: font.name, as: UTF8.self)
            for byte in waiting { text += SymbolFont.text(font: name, code: String(0xf000 + Int(byte), radix: 16)) }
        } else if waiting.allSatisfy({ $0 < 0x80 }) {
            text += waiting
        } else {
            text += decoded(waiting, in: font?.charset ?? charset)
        }
        waiting.removeAll(keepingCapacity: true)
    }

    private static let manyBytes: Set<String> = ["cp932", "cp936", "cp949", "cp950", "johab", "utf-8", "cp54936"]

    private mutating func decoded(_ bytes: [UInt8], in charset: String) -> [UInt8] {
        if Self.manyBytes.contains(charset) {
            return TextDecoding.text(bytes, in: charset) ?? Array(String(decoding: bytes, as: UTF8.self).utf8)
        }
        let table = tables[charset] ?? table(of: charset)
        tables[charset] = table
        return bytes.flatMap { table[Int($0)] }
    }

    /// Each byte on its own; by Windows-1252 where the set has nothing for it or is not known.
    private func table(of charset: String) -> [[UInt8]] {
        (0...255).map { byte in
            guard byte > 0 else { return [] }
            return TextDecoding.text([UInt8(byte)], in: charset) ?? TextDecoding.text([UInt8(byte)], in: "cp1252") ?? []
        }
    }
}
