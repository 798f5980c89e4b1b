import Kit

/// Passages that say nearly the same are shown once. Only what the reader was about to be shown takes part, so what
/// others may see changes nothing. Texts whose numbers differ stay apart, however alike they are: sixteen weeks in one
/// version of a rule and eighteen in the other is what a reader must see.
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
        let numbers = texts.map { Self.numbers(in: $0) }
        var kept: [Int] = []
        return texts.indices.map { place in
            let leader = kept.first {
                numbers[$0] == numbers[place]
                    && ShingleIndex.resemblance(shingles[$0], shingles[place]) >= resemblanceMin
            }
            if leader == nil { kept.append(place) }
            return leader ?? place
        }
    }

    /// The runs of ASCII digits in a text, in order of their bytes.
    private static func numbers(in text: [UInt8]) -> [[UInt8]] {
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        return text.split { !isDigit($0) }.map(Array.init).sorted { $0.lexicographicallyPrecedes($1) }
    }
}
