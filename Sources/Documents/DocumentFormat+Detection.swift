/// By content first. Only kinds of text that look alike are told apart by the declared type and the name's ending, so a
/// wrong name never makes a program file a document, or a document unreadable.
extension DocumentFormat {
    package static func detect(
        _ bytes: [UInt8], name: String, declared: String? = nil
    ) throws(ParseFailure) -> DocumentFormat {
        guard !bytes.isEmpty else { throw .empty }
        if let known = try signature(of: bytes) { return known }
        guard TextDecoding.looksLikeText(bytes) else { throw .notText }
        return markup(of: bytes) ?? fromType(declared) ?? fromEnding(of: name) ?? shape(of: bytes) ?? .plain
    }

    /// Formats that begin with bytes of their own.
    private static func signature(of bytes: [UInt8]) throws(ParseFailure) -> DocumentFormat? {
        for (start, format) in beginnings where bytes.starts(with: start) { return format }
        if bytes.starts(with: "PK\u{03}\u{04}".utf8) || bytes.starts(with: "PK\u{05}\u{06}".utf8) {
            return try package(of: bytes)
        }
        if bytes.starts(with: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
            // A password turns a new Office file into an old container with a stream of this name.
            let name: [UInt8] = "EncryptedPackage".utf8.flatMap { [$0, 0] }
            throw bytes.containsSequence(name) ? .encrypted : .oldOffice
        }
        if bytes.starts(with: "RIFF".utf8), bytes.count > 12, bytes[8..<12].elementsEqual("WEBP".utf8) { return .webp }
        if bytes.count > 262, bytes[257..<262].elementsEqual("ustar".utf8) { return .tar }
        // ISO 32000 allows the header anywhere in the first 1,024 bytes.
        if Array(bytes.prefix(1029)).containsSequence(Array("%PDF-".utf8)) { return .pdf }
        return nil
    }

    private static let beginnings: [([UInt8], DocumentFormat)] = [
        ([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], .png), ([0xff, 0xd8, 0xff], .jpeg),
        (Array("II*\0".utf8), .tiff), (Array("MM\0*".utf8), .tiff), (Array("GIF87a".utf8), .gif),
        (Array("GIF89a".utf8), .gif), ([0x1f, 0x8b, 0x08], .gzip), (Array("BZh".utf8), .bzip2),
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], .xz), (Array("{\\rtf".utf8), .rtf),
    ]

    /// What a ZIP file holds, by the names in it (OPC, OASIS OpenDocument part 3, EPUB OCF).
    private static func package(of bytes: [UInt8]) throws(ParseFailure) -> DocumentFormat {
        if let type = ZipDirectory.mimetype(of: bytes) {
            // Templates have types of their own: text-template and so on.
            for format in [DocumentFormat.odt, .ods, .odp, .epub] where type.hasPrefix(format.rawValue) {
                return format
            }
        }
        let isCutOff = !ZipDirectory.isPresent(in: bytes)
        let names = isCutOff ? ZipDirectory.localNames(in: bytes) : ZipDirectory.names(in: bytes)
        if names.contains("word/document.xml") { return .docx }
        if names.contains("ppt/presentation.xml") { return .pptx }
        if names.contains("xl/workbook.xml") { return .xlsx }
        // An Office file begins with its list of parts; without the main one nothing tells which kind it was.
        if isCutOff, names.contains("[Content_Types].xml") { throw .damaged }
        return .zip
    }

    private static func markup(of bytes: [UInt8]) -> DocumentFormat? {
        let start = TextDecoding.asciiStart(of: bytes, count: 2048)
        if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") { return .html }
        if start.hasPrefix("<!doctype ") { return .xml }
        guard start.hasPrefix("<?xml") || start.hasPrefix("<!--") else { return nil }
        if start.contains("<html") { return .html }
        return start.hasPrefix("<?xml") ? .xml : nil
    }

    private static func fromType(_ declared: String?) -> DocumentFormat? {
        guard let declared else { return nil }
        let type = String(declared.prefix { $0 != ";" }).lowercased().filter { $0 != " " }
        // "text/plain" is what a client says that does not know.
        guard type != plain.rawValue else { return nil }
        let format = DocumentFormat(rawValue: type) ?? otherTypes[type]
        return format.flatMap { $0.isTextLike ? $0 : nil }
    }

    private static let otherTypes: [String: DocumentFormat] = [
        "text/x-markdown": .markdown, "text/xml": .xml, "application/xhtml+xml": .html, "text/rtf": .rtf,
        "application/x-ndjson": .jsonLines, "application/ndjson": .jsonLines, "application/csv": .commaSeparated,
    ]

    private static func fromEnding(of name: String) -> DocumentFormat? {
        let parts = name.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1, let ending = parts.last.map(String.init) else { return nil }
        if let format = endings[ending] { return format }
        return SourceCodeParser.endings.contains(ending) ? .sourceCode : nil
    }

    private static let endings: [String: DocumentFormat] = [
        "md": .markdown, "markdown": .markdown, "mdown": .markdown, "txt": .plain, "text": .plain, "log": .plain,
        "csv": .commaSeparated, "tsv": .tabSeparated, "tab": .tabSeparated, "json": .json, "jsonl": .jsonLines,
        "ndjson": .jsonLines, "xml": .xml, "nxml": .xml, "rss": .xml, "atom": .xml, "html": .html, "htm": .html,
        "xhtml": .html, "eml": .mail,
        "mbox": .mailbox,
    ]

    /// Text without a telling name: mail and JSON show what they are.
    private static func shape(of bytes: [UInt8]) -> DocumentFormat? {
        let start = TextDecoding.asciiStart(of: bytes, count: 4096)
        if start.hasPrefix("from "), start.contains("\nfrom:") || start.contains("\ndate:") { return .mailbox }
        let lines = start.split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty && $0 != "\r" }
        let names = Set(lines.filter { !$0.hasPrefix(" ") && !$0.hasPrefix("\t") }.map { $0.prefix { $0 != ":" } })
        if lines.allSatisfy({ $0.contains(":") || $0.hasPrefix(" ") || $0.hasPrefix("\t") }),
            names.contains("from"), names.contains("date") || names.contains("received") || names.contains("subject")
        {
            return .mail
        }
        return nil
    }
}

extension [UInt8] {
    /// Whether `part` stands anywhere in it. Linear in practice: the first byte is searched for.
    func containsSequence(_ part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        var index = startIndex
        while let found = self[index...].firstIndex(of: first), found + part.count <= endIndex {
            if self[found..<found + part.count].elementsEqual(part) { return true }
            index = found + 1
        }
        return false
    }
}
