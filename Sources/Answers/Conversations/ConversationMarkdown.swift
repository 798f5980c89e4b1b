/// A conversation as CommonMark. Words of people and documents are escaped: they are text, whatever signs are in them.
struct ConversationMarkdown {
    let text: String

    init(_ export: ConversationExport) {
        let note = export.leftOut == 0 ? "" : " \(Self.leftOut(export.leftOut))"
        let head = "# \(Self.plain(export.title))\n\nTaken from Cloister at \(export.exported).\(note)\n"
        text = ([head] + export.turns.map(Self.turn)).joined(separator: "\n")
    }

    private static func turn(_ turn: ConversationExport.Turn) -> String {
        var parts = ["## \(plain(turn.question))", "Asked \(turn.asked), answered by \(plain(turn.answerer))."]
        if turn.declined { parts.append("Not in the documents.") }
        parts += turn.sentences.map { sentence in
            "\(plain(sentence.text)) \(sentence.citations.map { "\\[\($0)\\]" }.joined())"
        }
        if turn.leftOut > 0 { parts.append(leftOut(turn.leftOut)) }
        if !turn.sources.isEmpty { parts.append(turn.sources.map(source).joined(separator: "\n")) }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func source(_ source: ConversationExport.Source) -> String {
        let page = source.page.map { ", page \($0)" } ?? ""
        return
            "- \\[\(source.number)\\] \(plain(source.title)) (\(plain(source.path))\(page), bytes \(source.start) to "
            + "\(source.end) of \(source.version))"
    }

    private static func leftOut(_ count: Int) -> String {
        "\(count) sentence\(count == 1 ? "" : "s") left out: the documents are not open to whoever took this."
    }

    /// One line that reads as itself (CommonMark 0.31, section 2.4: any ASCII punctuation may be escaped).
    static func plain(_ text: String) -> String {
        // By scalars: a sign that a mark was joined to is still the sign for who renders it.
        let words = text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace)
        var line = String.UnicodeScalarView()
        for scalar in words.joined(separator: " ".unicodeScalars) {
            if special.contains(scalar) { line.append("\\") }
            line.append(scalar)
        }
        let digits = line.prefix { ("0"..."9").contains($0) }
        let rest = line.dropFirst(digits.count)
        // What would begin a list or underline a heading.
        let opens: Set<Unicode.Scalar> = digits.isEmpty ? ["-", "+", "="] : [".", ")"]
        guard let first = rest.first, opens.contains(first) else { return String(line) }
        return String(digits) + "\\" + String(rest)
    }

    private static let special = Set("\\`*_[]<>#|~&!$".unicodeScalars)
}
