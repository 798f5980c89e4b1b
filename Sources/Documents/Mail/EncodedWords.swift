/// `=?charset?B|Q?text?=` in header fields (RFC 2047), and fields in plain 8-bit text.
enum EncodedWords {
    /// Neighbours in one character set, of which one may end in the middle of a character.
    private struct Run {
        var charset: String
        var bytes: [UInt8]
    }

    /// To UTF-8. What is no valid encoded word stays as it is.
    static func decode(_ field: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var run: Run?
        var rest = field[...]
        // Where words are searched from: behind what looked like one.
        var from = field.startIndex
        while let start = (from..<max(from, field.endIndex - 1)).first(where: {
            field[$0] == 0x3d && field[$0 + 1] == 0x3f
        }) {
            from = start + 2
            guard let word = word(rest[start...]) else { continue }
            let between = rest[..<start]
            let joins = run?.charset == word.charset && between.allSatisfy { $0 <= 0x20 }
            if joins {
                run?.bytes += word.bytes
            } else {
                // White space between two encoded words is no part of the text.
                let isBlank = run != nil && between.allSatisfy { $0 <= 0x20 }
                flush(&run, before: isBlank ? [] : between, to: &result)
                run = Run(charset: word.charset, bytes: word.bytes)
            }
            from = word.end
            rest = rest[from...]
        }
        flush(&run, before: rest, to: &result)
        return result
    }

    private static func flush(_ run: inout Run?, before plain: ArraySlice<UInt8>, to result: inout [UInt8]) {
        if let run { result += MailCharset.decode(run.bytes, charset: run.charset).text }
        run = nil
        if !plain.isEmpty { result += MailCharset.decode(Array(plain), charset: nil).text }
    }

    /// The encoded word at the beginning of `text`; RFC 2047 allows 75 bytes, senders take more.
    private static func word(_ text: ArraySlice<UInt8>) -> (charset: String, bytes: [UInt8], end: Int)? {
        let mark = UInt8(ascii: "?")
        let inner = text.dropFirst(2)
        guard let first = inner.prefix(80).firstIndex(of: mark), first + 2 < text.endIndex, text[first + 2] == mark,
            let last = text[(first + 3)...].firstIndex(of: mark), last + 1 < text.endIndex,
            text[last + 1] == UInt8(ascii: "=")
        else { return nil }
        // A language may follow the character set (RFC 2231 section 5).
        let charset = String(decoding: inner[..<first].prefix { $0 != UInt8(ascii: "*") }, as: UTF8.self).lowercased()
        let content = text[(first + 3)..<last]
        switch text[first + 1] {
        case UInt8(ascii: "B"), UInt8(ascii: "b"): return (charset, TransferEncoding.base64(content), last + 2)
        case UInt8(ascii: "Q"), UInt8(ascii: "q"):
            let spaced = content.map { $0 == UInt8(ascii: "_") ? 0x20 : $0 }
            return (charset, TransferEncoding.quotedPrintable(spaced[...]), last + 2)
        default: return nil
        }
    }
}

/// Character sets by the names that mail programs use.
enum MailCharset {
    private static let others: [String: String] = [
        "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "korean": "cp949", "gb2312": "gb18030",
        "gbk": "gb18030", "x-gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932",
        "iso-8859-8-i": "iso-8859-8", "cp-850": "cp850", "x-mac-roman": "macintosh", "ascii": "us-ascii",
        "unicode-1-1-utf-7": "utf-7", "ansi_x3.4-1968": "us-ascii", "big5-hkscs": "big5hkscs", "8bit": "",
        "unknown-8bit": "", "x-unknown": "", "default": "", "binary": "",
    ]

    /// To UTF-8, whatever the name and the bytes: an unknown set is guessed, zero bytes are dropped.
    static func decode(_ bytes: [UInt8], charset: String?) -> TextDecoding.Decoded {
        let name = canonical(charset)
        let isWide = name.hasPrefix("utf-16") || bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff])
        let content = isWide ? bytes : bytes.filter { $0 != 0 }
        if let decoded = try? TextDecoding.decode(content, charset: name) { return decoded }
        let decoded = try? TextDecoding.decode(bytes.filter { $0 != 0 })
        return TextDecoding.Decoded(text: decoded?.text ?? [], isGuess: true)
    }

    static func canonical(_ charset: String?) -> String {
        let name = (charset ?? "").lowercased().filter { $0 != "\"" && $0 != "'" && $0 != " " }
        return others[name] ?? name
    }
}
