/// The terms of one text with their frequencies, in the canonical order: by bytes, each once.
package struct TermList: Sendable {
    package struct Term: Sendable {
        /// UTF-8.
        package let bytes: ArraySlice<UInt8>
        package let frequency: Int
    }

    package let terms: [Term]
    /// Words counted with repetition; stop words and compounds do not count. BM25's length.
    package let length: Int

    /// `spans` are ranges of `arena` in the order of the text.
    init(arena: [UInt8], spans: [Range<Int>], length: Int) {
        self.length = length
        let sorted = spans.sorted { arena[$0].lexicographicallyPrecedes(arena[$1]) }
        var terms: [Term] = []
        var first = 0
        while first < sorted.count {
            let bytes = arena[sorted[first]]
            var next = first + 1
            while next < sorted.count, arena[sorted[next]].elementsEqual(bytes) { next += 1 }
            terms.append(Term(bytes: bytes, frequency: next - first))
            first = next
        }
        self.terms = terms
    }
}
