import Crypto
import Foundation
import Kit

/// The right edge of a Merkle tree that only grows: the roots of its perfect subtrees, largest first. It is all that
/// appending and the root need, at most 64 hashes for any log.
///
/// The tree is that of RFC 6962, section 2.1: leaves are hashed with a zero byte before them, inner nodes with
/// a one byte, and a tree of n leaves splits at the largest power of two below n. Appending leaf n merges as many equal
/// subtrees as n has ones at its end in binary, as a carry does; the root folds the peaks from the right.
package struct MerkleFrontier: Hashable, Sendable {
    package static let hashBytes = 32

    package private(set) var size: Int64 = 0
    /// One hash for each one-bit of `size`, the highest bit first.
    package private(set) var peaks: [[UInt8]] = []

    package init() {}

    /// Nil unless `bytes` is a whole number of hashes that fits `size`.
    init?(size: Int64, bytes: [UInt8]) {
        guard size >= 0, bytes.count == size.nonzeroBitCount * Self.hashBytes else { return nil }
        self.size = size
        peaks = stride(from: 0, to: bytes.count, by: Self.hashBytes).map { Array(bytes[$0..<$0 + Self.hashBytes]) }
    }

    var bytes: [UInt8] { Array(peaks.joined()) }

    package mutating func append(_ leafHash: [UInt8]) {
        var node = leafHash
        for _ in 0..<(~size).trailingZeroBitCount { node = Self.parent(peaks.removeLast(), node) }
        peaks.append(node)
        size += 1
    }

    /// Of the empty tree: SHA-256 of nothing.
    package var root: [UInt8] {
        guard let last = peaks.last else { return Self.hash([]) }
        return peaks.dropLast().reversed().reduce(last) { Self.parent($1, $0) }
    }

    static func leaf(_ bytes: [UInt8]) -> [UInt8] { hash([0x00] + bytes) }
    static func parent(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] { hash([0x01] + left + right) }
    static func hash(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
