/// Puts the lines of a page in the order of reading where the tool's order jumps between columns.
///
/// Poppler's order is kept wherever it reads one column to its end; measured on real files it is better than any
/// order by geometry alone. Where it jumps, a strip of white between two columns of running text is looked for. Lines
/// across the strip cut the page into bands; in each band the left column comes first, in the tool's order.
enum ReadingOrder {
    /// Running text is so many heights of a line wide.
    private static let proseWidthMin = 12.0
    private static let linesPerColumnMin = 6
    private static let crossingShareMax = 0.1
    private static let jumpsMax = 2
    private static let depthMax = 3
    private static let step = 2.0

    static func ordered(_ lines: [TextLine], depth: Int = 0) -> [TextLine] {
        guard depth < depthMax, let gutter = gutter(in: lines) else { return lines }
        let sides = lines.map { side(of: $0.box, gutter) }
        let order = bandOrder(lines, sides)
        guard depth > 0 || jumps(lines.indices.map { sides[$0] }) > jumps(order.map { sides[$0] }) + jumpsMax else {
            return lines
        }
        var result: [TextLine] = []
        var index = 0
        while index < order.count {
            let run = order[index...].prefix { sides[$0] == sides[order[index]] }
            result += ordered(run.map { lines[$0] }, depth: depth + 1)
            index += run.count
        }
        return result
    }

    private enum Side: Int { case left, right, both }

    private static func side(of box: Rectangle, _ gutter: Double) -> Side {
        box.right <= gutter + step ? .left : box.left >= gutter - step ? .right : .both
    }

    /// Indices band by band, in a band the left column, then the right one, then the line across that ends it.
    private static func bandOrder(_ lines: [TextLine], _ sides: [Side]) -> [Int] {
        let across = lines.indices.filter { sides[$0] == .both }.map { lines[$0].box.middle }.sorted()
        func band(_ index: Int) -> Int {
            var (low, high) = (0, across.count)
            while low < high {
                let middle = (low + high) / 2
                if across[middle] < lines[index].box.middle { low = middle + 1 } else { high = middle }
            }
            return low
        }
        let keys = lines.indices.map { (band($0), sides[$0].rawValue, $0) }
        return keys.sorted { $0 < $1 }.map(\.2)
    }

    /// How often the order goes from one column to the other.
    private static func jumps(_ sides: [Side]) -> Int {
        let columns = sides.filter { $0 != .both }
        return zip(columns, columns.dropFirst()).count { $0 != $1 }
    }

    /// The middle of the strip in the page's middle that the fewest lines of running text cross; nil when many do or
    /// one side holds hardly any.
    static func gutter(in lines: [TextLine]) -> Double? {
        let prose = lines.filter { $0.isUpright && $0.box.width >= proseWidthMin * $0.size }.map(\.box)
        guard prose.count >= 2 * linesPerColumnMin, let left = prose.map(\.left).min(),
            let right = prose.map(\.right).max(), right - left > 20 * step, right - left < 20_000
        else { return nil }
        var changes = Array(repeating: 0, count: Int((right - left) / step) + 2)
        for box in prose {
            changes[Int((box.left - left) / step)] += 1
            changes[Int((box.right - left) / step) + 1] -= 1
        }
        var (covered, coverage): (Int, [Int]) = (0, [])
        for change in changes {
            covered += change
            coverage.append(covered)
        }
        let gutter = left + step * (widestLow(coverage) + 0.5)
        let crossing = prose.count { side(of: $0, gutter) == .both }
        guard Double(crossing) <= crossingShareMax * Double(prose.count),
            prose.count(where: { side(of: $0, gutter) == .left }) >= linesPerColumnMin,
            prose.count(where: { side(of: $0, gutter) == .right }) >= linesPerColumnMin
        else { return nil }
        return gutter
    }

    /// The middle of the longest run of the lowest value within the middle half.
    private static func widestLow(_ values: [Int]) -> Double {
        let inner = values.count / 4..<values.count * 3 / 4
        let lowest = values[inner].min() ?? 0
        var (best, index) = (inner.lowerBound..<inner.lowerBound, inner.lowerBound)
        while index < inner.upperBound {
            let run = values[index..<inner.upperBound].prefix { $0 == lowest }
            if run.count > best.count { best = run.startIndex..<run.endIndex }
            index = run.endIndex + 1
        }
        return Double(best.lowerBound + best.upperBound - 1) / 2
    }
}

extension PageContent {
    /// With the markers of lists before their items, and columns one after the other.
    var inReadingOrder: PageContent {
        var page = self
        page.lines = Self.withMarkers(lines)
        // The tool takes columns that stand close for one; their lines are cut only when that tells columns.
        let pieces = page.lines.flatMap { $0.pieces(gap: 1.5) }
        let ordered = ReadingOrder.ordered(pieces)
        if ordered != pieces { page.lines = ordered }
        return page
    }

    /// Poppler gives markers that stand far from their items as a column of their own.
    private static func withMarkers(_ lines: [TextLine]) -> [TextLine] {
        let markers = lines.indices.filter { lines[$0].words.count == 1 && ListMarker(lines[$0].words[0].text) != nil }
        guard !markers.isEmpty else { return lines }
        var bands: [Int: [Int]] = [:]
        let bandsMax = 64
        for index in lines.indices where bands[lines[index].band, default: []].count < bandsMax {
            bands[lines[index].band, default: []].append(index)
        }
        var (result, gone): ([TextLine], Set<Int>) = (lines, [])
        for marker in markers {
            let band = lines[marker].band
            let near = (band - 1...band + 1).flatMap { bands[$0] ?? [] }
            let items = near.filter { $0 != marker && !gone.contains($0) && isItem(lines[$0], of: lines[marker]) }
            guard let item = items.min(by: { lines[$0].box.left < lines[$1].box.left }) else { continue }
            let words = lines[marker].words + result[item].words
            result[item] = TextLine(words, block: lines[item].block, isBold: lines[item].isBold)
            gone.insert(marker)
        }
        return result.indices.filter { !gone.contains($0) }.map { result[$0] }
    }

    private static func isItem(_ line: TextLine, of marker: TextLine) -> Bool {
        let (distance, size) = (line.box.left - marker.box.right, max(line.size, 1))
        return (-0.2 * size...4 * size).contains(distance)
            && abs(line.box.middle - marker.box.middle) < 0.4 * size && ListMarker(line.words[0].text) == nil
    }
}

extension TextLine {
    /// Lines of one height are in one band or in neighbouring ones.
    fileprivate var band: Int { Int(box.middle / 8) }
}
