import Access
import Kit

/// The chunks of a snapshot that one reader may see. Every plan begins here and never looks outside.
struct AllowedSet: Sendable {
    /// In the order of the snapshot's views.
    let views: [AllowedView]
    let chunkCount: Int
    /// Those with a vector.
    let embeddedCount: Int

    init(views: [AllowedView]) {
        self.views = views
        chunkCount = views.reduce(0) { $0 + $1.chunkCount }
        embeddedCount = views.reduce(0) { $0 + $1.embeddedCount }
    }
}

/// The allowed chunks of one part.
struct AllowedView: Sendable {
    /// One bit per chunk.
    private let words: [UInt64]
    /// The same as maximal ranges, in rising order: what a scan walks.
    let runs: [Range<Int>]
    let chunkCount: Int
    let embeddedCount: Int
    /// Every chunk of the part: frequencies need no counting.
    let isWhole: Bool

    /// `documents`: positions of the allowed documents in the part, rising.
    init(part: IndexPart, documents: some Sequence<Int>) {
        var words = [UInt64](repeating: 0, count: (part.chunkCount + 63) / 64)
        var runs: [Range<Int>] = []
        for document in documents {
            let chunks = part.documents[document].chunks
            if chunks.isEmpty { continue }
            for chunk in chunks { words[chunk >> 6] |= 1 << UInt64(chunk & 63) }
            if let last = runs.last, last.upperBound == chunks.lowerBound {
                runs[runs.count - 1] = last.lowerBound..<chunks.upperBound
            } else {
                runs.append(chunks)
            }
        }
        self.words = words
        self.runs = runs
        chunkCount = runs.reduce(0) { $0 + $1.count }
        embeddedCount = runs.reduce(0) { sum, run in
            sum + run.count { part.chunks[$0].firstWindow < part.chunks[$0 + 1].firstWindow }
        }
        isWhole = chunkCount == part.chunkCount
    }

    @inline(__always)
    func contains(_ chunk: UInt32) -> Bool { words[Int(chunk >> 6)] & (1 << UInt64(chunk & 63)) != 0 }
}
