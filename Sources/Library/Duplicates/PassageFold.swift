import Kit

/// Passages that say nearly the same are shown once. Only what the reader was about to be shown takes part, so what
/// others may see changes nothing.
enum PassageFold {
    /// Exact Jaccard similarity of five-word shingles from which on one passage stands for the other.
    static let resemblanceMin = 0.8
    /// How many hits are looked at when some were folded: the bound of a flood that is still seen through.
    static let widths = [30, 100]

    /// Best first, as they came; each kept one names the other documents of those folded into it.
    static func fold(_ passages: [Passage]) -> [Passage] {
        var folded = passages
        let leaders = leaders(of: passages.map(\.text))
        for (place, leader) in leaders.enumerated() where leader != place {
            let document = passages[place].document.id
            let isKnown = document == passages[leader].document.id || folded[leader].alsoIn.contains(document)
            if !isKnown { folded[leader].alsoIn.append(document) }
        }
        return zip(folded, leaders.enumerated()).filter { $0.1.offset == $0.1.element }.map(\.0)
    }

    /// For each text the first kept one that it resembles, or itself when it is kept.
    static func leaders(of texts: [[UInt8]]) -> [Int] {
        var index = ShingleIndex()
        let shingles = texts.map { index.shingles(of: $0) }
        var kept: [Int] = []
        return texts.indices.map { place in
            let leader = kept.first {
                ShingleIndex.resemblance(shingles[$0], shingles[place]) >= resemblanceMin
            }
            if leader == nil { kept.append(place) }
            return leader ?? place
        }
    }
}
