import Documents

/// Packs what lies between neighbouring places of one section into chunks, as much as fits.
struct CutPacker {
    private let plan: CutPlan
    private let section: CutPlan.Section
    private let tokensOverlap: Int

    init(_ plan: CutPlan, _ section: CutPlan.Section, tokensOverlap: Int) {
        (self.plan, self.section, self.tokensOverlap) = (plan, section, tokensOverlap)
    }

    /// `choose`: before which place a chunk ends, of those given by number: from one piece up to what fits.
    func ranges(_ choose: (CutPacker, ClosedRange<Int>) -> Int) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var first = 0
        while first < end {
            let next = choose(self, (first + 1)...farthest(from: first))
            found.append(place(first)..<place(next))
            first = next < end ? restart(first, next) : next
        }
        return found
    }

    /// The byte offset of a place by its number; that of `end` is where the section ends.
    func place(_ number: Int) -> Int { number < end ? section.places[number] : section.end }

    func tokens(from first: Int, to next: Int) -> Int {
        plan.ruler.index(at: place(next)) - plan.ruler.index(at: place(first))
    }

    var end: Int { section.places.count }

    /// Where a chunk ends at the latest that begins at `first`.
    private func farthest(from first: Int) -> Int {
        let room = room(at: first)
        var (low, high) = (first + 1, end)
        while low < high {
            let middle = low + (high - low + 1) / 2
            if tokens(from: first, to: middle) <= room { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// Beside the header that a chunk from here on needs.
    private func room(at number: Int) -> Int {
        plan.tokensTarget - (plan.tables.header(at: place(number))?.tokens ?? 0)
    }

    /// Where the chunk after the one from `first` to `next` begins: as far back as the overlap reaches, where something
    /// new still fits behind it.
    private func restart(_ first: Int, _ next: Int) -> Int {
        var start = next
        while start - 1 > first, tokens(from: start - 1, to: next) <= tokensOverlap { start -= 1 }
        while start < next, tokens(from: start, to: next + 1) > room(at: start) { start += 1 }
        return start
    }
}

extension CutPlan {
    /// As much as fits in each.
    func chunks(tokensOverlap: Int) -> [Chunk] {
        var ranges: [Range<Int>] = []
        eachSection { section in
            ranges += CutPacker(self, section, tokensOverlap: tokensOverlap).ranges { $1.upperBound }
        }
        return chunks(ranges)
    }

    /// Each with its headings, without the white space at its end.
    func chunks(_ ranges: [Range<Int>]) -> [Chunk] {
        ranges.enumerated().map { ordinal, range in
            var end = range.upperBound
            while end > range.lowerBound + 1, document.text[end - 1] <= 0x20 { end -= 1 }
            let block = document.blocks.partitioningIndex { $0.range.lowerBound > range.lowerBound } - 1
            return Chunk(
                ordinal: ordinal, range: range.lowerBound..<end, headings: document.blocks[max(0, block)].headings,
                tableHeader: tables.header(at: range.lowerBound)?.range)
        }
    }
}
