import Foundation
import Keyring
import Kit
import Storage
import TestKit
import Testing

@testable import AuditTrail

/// ATTACKS.md, "audit tampering": each change is found, and the record is named.
@Suite struct TamperTests {
    private static let bytes = [UInt8](repeating: 7, count: 32)

    private func fault(_ tenant: TenantID, _ sequence: Int64, _ kind: AuditFault.Kind) -> AuditFault {
        AuditFault(log: "\(tenant)/2026", sequence: sequence, kind: kind)
    }

    @Test func `an edited column names its record`() async throws {
        try await AuditBench.each { bench in
            let edits: [(SQLStatement, AuditFault.Kind)] = [
                ("time = time + 1", .leafChanged), ("time = time - 1", .leafChanged),
                ("leaf_hash = \(Self.bytes)", .leafChanged), ("commitment = \(Self.bytes)", .leafChanged),
                ("chain = \(Self.bytes)", .chainBroken), ("entry = \(Self.bytes)", .entryChanged),
            ]
            for (edit, kind) in edits {
                let tenant = try await bench.makeLog(9)
                try await bench.edit(5, of: tenant, "\(edit)")
                let found = try await bench.fault(in: tenant)
                #expect(found == fault(tenant, 5, kind), "\(edit)")
            }
        }
    }

    @Test func `a flipped bit in a sealed entry names its record`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(3)
            let sealed = try await bench.leaves(of: tenant)[1].sealedEntry
            for index in stride(from: 0, to: sealed.count, by: 17) {
                var changed = sealed
                changed[index] ^= 1
                let bytes = changed
                try await bench.edit(2, of: tenant, "entry = \(bytes)")
                #expect(try await bench.fault(in: tenant)?.sequence == 2, "byte \(index)")
            }
        }
    }

    @Test func `dropped, reordered and cut records are named`() async throws {
        try await AuditBench.each { bench in
            let cases: [(String, [(TenantID) -> SQLStatement], Int64, AuditFault.Kind)] = [
                ("drop", [{ "DELETE FROM audit_leaves WHERE owner = \($0) AND sequence = 4" }], 4, .missing),
                ("drop the first", [{ "DELETE FROM audit_leaves WHERE owner = \($0) AND sequence = 1" }], 1, .missing),
                ("cut the tail", [{ "DELETE FROM audit_leaves WHERE owner = \($0) AND sequence > 6" }], 7, .missing),
                ("drop all", [{ "DELETE FROM audit_leaves WHERE owner = \($0)" }], 1, .missing),
                (
                    "reorder",
                    [
                        { "UPDATE audit_leaves SET sequence = 100 WHERE owner = \($0) AND sequence = 3" },
                        { "UPDATE audit_leaves SET sequence = 3 WHERE owner = \($0) AND sequence = 7" },
                        { "UPDATE audit_leaves SET sequence = 7 WHERE owner = \($0) AND sequence = 100" },
                    ], 3, .leafChanged
                ),
                (
                    "renumber over a gap",
                    [
                        { "DELETE FROM audit_leaves WHERE owner = \($0) AND sequence = 9" },
                        { "UPDATE audit_leaves SET sequence = 9 WHERE owner = \($0) AND sequence = 10" },
                        { "UPDATE audit_logs SET size = 9 WHERE owner = \($0)" },
                    ], 9, .leafChanged
                ),
                ("drop the log's row", [{ "DELETE FROM audit_logs WHERE owner = \($0)" }], 1, .unexpected),
                ("understate", [{ "UPDATE audit_logs SET size = 8 WHERE owner = \($0)" }], 9, .unexpected),
                ("overstate", [{ "UPDATE audit_logs SET size = 11 WHERE owner = \($0)" }], 11, .missing),
                ("chain", [{ "UPDATE audit_logs SET chain = \(Self.bytes) WHERE owner = \($0)" }], 10, .logRowChanged),
                ("tag", [{ "UPDATE audit_logs SET tag = \(Self.bytes) WHERE owner = \($0)" }], 10, .logRowChanged),
            ]
            for (name, statements, sequence, kind) in cases {
                let tenant = try await bench.makeLog(10)
                try await bench.tamper(statements.map { $0(tenant) })
                let expected = fault(tenant, sequence, kind)
                #expect(try await bench.fault(in: tenant) == expected, "\(name)")
            }
        }
    }

    @Test func `a tail cut with every hash made to fit is found by the row's tag`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(10)
            try await bench.tamper(["DELETE FROM audit_leaves WHERE owner = \(tenant) AND sequence > 6"])
            try await bench.forgeHashes(of: tenant)
            #expect(try await bench.fault(in: tenant) == fault(tenant, 6, .logRowChanged))
            await #expect(throws: (any Error).self, "the next entry must not cover the traces") {
                try await bench.trail.record(bench.entry(7), for: .tenant(tenant))
            }
        }
    }

    @Test func `a record taken out and the rest renumbered and rehashed is named where it was`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(10)
            try await bench.tamper(["DELETE FROM audit_leaves WHERE owner = \(tenant) AND sequence = 4"])
            for number: Int64 in 5...10 { try await bench.edit(number, of: tenant, "sequence = \(number - 1)") }
            try await bench.forgeHashes(of: tenant)
            #expect(try await bench.fault(in: tenant) == fault(tenant, 4, .entryChanged))
        }
    }

    @Test func `a time changed and all hashes made to fit is named`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(5)
            for number: Int64 in 2...5 { try await bench.edit(number, of: tenant, "time = time + 5") }
            try await bench.forgeHashes(of: tenant)
            #expect(try await bench.fault(in: tenant) == fault(tenant, 2, .entryChanged))
        }
    }

    @Test func `records spliced in from another log are named`() async throws {
        try await AuditBench.each { bench in
            let (tenant, other) = (try await bench.makeLog(6), try await bench.makeLog(6))
            try await bench.tamper([
                "DELETE FROM audit_leaves WHERE owner = \(tenant) AND sequence > 3",
                "UPDATE audit_leaves SET owner = \(tenant) WHERE owner = \(other) AND sequence > 3",
            ])
            #expect(try await bench.fault(in: tenant) == fault(tenant, 4, .leafChanged))
            #expect(try await bench.fault(in: other) == fault(other, 4, .missing))
            try await bench.forgeHashes(of: tenant)
            #expect(try await bench.fault(in: tenant) == fault(tenant, 4, .entryChanged))
        }
    }

    /// From inside an older state is as good as the present: this needs a checkpoint that was kept elsewhere.
    @Test func `a log put back to an earlier state is found with a checkpoint from outside`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(6)
            let early = try await bench.trail.verify(.tenant(tenant)).logs.map(\.checkpoint)
            let row = try await bench.head(of: tenant)
            try await bench.database.write(.tenant(tenant)) { transaction in
                for number in 7...9 { try bench.trail.append(bench.entry(number), in: transaction) }
            }
            let late = try await bench.trail.verify(.tenant(tenant), anchors: early).logs.map(\.checkpoint)
            try await bench.tamper(["DELETE FROM audit_leaves WHERE owner = \(tenant) AND sequence > 6"])
            try await bench.rewriteRow(of: tenant, as: try #require(row.head), tag: row.tag)
            #expect(try await bench.fault(in: tenant) == nil)
            let expected = fault(tenant, 7, .checkpointContradicted)
            #expect(try await bench.fault(in: tenant, anchors: early + late) == expected)
            for number in 7...9 { try await bench.trail.record(bench.entry(number + 10), for: .tenant(tenant)) }
            #expect(try await bench.fault(in: tenant, anchors: late)?.sequence == 9)
            try await bench.tamper([
                "DELETE FROM audit_leaves WHERE owner = \(tenant)", "DELETE FROM audit_logs WHERE owner = \(tenant)",
            ])
            #expect(try await bench.fault(in: tenant, anchors: late)?.kind == .checkpointContradicted)
        }
    }

    @Test func `with the tenant's key destroyed the hashes still tell, and nothing opens`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(5)
            try bench.keyring.destroyKey(.tenant(tenant))
            let found = try await bench.trail.verify(.tenant(tenant))
            #expect(found.isSound)
            #expect(found.logs.map(\.sealedAway) == [5])
            try await bench.edit(2, of: tenant, "commitment = \(Self.bytes)")
            #expect(try await bench.fault(in: tenant)?.sequence == 2)
        }
    }
}
