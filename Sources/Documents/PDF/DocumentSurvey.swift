/// What must be known about all pages before one is written: the body's size, the headings' sizes, running lines and
/// words with a hyphen of their own.
struct DocumentSurvey {
    private static let compoundsMax = 50_000
    private static let headingLevelsMax = 5
    /// A heading's letters are so much larger than the body's.
    static let headingRatio = 1.12
    private(set) var runningLines = RunningLines()
    private(set) var compounds: Set<String> = []
    /// Letters of each size, and of those the ones in short lines, by half points.
    private var letters: [Int: Int] = [:]
    private var lettersInShortLines: [Int: Int] = [:]
    private(set) var bodySize = 0.0
    private var headingSizes: [Double] = []
    var outline: PDFOutline?

    mutating func add(_ page: PageContent) {
        runningLines.add(page)
        for line in page.lines {
            for word in line.words.dropLast() where compounds.count < Self.compoundsMax {
                if let compound = LineJoining.compound(word.text) { compounds.insert(compound) }
            }
            guard line.isUpright else { continue }
            let step = Int(min(line.size, 2000) * 2)
            let count = line.words.reduce(0) { $0 + $1.text.utf8.count }
            letters[step, default: 0] += count
            if count <= 120 { lettersInShortLines[step, default: 0] += count }
        }
    }

    /// Call once, after all pages.
    mutating func finish() {
        let body = letters.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
        bodySize = Double(body) / 2 + 0.25
        for step in lettersInShortLines.keys.sorted(by: >) {
            let size = Double(step) / 2 + 0.25
            guard size >= Self.headingRatio * bodySize else { break }
            if headingSizes.last.map({ size < 0.93 * $0 }) ?? true { headingSizes.append(size) }
        }
    }

    /// 1 for the largest letters; nil when they are of the body's size or smaller.
    func headingLevel(size: Double) -> Int? {
        guard size >= Self.headingRatio * bodySize else { return nil }
        let level = headingSizes.firstIndex { size >= 0.93 * $0 } ?? headingSizes.count
        return min(level + 1, Self.headingLevelsMax)
    }

    /// Of a heading that is only set in bold: below those that are larger.
    var boldHeadingLevel: Int { min(headingSizes.count, Self.headingLevelsMax) + 1 }
}
