import Foundation
import Kit
import Storage
import TestKit
import Testing

@testable import AuditTrail

@Suite struct ProofTests {
    @Test func `every leaf of every size up to 40 leads to the root, and to no other`() {
        for size in 1...Int64(40) {
            let leaves = (0..<size).map { MerkleFrontier.leaf(Array("leaf \($0)".utf8)) }
            let root = Self.root(leaves[...])
            for index in 0..<size {
                let path = InclusionPath.siblings(of: index, in: size).map {
                    Self.root(leaves[Int($0.lowerBound)..<Int($0.upperBound)])
                }
                let leaf = leaves[Int(index)]
                #expect(InclusionPath.root(of: leaf, at: index, in: size, path: path) == root)
                #expect(InclusionPath.root(of: leaf, at: index, in: size, path: path + [leaf]) == nil)
                #expect(InclusionPath.root(of: MerkleFrontier.leaf([1]), at: index, in: size, path: path) != root)
            }
        }
        #expect(InclusionPath.root(of: [], at: 3, in: 3, path: []) == nil)
        #expect(InclusionPath.root(of: [], at: -1, in: 3, path: []) == nil)
    }

    /// Paths of the published example tree of RFC 6962, section 2.1.3: of seven leaves, those of d0, d3, d4 and d6.
    @Test func `the siblings are those of the RFC's example`() {
        #expect(InclusionPath.siblings(of: 0, in: 7) == [1..<2, 2..<4, 4..<7])
        #expect(InclusionPath.siblings(of: 3, in: 7) == [2..<3, 0..<2, 4..<7])
        #expect(InclusionPath.siblings(of: 4, in: 7) == [5..<6, 6..<7, 0..<4])
        #expect(InclusionPath.siblings(of: 6, in: 7) == [4..<6, 0..<4])
    }

    @Test func `an entry proves itself to who has only the key, while the log goes on`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(21)
            let scope = WriteScope.tenant(tenant)
            let key = try bench.trail.signingKey(of: tenant)
            let log = try await bench.trail.record(bench.entry(22), for: scope).log.description
            var size: Int64 = 22
            for sequence in [1, 8, 16, 17, 22] as [Int64] {
                let proof = try await bench.trail.proof(of: sequence, in: log, of: scope)
                #expect(proof.isIncluded && proof.head.isSigned(by: key) && proof.head.size == size)
                #expect(proof.entry.contains("\"sequence\":\(sequence)"))
                try await bench.trail.record(bench.entry(23), for: scope)
                size += 1
            }
        }
    }
}

extension ProofTests {
    @Test func `a changed entry, place, time, path, head or key proves nothing`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(12)
            let (scope, other) = (WriteScope.tenant(tenant), try bench.makeTenant())
            let log = try await bench.trail.record(bench.entry(13), for: scope).log.description
            let good = try await bench.trail.proof(of: 5, in: log, of: scope)
            let key = try bench.trail.signingKey(of: tenant)
            let json = String(decoding: try JSONEncoder().encode(good), as: UTF8.self)
            for (field, place) in [("entry", "notes"), ("salt", good.salt), ("path", good.path[1])] {
                let changed = try Self.decode(json.replacingOccurrences(of: place, with: Self.flipped(place)))
                #expect(!changed.isIncluded, "\(field)")
            }
            for changed in ["\"sequence\":5", "\"time\":\(good.time.microseconds)"] {
                #expect(try !Self.decode(json.replacingOccurrences(of: changed, with: changed + "1")).isIncluded)
            }
            let head = try Self.decode(json.replacingOccurrences(of: "\"size\":13", with: "\"size\":14")).head
            #expect(!head.isSigned(by: key) && good.head.isSigned(by: key))
            #expect(try !good.head.isSigned(by: bench.trail.signingKey(of: other)))
            #expect(!good.head.isSigned(by: []))
            await #expect(throws: AuditFailure.unknownEntry) { try await bench.trail.proof(of: 14, in: log, of: scope) }
            await #expect(throws: AuditFailure.unknownEntry) {
                try await bench.trail.proof(of: 1, in: log, of: .tenant(other))
            }
        }
    }

    @Test func `a log that was changed from outside proves nothing any more`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(6)
            let scope = WriteScope.tenant(tenant)
            let log = try await bench.trail.record(bench.entry(7), for: scope).log.description
            try await bench.tamper(["UPDATE audit_leaves SET leaf_hash = chain WHERE sequence = 3"])
            await #expect(throws: AuditFailure.logTampered(log: log)) {
                try await bench.trail.proof(of: 5, in: log, of: scope)
            }
        }
    }

    private static func decode(_ json: String) throws -> AuditProof {
        try JSONDecoder().decode(AuditProof.self, from: Data(json.utf8))
    }

    /// With its first character another one of the same kind.
    private static func flipped(_ text: String) -> String {
        (text.hasPrefix("0") ? "1" : text.first?.isHexDigit == true ? "0" : "x") + text.dropFirst()
    }

    /// The recursive definition of RFC 6962.
    private static func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
        if leaves.count == 1 { return leaves[leaves.startIndex] }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let middle = leaves.startIndex + split
        return MerkleFrontier.parent(root(leaves[..<middle]), root(leaves[middle...]))
    }
}
