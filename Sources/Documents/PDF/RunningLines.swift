/// Headers, footers and page numbers: lines at the edge of the page that stand at the same place on many pages.
struct RunningLines {
    /// Shares of the page's height at the top and at the bottom.
    private static let edge = 0.12
    private static let pagesMin = 3
    private static let linesMax = 200_000
    private var pages: [Key: Int] = [:]

    private struct Key: Hashable {
        /// Letters as they are, each number as one `#`.
        let text: String
        /// Distance from the nearer end of the page in steps of six points; negative from the bottom.
        let step: Int
    }

    mutating func add(_ page: PageContent) {
        for key in Set(page.lines.compactMap { Self.key($0, on: page) }) where pages.count < Self.linesMax {
            pages[key, default: 0] += 1
        }
    }

    /// The page without them.
    func without(_ page: PageContent) -> PageContent {
        var rest = page
        let numbers = page.lines.indices.filter { Self.isNumber(page.lines[$0]) && Self.isAtEdge(page.lines[$0], page) }
        // A page number may stand on the only page there is; more than a few are a table.
        let pageNumbers = Set(numbers.count <= 2 ? numbers.filter { Self.standsAlone($0, page) } : [])
        rest.lines = page.lines.indices.filter { !pageNumbers.contains($0) && !contains(page.lines[$0], on: page) }
            .map { page.lines[$0] }
        return rest
    }

    private static func isNumber(_ line: TextLine) -> Bool {
        line.words.count == 1 && line.words[0].text.utf8.count <= 4 && line.words[0].text.allSatisfy(\.isNumber)
    }

    private static func isAtEdge(_ line: TextLine, _ page: PageContent) -> Bool {
        min(line.box.middle, page.height - line.box.middle) < edge * page.height
    }

    /// With text between it and the other edge only, and not all there is.
    private static func standsAlone(_ number: Int, _ page: PageContent) -> Bool {
        let box = page.lines[number].box
        let isAtTop = box.middle < page.height / 2
        return page.lines.count > 1
            && page.lines.indices.allSatisfy { index in
                let middle = page.lines[index].box.middle
                return index == number || abs(middle - box.middle) < box.height || (middle > box.middle) == isAtTop
            }
    }

    func contains(_ line: TextLine, on page: PageContent) -> Bool {
        guard let key = Self.key(line, on: page) else { return false }
        // Rounding may part what stands at one place.
        let count = (-1...1).reduce(0) { $0 + (pages[Key(text: key.text, step: key.step + $1)] ?? 0) }
        return count >= (key.text.contains(where: \.isLetter) ? Self.pagesMin : 2)
    }

    /// Nil for a line that does not stand at the edge.
    private static func key(_ line: TextLine, on page: PageContent) -> Key? {
        let (above, below) = (line.box.middle, page.height - line.box.middle)
        guard page.height > 0, isAtEdge(line, page) else { return nil }
        let step = above < below ? Int(above / 6) + 4 : -Int(below / 6) - 4
        return Key(text: normalised(line.text), step: step)
    }

    private static func normalised(_ text: String) -> String {
        var result = ""
        for character in text.prefix(200) where !character.isWhitespace {
            if !character.isNumber { result.append(character) } else if result.last != "#" { result.append("#") }
        }
        return result
    }
}
