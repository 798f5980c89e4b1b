/// The lines of one page to what a reader sees: headings, paragraphs, items of lists, tables.
struct PageComposer {
    enum Element: Equatable {
        case heading([TextLine], level: Int)
        case paragraph([TextLine])
        case listItem([TextLine])
        case table(TableGrid)
    }

    private static let headingBytesMax = 200
    private static let headingLinesMax = 3
    let survey: DocumentSurvey

    func elements(of page: PageContent) -> [Element] {
        let lines = survey.runningLines.without(page).inReadingOrder.lines
        let tables = TableDetection.tables(in: lines)
        var starts: [Int: TableGrid] = [:]
        for table in tables { starts[table.lines.min() ?? 0] = table.grid }
        let taken = tables.reduce(into: Set<Int>()) { $0.formUnion($1.lines) }
        let labels = BoldLabels(lines)
        var elements: [Element] = []
        var group = ParagraphGroup(lines: lines.indices.filter { !taken.contains($0) }.map { lines[$0] })
        for (index, line) in lines.enumerated() {
            if let grid = starts[index] {
                elements += group.end().map { element($0, labels: labels) }
                elements.append(.table(grid))
            }
            if !taken.contains(index) { elements += group.add(line).map { element($0, labels: labels) } }
        }
        return elements + group.end().map { element($0, labels: labels) }
    }

    private func element(_ lines: [TextLine], labels: BoldLabels) -> Element {
        if let level = headingLevel(lines, labels: labels) { return .heading(lines, level: level) }
        switch ListMarker(beginning: lines[0]) {
        case .bullet: return withoutMarker(lines).map { .listItem($0) } ?? .paragraph(lines)
        case .number: return .listItem(lines)
        case nil: return .paragraph(lines)
        }
    }

    /// Nil when nothing but the marker is there.
    private func withoutMarker(_ lines: [TextLine]) -> [TextLine]? {
        let rest = Array(lines[0].words.dropFirst())
        let first = rest.isEmpty ? [] : [TextLine(rest, block: lines[0].block)]
        let item = first + lines.dropFirst()
        return item.isEmpty ? nil : item
    }

    private func headingLevel(_ lines: [TextLine], labels: BoldLabels) -> Int? {
        guard lines.count <= Self.headingLinesMax, lines.allSatisfy(\.isUpright) else { return nil }
        let text = LineJoining.text(lines)
        guard text.utf8.count <= Self.headingBytesMax, text.count(where: \.isLetter) >= 2 else { return nil }
        if let level = survey.outline?.level(of: text) { return level }
        guard let last = text.last, !".,;".contains(last), ListMarker(beginning: lines[0]) != .bullet else {
            return nil
        }
        if let level = survey.headingLevel(size: lines[0].size) { return level }
        let isBold =
            lines.allSatisfy { $0.isBold && !labels.contains($0.box) } && lines[0].size >= 0.9 * survey.bodySize
        return isBold && isTitleLike(text) ? survey.boldHeadingLevel : nil
    }

    private func isTitleLike(_ text: String) -> Bool {
        guard let first = text.first(where: \.isLetter), !first.isLowercase, text.utf8.count <= 120 else {
            return false
        }
        let lower = text.lowercased()
        return !["table ", "figure ", "fig. "].contains { lower.hasPrefix($0) } && text.last != ":"
    }
}

extension ListMarker {
    init?(beginning line: TextLine) {
        guard line.words.count > 1 || line.words[0].text.first?.isSymbolFont == true else { return nil }
        self.init(line.words[0].text)
    }
}

extension LineJoining {
    static func text(_ lines: [TextLine]) -> String {
        content(lines).map { String(decoding: $0.text, as: UTF8.self) }.joined().trimmingSpaces
    }
}

/// Finds bold lines that have a short line beside them: labels of a form, not headings.
private struct BoldLabels {
    private static let bandHeight = 8.0
    private static let linesPerBandMax = 64
    private static let proseWidthMin = 12.0
    private var bands: [Int: [Rectangle]] = [:]

    init(_ lines: [TextLine]) {
        for line in lines where line.box.width < Self.proseWidthMin * line.size {
            let band = Int(line.box.middle / Self.bandHeight)
            if bands[band, default: []].count < Self.linesPerBandMax { bands[band, default: []].append(line.box) }
        }
    }

    func contains(_ box: Rectangle) -> Bool {
        let band = Int(box.middle / Self.bandHeight)
        return (band - 1...band + 1).flatMap { bands[$0] ?? [] }.contains {
            abs($0.middle - box.middle) < 0.5 * box.height && ($0.right <= box.left || $0.left >= box.right)
        }
    }
}

/// Decides line by line where a paragraph ends.
struct ParagraphGroup {
    private var lines: [TextLine] = []
    /// White between lines of one paragraph, at most, for this page; in heights of a line.
    private let gapMax: Double

    /// `lines` are all of the page that are no table.
    init(lines: [TextLine]) {
        let gaps = zip(lines, lines.dropFirst()).filter { $0.block == $1.block }
            .map { ($1.box.top - $0.box.bottom) / max($0.size, 1) }.filter { $0 > -0.6 && $0 < 1.5 }.sorted()
        let typical = gaps.isEmpty ? 0 : gaps[gaps.count / 2]
        gapMax = max(0.45, typical + 0.3)
    }

    /// The paragraph that ended because `line` begins another, if one did.
    mutating func add(_ line: TextLine) -> [[TextLine]] {
        guard let last = lines.last else {
            lines = [line]
            return []
        }
        if isBeside(last, line) {
            let isBold = last.isBold && line.isBold
            lines[lines.count - 1] = TextLine(last.words + line.words, block: last.block, isBold: isBold)
            return []
        }
        let ended = continues(last, line) ? [] : [lines]
        lines = (ended.isEmpty ? lines : []) + [line]
        return ended
    }

    mutating func end() -> [[TextLine]] {
        defer { lines = [] }
        return lines.isEmpty ? [] : [lines]
    }

    private func continues(_ last: TextLine, _ next: TextLine) -> Bool {
        let size = max(last.size, 1)
        let gap = next.box.top - last.box.bottom
        guard gap > -0.7 * size, gap <= gapMax * size, next.box.top > last.box.top + 0.3 * size,
            last.box.horizontalOverlap(next.box) > 0.5, abs(next.size - last.size) <= 0.15 * max(size, next.size),
            last.isBold == next.isBold || ListMarker(beginning: lines[0]) != nil,
            ListMarker(beginning: next) == nil
        else { return false }
        return !endsSentence(last) || !beginsAnother(last, next, size)
    }

    /// The same line in two pieces, such as a list's marker and its item.
    private func isBeside(_ last: TextLine, _ next: TextLine) -> Bool {
        let (size, gap) = (min(last.size, next.size), next.box.left - last.box.right)
        let isMarker = last.words.count == 1 && ListMarker(last.words[0].text) != nil
        return abs(last.box.middle - next.box.middle) < 0.3 * size && gap >= -0.2 * size
            && gap < (isMarker ? 4 : 1.5) * size
    }

    private func endsSentence(_ line: TextLine) -> Bool {
        line.words.last?.text.last.map { ".:?!。؟".contains($0) } ?? false
    }

    /// After a full stop: the line before was short, or this one is set in or out.
    private func beginsAnother(_ last: TextLine, _ next: TextLine, _ size: Double) -> Bool {
        let right = lines.reduce(next.box.right) { max($0, $1.box.right) }
        if last.box.right < right - 4 * size { return true }
        let isItem = ListMarker(beginning: lines[0]) != nil
        if isItem { return next.box.left < lines[0].box.left + 0.4 * size }
        let left = lines.count > 1 ? last.box.left : min(last.box.left, next.box.left)
        return next.box.left > left + 0.8 * size
    }
}
