import Documents
import Encoder

/// Where a document may be cut by one strategy: sections, and in each the places where a chunk may begin.
struct CutPlan {
    /// A heading, or several in a row, with everything up to the next: no chunk reaches beyond.
    struct Section: Equatable {
        /// Byte offsets, ascending; the first is where the section begins. What lies between two fits a chunk.
        let places: [Int]
        let end: Int
    }

    let document: ParsedDocument
    let ruler: TokenRuler
    let tokensTarget: Int
    let tables: TableHeaders
    private let strategy: ChunkingStrategy

    init(_ document: ParsedDocument, _ tokens: [Token], tokensTarget: Int, strategy: ChunkingStrategy) {
        self.document = document
        self.tokensTarget = tokensTarget
        self.strategy = strategy
        ruler = TokenRuler(tokens)
        tables = TableHeaders(document.blocks, ruler, tokensTarget: tokensTarget)
    }

    /// Section by section, so that only one's places are in memory.
    func eachSection(_ body: (Section) throws -> Void) rethrows {
        var places: [Int] = []
        var (end, hasBody) = (0, false)
        for block in document.blocks {
            let isHeading = if case .heading = block.kind { true } else { false }
            if isHeading, hasBody {
                try body(Section(places: places, end: end))
                (places, hasBody) = ([], false)
            }
            places += self.places(in: block)
            end = block.range.upperBound
            hasBody = hasBody || !isHeading
        }
        if !places.isEmpty { try body(Section(places: places, end: end)) }
    }

    private func places(in block: DocumentLayout.Block) -> [Int] {
        switch block.kind {
        case .heading: fitted(block.range, [.words, .tokens])
        case .table: rows(of: block)
        case .paragraph, .listItem, .code:
            switch strategy {
            case .fixed: [block.range.lowerBound] + pieces(of: block.range, .tokens).dropFirst().map(\.lowerBound)
            case .structure, .recursive: fitted(block.range, [.sentences, .words, .tokens])
            case .semantic: pieces(of: block.range, .sentences).flatMap { fitted($0, [.words, .tokens]) }
            }
        }
    }

    private func rows(of block: DocumentLayout.Block) -> [Int] {
        let room = tokensTarget - tables.headerTokens(of: block)
        let starts = (block.table?.rows ?? []).compactMap(\.first?.lowerBound).filter { $0 > block.range.lowerBound }
        let ends = starts + [block.range.upperBound]
        return zip([block.range.lowerBound] + starts, ends).flatMap { start, end in
            start < end ? fitted(start..<end, [.words, .tokens], limit: room) : []
        }
    }

    // MARK: Pieces

    private enum Level { case sentences, words, tokens }

    /// The range whole where it fits, else by the first level, else by the next.
    private func fitted(_ range: Range<Int>, _ levels: [Level], limit: Int? = nil) -> [Int] {
        guard ruler.count(in: range) > limit ?? tokensTarget, let level = levels.first else {
            return [range.lowerBound]
        }
        return pieces(of: range, level).flatMap { fitted($0, Array(levels.dropFirst()), limit: limit) }
    }

    /// All of the range, without gaps.
    private func pieces(of range: Range<Int>, _ level: Level) -> [Range<Int>] {
        let inner =
            switch level {
            case .sentences: SentenceStarts.inside(range, of: document.text)
            case .words: ruler.starts(in: range, onlyAfterSpace: true)
            case .tokens: ruler.starts(in: range, onlyAfterSpace: false)
            }
        let starts = [range.lowerBound] + inner
        let ends = inner + [range.upperBound]
        return zip(starts, ends).map { $0..<$1 }
    }
}

/// The tokens of a text, by place.
struct TokenRuler {
    let tokens: [Token]

    init(_ tokens: [Token]) { self.tokens = tokens }

    /// How many tokens begin before `place`: the number of the first one that does not.
    func index(at place: Int) -> Int { tokens.partitioningIndex { $0.start >= place } }

    func indices(in range: Range<Int>) -> Range<Int> {
        let first = index(at: range.lowerBound)
        return first..<max(first, index(at: range.upperBound))
    }

    func count(in range: Range<Int>) -> Int { indices(in: range).count }

    /// Where tokens begin behind the beginning of `range`, ascending; several may begin in one character.
    func starts(in range: Range<Int>, onlyAfterSpace: Bool) -> [Int] {
        var starts: [Int] = []
        var last = range.lowerBound
        for index in indices(in: range) where tokens[index].start > last {
            if onlyAfterSpace, index > 0, tokens[index - 1].end >= tokens[index].start { continue }
            last = tokens[index].start
            starts.append(last)
        }
        // What stands before the first token goes with it.
        let first = indices(in: range).first.map { tokens[$0].start }
        return starts.first == first ? Array(starts.dropFirst()) : starts
    }
}

/// The headers of the tables that have one which leaves room for rows.
struct TableHeaders {
    private var headers: [(table: Range<Int>, header: Range<Int>, tokens: Int)] = []

    init(_ blocks: [DocumentLayout.Block], _ ruler: TokenRuler, tokensTarget: Int) {
        for block in blocks {
            guard let table = block.table, let first = table.rows.prefix(table.headerRows).first?.first,
                let last = table.rows.prefix(table.headerRows).last?.last
            else { continue }
            let header = first.lowerBound..<last.upperBound
            let count = ruler.count(in: header)
            if count <= tokensTarget / 2 { headers.append((block.range, header, count)) }
        }
    }

    func headerTokens(of block: DocumentLayout.Block) -> Int { entry(at: block.range.lowerBound)?.tokens ?? 0 }

    /// The header that a chunk needs which begins at `place`: nil outside of tables and at the header itself.
    func header(at place: Int) -> (range: Range<Int>, tokens: Int)? {
        entry(at: place).flatMap { $0.header.upperBound <= place ? ($0.header, $0.tokens) : nil }
    }

    private func entry(at place: Int) -> (table: Range<Int>, header: Range<Int>, tokens: Int)? {
        let index = headers.partitioningIndex { $0.table.lowerBound > place } - 1
        return index >= 0 && headers[index].table.contains(place) ? headers[index] : nil
    }
}

extension Array {
    /// The first index whose element is one of the second part; the array is parted already.
    func partitioningIndex(_ isInSecondPart: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if isInSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
