import Crypto
import Foundation
import Kit
import Testing

@testable import AuditTrail

@Suite struct MerkleFrontierTests {
    @Test func `the root equals the definition of RFC 6962 at every size up to 130`() {
        var frontier = MerkleFrontier()
        var leaves: [[UInt8]] = []
        #expect(Hex.encode(frontier.root) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        for size in 1...130 {
            let leaf = sha256([0] + Array("leaf \(size)".utf8))
            leaves.append(leaf)
            frontier.append(leaf)
            #expect(frontier.root == naiveRoot(leaves[...]), "size \(size)")
            #expect(frontier.size == size)
            #expect(frontier.peaks.count == size.nonzeroBitCount)
        }
    }

    /// The published example tree of the Certificate Transparency implementations.
    @Test func `the root equals published values`() {
        let data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        var frontier = MerkleFrontier()
        for (text, root) in zip(data, roots) {
            frontier.append(MerkleFrontier.leaf(Hex.decode(text) ?? []))
            #expect(Hex.encode(frontier.root) == root)
        }
    }

    @Test func `a stored frontier goes on as if never stored`() throws {
        var frontier = MerkleFrontier()
        for number: UInt8 in 0..<100 {
            frontier = try #require(MerkleFrontier(size: frontier.size, bytes: frontier.bytes))
            frontier.append(sha256([number]))
        }
        #expect(frontier.root == naiveRoot((0..<100).map { sha256([$0]) }[...]))
    }

    @Test func `bytes that do not fit the size are refused`() {
        #expect(MerkleFrontier(size: 3, bytes: [UInt8](repeating: 0, count: 64)) != nil)
        for (size, count): (Int64, Int) in [(3, 32), (3, 96), (3, 63), (0, 32), (-1, 0), (4, 0)] {
            #expect(MerkleFrontier(size: size, bytes: [UInt8](repeating: 0, count: count)) == nil)
        }
    }

    /// The recursive definition: split at the largest power of two below the size.
    private func naiveRoot(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
        if leaves.count == 1 { return leaves[leaves.startIndex] }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let middle = leaves.startIndex + split
        return sha256([1] + naiveRoot(leaves[..<middle]) + naiveRoot(leaves[middle...]))
    }

    private func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
