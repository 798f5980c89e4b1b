/// The way from a leaf to the root of a Merkle tree (RFC 6962, section 2.1.1): which subtrees stand beside it.
package enum InclusionPath {
    /// The leaves under each sibling, from the leaf up, for the leaf number `index` (from 0) of `size`. Empty for a
    /// tree of one leaf, and for an index that is not in the tree.
    package static func siblings(of index: Int64, in size: Int64) -> [Range<Int64>] {
        guard index >= 0, index < size else { return [] }
        var (low, high) = (Int64(0), size)
        var found: [Range<Int64>] = []
        while high - low > 1 {
            let middle = low + split(high - low)
            if index < middle {
                found.append(middle..<high)
                high = middle
            } else {
                found.append(low..<middle)
                low = middle
            }
        }
        return found.reversed()
    }

    /// The root that a leaf and its siblings' hashes give; nil when their number does not fit the place.
    package static func root(
        of leafHash: [UInt8], at index: Int64, in size: Int64, path: [[UInt8]]
    ) -> [UInt8]? {
        let siblings = siblings(of: index, in: size)
        guard index >= 0, index < size, siblings.count == path.count else { return nil }
        return zip(siblings, path).reduce(leafHash) { node, sibling in
            sibling.0.lowerBound > index
                ? MerkleFrontier.parent(node, sibling.1) : MerkleFrontier.parent(sibling.1, node)
        }
    }

    /// The largest power of two below `size`, which is at least 2.
    private static func split(_ size: Int64) -> Int64 { 1 << (Int64.bitWidth - 1 - (size - 1).leadingZeroBitCount) }
}
