import CZlib
import Crypto

@testable import Connectors

extension FuzzTarget {
    /// What a Git server sends.
    static let gitTargets = [
        FuzzTarget("pkt-line", seeds: ["0010version 2\n0009fe\n0000", "000dpackfile\n0008\u{1}abc00000002"]) { bytes in
            try checkPackets(bytes)
            for taker: any PacketTaker in [CapabilitiesReader(), ReferencesReader(), FetchReader(bytesMax: 100)] {
                try accepted { try feed(bytes, to: taker) }
            }
        },
        FuzzTarget("git-delta", bytes: [[5, 8] + Array("hello".utf8) + [0x90, 5, 3, 0x78, 0x79, 0x7a]]) { bytes in
            let base = Array(bytes.dropFirst(2).prefix(5))
            let delta = try accepted { try GitDelta(Array(bytes.prefix(2) + bytes.dropFirst(7))) }
            guard let delta, delta.resultSize <= 1 << 16 else { return }
            let result = try accepted { try delta.apply(to: base) }
            try require((result ?? []).count <= delta.resultSize, "a delta makes what it says")
        },
        FuzzTarget(
            "git-tree",
            bytes: [
                Array("100644 a.md\0".utf8) + [UInt8](repeating: 7, count: 20) + Array("40000 b\0".utf8)
                    + [UInt8](repeating: 8, count: 20),
                Array("tree \(String(repeating: "a", count: 40))\ncommitter A <a@b> 1700000000 +0100\n\nx".utf8),
            ]
        ) { bytes in
            _ = try accepted { try GitCommit(bytes) }
            for entry in try accepted({ try GitTreeEntry.entries(of: bytes) }) ?? [] {
                try require(entry.plainName?.utf8.contains(0x2f) != true, "a name is no path")
            }
        },
        FuzzTarget(
            "git-pack",
            bytes: [
                packed([(3, 5, Array("hello".utf8)), (3, 2, Array("ab".utf8))]), packed([(1, 1, [0x61])]),
            ]
        ) { try checkPack($0) },
    ]

    private static let limits = PackLimits(
        objectBytesMax: 1 << 16, workBytesMax: 1 << 20, objectsMax: 100, chainMax: 8, keptBytesMax: 1 << 14)

    /// However a stream is cut, its packets are the same.
    private static func checkPackets(_ bytes: [UInt8]) throws {
        var (whole, pieces) = (PacketReader(), PacketReader())
        whole.append(bytes)
        var found: [Packet] = []
        let error = try failure { while let packet = try whole.next() { found.append(packet) } }
        var again: [Packet] = []
        let other = try failure {
            for start in stride(from: 0, to: bytes.count, by: 3) {
                pieces.append(Array(bytes[start..<min(start + 3, bytes.count)]))
                while let packet = try pieces.next() { again.append(packet) }
            }
        }
        try require(found == again && error == other, "packets do not depend on how they come")
    }

    private static func failure(_ work: () throws -> Void) throws -> GitFault? {
        do { try work() } catch let fault as GitFault { return fault }
        return nil
    }

    private static func feed(_ bytes: [UInt8], to taker: any PacketTaker) throws {
        var (reader, taker) = (PacketReader(), taker)
        reader.append(bytes)
        while let packet = try reader.next() { try taker.take(packet) }
        let pack = (taker as? FetchReader)?.pack ?? []
        try require(pack.count <= 100, "a pack is bounded")
    }

    /// Number of objects in one byte, then the entries; head and checksum are made here: no mutation could guess them.
    private static func checkPack(_ bytes: [UInt8]) throws {
        var pack = Array("PACK".utf8) + [0, 0, 0, 2, 0, 0, 0, bytes.first ?? 0] + bytes.dropFirst()
        pack += Array(Insecure.SHA1.hash(data: pack))
        guard let read = try accepted({ try GitPack(pack, limits) }) else { return }
        let ids = bytes.count >= 20 ? [Array(bytes.prefix(20)), Array(bytes.suffix(20))] : []
        for id in ids.compactMap({ ObjectID($0) }) + [ObjectHash.id(.blob, Array("hello".utf8))].compactMap(\.self) {
            guard case .found(let object)? = try accepted({ try read.object(id) }) else { continue }
            try require(object.content.count <= limits.objectBytesMax, "an object is bounded")
            try require(ObjectHash.id(object.kind, object.content) == id, "an object is what its name says")
        }
    }

    /// Entries of type, size and content, short enough for one byte of head.
    private static func packed(_ entries: [(type: UInt8, size: Int, content: [UInt8])]) -> [UInt8] {
        [UInt8(entries.count)] + entries.flatMap { [$0.type << 4 | UInt8($0.size & 15)] + deflated($0.content) }
    }

    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var (output, count) = ([UInt8](repeating: 0, count: 128), UInt(128))
        guard compress2(&output, &count, bytes, UInt(bytes.count), 9) == Z_OK else { return [] }
        return Array(output.prefix(Int(count)))
    }
}
