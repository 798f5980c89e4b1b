/// The words that `tesseract` found in an image, from its TSV: twelve columns, one row a word, line, paragraph, block
/// or page.
enum RecognisedWords {
    /// Percent; below it stands what was no text: dirt, rulings, pictures.
    static let confidenceMin = 30.0
    static let wordsMax = 100_000
    private static let pageLevel = "1"
    private static let wordLevel = "5"

    private struct Row {
        let level: Substring
        /// Page, block, paragraph and line.
        let place: [Substring]
        let box: Rectangle
        let confidence: Double
        let text: String

        init?(_ line: Substring) {
            let fields = line.split(separator: "\t", maxSplits: 11, omittingEmptySubsequences: false)
            guard fields.count >= 11 else { return nil }
            let numbers = fields[6..<11].compactMap { Double($0) }
            guard numbers.count == 5, numbers.allSatisfy({ $0.isFinite && abs($0) < 1_000_000 }) else { return nil }
            (level, place, confidence) = (fields[0], Array(fields[1..<5]), numbers[4])
            box = Rectangle(
                left: numbers[0], top: numbers[1], right: numbers[0] + numbers[2], bottom: numbers[1] + numbers[3])
            text = fields.count > 11 ? String(fields[11]).trimmingSpaces : ""
        }
    }

    /// One page for each in the image, in points. `scale`: points a pixel.
    static func pages(_ tsv: [UInt8], scale: Double) -> [PageContent] {
        var pages: [PageContent] = []
        var (place, words, block, count): ([Substring], [PageWord], Int, Int) = ([], [], 0, 0)
        func endLine() {
            if !words.isEmpty, !pages.isEmpty { pages[pages.count - 1].lines.append(TextLine(words, block: block)) }
            words = []
        }
        for row in String(decoding: tsv, as: UTF8.self).split(whereSeparator: \.isNewline).lazy.compactMap({ Row($0) })
        {
            if row.level == pageLevel {
                endLine()
                pages.append(PageContent(width: row.box.width * scale, height: row.box.height * scale))
            }
            guard row.level == wordLevel, row.confidence >= confidenceMin, isText(row), count < wordsMax else {
                continue
            }
            if row.place != place { endLine() }
            if row.place.prefix(3) != place.prefix(3) { block += 1 }
            (place, count) = (row.place, count + 1)
            words.append(PageWord(text: row.text, box: row.box.scaled(scale)))
        }
        endLine()
        return pages
    }

    /// Rulings and dots are seen as bars and tildes.
    private static func isText(_ row: Row) -> Bool {
        row.box.height > 0 && row.box.width > 0 && !row.text.isEmpty
            && (row.text.contains { $0.isLetter || $0.isNumber } || row.confidence >= 80)
    }
}
