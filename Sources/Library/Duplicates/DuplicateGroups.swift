import Kit

/// What is known of one document when duplicates are looked for.
struct SketchedDocument: Sendable {
    let document: DocumentID
    let created: Timestamp
    /// Equal for equal bytes.
    let content: [UInt8]
    /// Nil for a version of before sketches were kept.
    let sketch: Sketch?
}

/// Documents that are the same or nearly: connected by equal bytes or an estimated resemblance of `resemblanceMin`.
///
/// Pairs are found by locality-sensitive hashing (A. Rajaraman, J. Ullman, "Mining of Massive Datasets", 3.4): the
/// sketch is cut into 32 bands of 4 places, and who agrees with another in a whole band is compared with it. Of a pair
/// at 0.8 less than one in ten million agrees in no band.
struct DuplicateGroups {
    static let resemblanceMin = 0.8
    static let bandPlaces = 4
    /// Documents kept to compare with per band and value. A flood of one text is one group after one comparison each.
    static let bucketMax = 16

    /// One document in its group.
    struct Member: Sendable, Equatable {
        let document: DocumentID
        /// With the first of the group, estimated; 1 for the first itself.
        let resemblance: Double
        /// Another document of the group has equal bytes.
        let isExact: Bool
    }

    /// Oldest document first in each group; the largest group first, then the one with the older first document.
    static func find(among documents: [SketchedDocument]) -> [[Member]] {
        var search = Self(documents.sorted { ($0.created, $0.document) < ($1.created, $1.document) })
        search.joinEqual()
        for band in stride(from: 0, to: Sketch.size, by: bandPlaces) { search.joinNear(in: band) }
        return search.groups()
    }

    private let documents: [SketchedDocument]
    /// A forest of disjoint sets; a root is the oldest document of its group.
    private var parents: [Int]
    /// Of equal documents the first; only that one is compared.
    private var firstOfContent: [Int]
    private var isExact: [Bool]

    private init(_ documents: [SketchedDocument]) {
        self.documents = documents
        parents = Array(documents.indices)
        firstOfContent = parents
        isExact = documents.map { _ in false }
    }

    private mutating func joinEqual() {
        var firsts: [[UInt8]: Int] = [:]
        for place in documents.indices {
            let first = firsts[documents[place].content] ?? place
            firsts[documents[place].content] = first
            guard first != place else { continue }
            firstOfContent[place] = first
            (isExact[first], isExact[place]) = (true, true)
            join(first, place)
        }
    }

    private mutating func joinNear(in band: Int) {
        var buckets: [ArraySlice<UInt32>: [Int]] = [:]
        for place in documents.indices where firstOfContent[place] == place {
            guard let sketch = documents[place].sketch, !sketch.minima.isEmpty else { continue }
            let key = sketch.minima[band..<band + Self.bandPlaces]
            let others = buckets[key, default: []]
            for other in others where root(of: other) != root(of: place) {
                let resemblance = documents[other].sketch?.resemblance(to: sketch) ?? 0
                if resemblance >= Self.resemblanceMin { join(other, place) }
            }
            if others.count < Self.bucketMax { buckets[key, default: []].append(place) }
        }
    }

    private mutating func root(of place: Int) -> Int {
        var place = place
        while parents[place] != place {
            parents[place] = parents[parents[place]]
            place = parents[place]
        }
        return place
    }

    private mutating func join(_ left: Int, _ right: Int) {
        let (left, right) = (root(of: left), root(of: right))
        parents[max(left, right)] = min(left, right)
    }

    private mutating func groups() -> [[Member]] {
        var places: [Int: [Int]] = [:]
        for place in documents.indices { places[root(of: place), default: []].append(place) }
        let found = places.values.filter { $0.count > 1 }
        return found.sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }.map { group in
            group.map { member(at: $0, in: group[0]) }
        }
    }

    private func member(at place: Int, in group: Int) -> Member {
        let isEqual = firstOfContent[place] == group
        let sketch = documents[group].sketch
        let resemblance = isEqual ? 1 : documents[place].sketch.flatMap { sketch?.resemblance(to: $0) } ?? 0
        return Member(document: documents[place].document, resemblance: resemblance, isExact: isExact[place])
    }
}
