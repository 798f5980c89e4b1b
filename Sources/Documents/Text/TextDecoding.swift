#if canImport(Glibc)
    import Glibc
#endif

/// Bytes of any character set to UTF-8 with one kind of line end.
package enum TextDecoding {
    package struct Decoded: Equatable {
        /// UTF-8, line ends LF, no byte order mark, no NUL.
        package let text: [UInt8]
        /// The character set was guessed.
        package let isGuess: Bool
    }

    /// By byte order mark, then the declared set, then UTF-8, then Windows-1252 as a guess (WHATWG Encoding calls it
    /// the fallback of the western web).
    package static func decode(_ bytes: [UInt8], charset: String? = nil) throws(ParseFailure) -> Decoded {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { return try utf8(Array(bytes.dropFirst(3))) }
        if bytes.starts(with: [0xff, 0xfe]) { return try utf16(bytes.dropFirst(2), isBigEndian: false) }
        if bytes.starts(with: [0xfe, 0xff]) { return try utf16(bytes.dropFirst(2), isBigEndian: true) }
        let name = charset?.lowercased().filter { $0 != "\"" && $0 != " " } ?? ""
        if String(validating: bytes, as: UTF8.self) != nil, !name.hasPrefix("utf-16"), !name.hasPrefix("iso-2022") {
            return try utf8(bytes)
        }
        switch name {
        case "", "utf-8", "utf8", "us-ascii", "ascii": return try windows1252(bytes, isGuess: true)
        case "iso-8859-1", "latin1", "windows-1252", "cp1252": return try windows1252(bytes, isGuess: false)
        default: return Decoded(text: unified(try converted(bytes, from: name)), isGuess: false)
        }
    }

    /// Of a set that is certain: no mark is looked for, and nothing is taken for UTF-8 because it could be.
    static func text(_ bytes: [UInt8], in charset: String) -> [UInt8]? {
        charset == "cp1252"
            ? (try? windows1252(bytes.filter { $0 != 0 }, isGuess: false))?.text : try? converted(bytes, from: charset)
    }

    /// Whether the first bytes could be text: no control characters but white space, or UTF-16 with its mark.
    static func looksLikeText(_ bytes: [UInt8]) -> Bool {
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { return true }
        let start = bytes.prefix(8192)
        return !start.contains { $0 < 0x20 && !(0x07...0x0d).contains($0) && $0 != 0x1b && $0 != 0x1a }
    }

    /// The beginning in lower case, without byte order mark and white space; other than ASCII becomes `?`.
    static func asciiStart(of bytes: [UInt8], count: Int) -> String {
        let marks: Set<UInt8> = [0xef, 0xbb, 0xbf, 0xff, 0xfe]
        let start = bytes.prefix(count).drop { marks.contains($0) }.filter { $0 != 0 }.drop { $0 <= 0x20 }
        return String(
            decoding: start.map { $0 >= 0x80 ? 0x3f : (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
    }

    private static func utf8(_ bytes: [UInt8]) throws(ParseFailure) -> Decoded {
        guard String(validating: bytes, as: UTF8.self) != nil else { return try windows1252(bytes, isGuess: true) }
        guard !bytes.contains(0) else { throw .notText }
        return Decoded(text: unified(bytes), isGuess: false)
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) throws(ParseFailure) -> Decoded {
        let start = bytes.startIndex
        let units = (0..<bytes.count / 2).map { unit in
            let (first, second) = (UInt16(bytes[start + 2 * unit]), UInt16(bytes[start + 2 * unit + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        guard !units.contains(0) else { throw .notText }
        return Decoded(text: unified(Array(String(decoding: units, as: UTF16.self).utf8)), isGuess: false)
    }

    private static func windows1252(_ bytes: [UInt8], isGuess: Bool) throws(ParseFailure) -> Decoded {
        guard !bytes.contains(0) else { throw .notText }
        var text = String.UnicodeScalarView()
        for byte in bytes {
            let scalar = (0x80..<0xa0).contains(byte) ? upper1252[Int(byte) - 0x80] : UInt16(byte)
            text.append(Unicode.Scalar(scalar) ?? "\u{fffd}")
        }
        return Decoded(text: unified(Array(String(text).utf8)), isGuess: isGuess)
    }

    /// Bytes 0x80 ... 0x9f of Windows-1252 (WHATWG Encoding, index windows-1252).
    private static let upper1252: [UInt16] = [
        0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,
        0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
        0x0153, 0x9d, 0x017e, 0x0178,
    ]

    /// By the C library; invalid bytes are left out.
    private static func converted(_ bytes: [UInt8], from name: String) throws(ParseFailure) -> [UInt8] {
        guard name.utf8.allSatisfy({ isNameByte($0) }), name.utf8.count <= 40 else { throw .unknownCharacterSet }
        let descriptor = iconv_open("UTF-8//IGNORE", name)
        guard descriptor != iconv_t(bitPattern: -1) else { throw .unknownCharacterSet }
        defer { iconv_close(descriptor) }
        var output = [CChar](repeating: 0, count: bytes.count * 4 + 16)
        var input = bytes.map { CChar(bitPattern: $0) }
        var (inputLeft, outputLeft) = (input.count, output.count)
        let room = output.count
        input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                var (from, to) = (input.baseAddress, output.baseAddress)
                _ = iconv(descriptor, &from, &inputLeft, &to, &outputLeft)
            }
        }
        let text = output.prefix(room - outputLeft).map { UInt8(bitPattern: $0) }.filter { $0 != 0 }
        guard !text.isEmpty || bytes.isEmpty else { throw .unknownCharacterSet }
        return Array(String(decoding: text, as: UTF8.self).utf8)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"):
            true
        default: false
        }
    }

    /// CR LF and CR to LF.
    private static func unified(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(0x0d) else { return bytes }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var previous: UInt8 = 0
        for byte in bytes {
            if byte == 0x0a, previous == 0x0d { text.removeLast() }
            text.append(byte == 0x0d ? 0x0a : byte)
            previous = byte
        }
        return text
    }
}

extension ParseSession {
    /// The text of a file, with a note when its character set was guessed.
    mutating func text(of source: SourceFile) throws(ParseFailure) -> [UInt8] {
        let decoded = try TextDecoding.decode(source.bytes, charset: source.charset)
        if decoded.isGuess { note(.guessedCharacterSet) }
        return decoded.text
    }
}
