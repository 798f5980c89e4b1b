/// Pages as a reader sees them: headings, paragraphs, lists, tables and code in order, without markup.
///
/// Left out are scripts, styles and, with a note, everything that cannot be seen. Navigation, page headers and footers
/// and lists of links are left out too, unless less than a third of the text would remain.
enum HTMLParser: FormatParser {
    static let version = "html/1"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        let decoded = try decode(source)
        if decoded.isGuess { session.note(.guessedCharacterSet) }
        let title = try write(decoded.text, into: &session, keepsBoilerplate: false)
        session.title = session.title ?? title
    }

    /// Writes a page or a piece of one, in UTF-8, and returns the title that it gives itself.
    ///
    /// `keepsBoilerplate`: for mail bodies and chapters, where nothing is navigation.
    @discardableResult
    static func write(
        _ text: [UInt8], into session: inout ParseSession, keepsBoilerplate: Bool
    ) throws(ParseFailure) -> String? {
        let isXHTML = TextDecoding.asciiStart(of: text, count: 10).hasPrefix("<?xml")
        var reader = HTMLReader(size: text.count, isXHTML: isXHTML, limits: session.limits)
        let blocks = try reader.blocks(of: text)
        session.leaveOut(hiddenBytes: reader.concealedBytes)
        let total = blocks.reduce(0) { $0 + $1.size }
        let content = blocks.reduce(0) { $0 + ($1.isBoilerplate ? 0 : $1.size) }
        let keepsAll = keepsBoilerplate || content * 3 < total
        for block in blocks where keepsAll || !block.isBoilerplate {
            block.write(to: &session.writer)
            if session.writer.isFull { break }
        }
        return reader.title
    }

    /// By byte order mark, then what came with the file, then what the page says. What a page says of itself is often
    /// wrong, so an unknown name only means that nothing is declared.
    private static func decode(_ source: SourceFile) throws(ParseFailure) -> TextDecoding.Decoded {
        if let charset = source.charset { return try TextDecoding.decode(source.bytes, charset: charset) }
        let declared = declaredCharset(of: source.bytes)
        do {
            return try TextDecoding.decode(source.bytes, charset: declared)
        } catch {
            guard error == .unknownCharacterSet, declared != nil else { throw error }
            return try TextDecoding.decode(source.bytes)
        }
    }

    /// From an XML declaration or a `meta` element near the beginning (HTML, section 13.2.3.2).
    static func declaredCharset(of bytes: [UInt8]) -> String? {
        if let declared = XMLReader.declaredCharset(of: bytes) { return declared }
        let start = Array(TextDecoding.asciiStart(of: bytes, count: 8192).utf8)
        var index = 0
        while let meta = start.firstIndex(ofSequence: "<meta", from: index) {
            let end = start[meta...].firstIndex(of: UInt8(ascii: ">")) ?? start.count
            if let charset = start.firstIndex(ofSequence: "charset", from: meta), charset < end {
                let value = start[(charset + 7)..<end].drop { $0.isMarkupSpace || "=\"'".utf8.contains($0) }
                let name = String(
                    decoding: value.prefix { !$0.isMarkupSpace && !"\"';/>".utf8.contains($0) }, as: UTF8.self)
                // A page that could be read so far is in no set of two bytes a character, whatever it says.
                if !name.isEmpty, !name.hasPrefix("utf-16"), !name.hasPrefix("ucs-") { return encodings[name] ?? name }
            }
            index = end
        }
        return nil
    }

    /// Names that browsers take for a larger set (WHATWG Encoding, section 4.2).
    private static let encodings = [
        "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932",
        "x-sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "iso-8859-9": "windows-1254",
        "tis-620": "windows-874", "big5": "big5-hkscs", "x-x-big5": "big5-hkscs", "ascii": "windows-1252",
        "us-ascii": "windows-1252", "latin1": "windows-1252", "x-user-defined": "windows-1252",
    ]
}
