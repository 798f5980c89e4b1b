/// What `pdfinfo` says about a file.
struct PDFInformation: Equatable {
    private(set) var title: String?
    private(set) var pageCount: Int?

    init(_ lines: [UInt8]) {
        for line in lines.split(separator: 0x0a).prefix(200) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let value = line[(colon + 1)...].drop { $0 == 0x20 }
            switch String(decoding: line[..<colon], as: UTF8.self) {
            case "Title": title = title ?? Self.usable(String(decoding: value, as: UTF8.self))
            case "Pages": pageCount = pageCount ?? Int(String(decoding: value, as: UTF8.self))
            default: break
            }
        }
    }

    /// Programs write the name of the source file, or their own, as the title: such says nothing about the text.
    static func usable(_ title: String) -> String? {
        let trimmed = title.trimmingSpaces
        let prefix = "Microsoft Word - "
        let text = trimmed.hasPrefix(prefix) ? String(trimmed.dropFirst(prefix.count)) : trimmed
        let lower = text.lowercased()
        let isName = endings.contains { lower.hasSuffix($0) }
        guard text.count >= 3, text.contains(where: \.isLetter), !isName, !meaningless.contains(lower),
            !lower.hasPrefix("untitled")
        else { return nil }
        return text
    }

    private static let meaningless: Set<String> = [
        "powerpoint presentation", "slide 1", "document", "title", "word document", "presentation", "(anonymous)",
    ]
    private static let endings = [
        ".doc", ".docx", ".pdf", ".indd", ".dvi", ".ppt", ".pptx", ".tex", ".odt", ".ps", ".qxd", ".xls", ".xlsx",
        ".rtf", ".fm", ".html", ".htm", ".txt",
    ]
}

extension String {
    var trimmingSpaces: String {
        let start = drop { $0.isWhitespace }
        return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }
}
