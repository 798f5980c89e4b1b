import Foundation
import Keyring
import Kit
import TestKit
import Testing

@Suite struct SealTests {
    @Test func `what is sealed opens again, at every size and under every kind of scope`() async throws {
        try await Workbench.run { bench in
            var random = SeededGenerator(seed: drawSeed())
            let segment = Randomness.system.identifier(SegmentID.self)
            let scopes = [.platform, .segment(bench.tenant, segment)] + bench.hierarchy
            let sizes = [0, 1, 15, 16, 17, 4096, 100_003]
            for size in sizes + (0..<100).map({ _ in Int.random(in: 0...3000, using: &random) }) {
                let text = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
                let scope = scopes.randomElement(using: &random) ?? .platform
                let sealed = try bench.keyring.seal(text, under: scope, context: Workbench.context)
                #expect(sealed.count == size + 33)
                #expect(try bench.keyring.open(sealed, under: scope, context: Workbench.context) == text)
            }
        }
    }

    @Test func `a change of any byte, a cut and an addition are all refused`() async throws {
        try await Workbench.run { bench in
            let sealed = try bench.keyring.seal("eleven words", under: bench.documentScope, context: Workbench.context)
            for index in sealed.indices {
                for bit in 0..<8 {
                    var changed = sealed
                    changed[index] ^= 1 << bit
                    expectRefused(changed, bench, "byte \(index), bit \(bit)")
                }
            }
            for count in 0..<sealed.count { expectRefused(Array(sealed.prefix(count)), bench, "first \(count) bytes") }
            expectRefused(sealed + [0], bench, "one byte more")
        }
    }

    @Test func `a seal opens in no other tenant, scope, table, column, row or version`() async throws {
        try await Workbench.run { bench in
            let other = Workbench.Other()
            try bench.keyring.createKeys([
                .tenant(other.tenant), .collection(other.tenant, bench.collection),
                .collection(bench.tenant, other.collection), .document(other.tenant, bench.collection, bench.document),
                .document(bench.tenant, other.collection, bench.document),
                .document(bench.tenant, bench.collection, other.document),
            ])
            let sealed = try bench.keyring.seal("text", under: bench.documentScope, context: Workbench.context)
            let contexts = [
                SealContext(table: "document", column: "stitle", row: "doc", version: 3),
                SealContext(table: "chunks", column: "title", row: "doc", version: 3),
                SealContext(table: "documents", column: "path", row: "doc", version: 3),
                SealContext(table: "documents", column: "title", row: "doc2", version: 3),
                SealContext(table: "documents", column: "title", row: "doc", version: 4),
            ]
            for context in contexts {
                #expect(throws: SealFailure.notAuthentic) {
                    try bench.keyring.open(sealed, under: bench.documentScope, context: context)
                }
            }
            let scopes: [KeyScope] = [
                .platform, bench.tenantScope, bench.collectionScope, .tenant(other.tenant),
                .document(other.tenant, bench.collection, bench.document),
                .document(bench.tenant, other.collection, bench.document),
                .document(bench.tenant, bench.collection, other.document),
                .segment(bench.tenant, Randomness.system.identifier()),
            ]
            for scope in scopes {
                #expect(throws: SealFailure.notAuthentic) {
                    try bench.keyring.open(sealed, under: scope, context: Workbench.context)
                }
            }
        }
    }

    @Test func `a hundred thousand seals of one text have a hundred thousand nonces`() async throws {
        try await Workbench.run { bench in
            var nonces: Set<[UInt8]> = []
            for _ in 0..<100_000 {
                let sealed = try bench.keyring.seal([1], under: bench.tenantScope, context: Workbench.context)
                nonces.insert(Array(sealed[5..<17]))
            }
            #expect(nonces.count == 100_000)
        }
    }

    @Test func `a scope without a key neither seals nor opens`() async throws {
        try await Workbench.run { bench in
            let stranger = KeyScope.tenant(Randomness.system.identifier())
            let sealed = try bench.keyring.seal([1], under: bench.tenantScope, context: Workbench.context)
            #expect(throws: SealFailure.noKey) {
                try bench.keyring.seal([1], under: stranger, context: Workbench.context)
            }
            #expect(throws: SealFailure.noKey) {
                try bench.keyring.open(sealed, under: stranger, context: Workbench.context)
            }
            #expect(try !bench.keyring.hasKey(stranger))
            #expect(try bench.keyring.hasKey(bench.documentScope))
        }
    }

    @Test func `an index tag depends on value, purpose and tenant, and on nothing else`() async throws {
        try await Workbench.run { bench in
            let other = Workbench.Other()
            try bench.keyring.createKey(.tenant(other.tenant))
            let tag = try bench.keyring.blindIndex([1, 2], tenant: bench.tenant, purpose: "title")
            #expect(try bench.keyring.blindIndex([1, 2], tenant: bench.tenant, purpose: "title") == tag)
            #expect(try bench.keyring.blindIndex([1, 3], tenant: bench.tenant, purpose: "title") != tag)
            #expect(try bench.keyring.blindIndex([1, 2], tenant: bench.tenant, purpose: "path") != tag)
            #expect(try bench.keyring.blindIndex([1, 2], tenant: other.tenant, purpose: "title") != tag)
            #expect(try bench.keyring.blindIndex([1, 2], tenant: nil, purpose: "title") != tag)
            try bench.keyring.rotate(bench.tenantScope)
            #expect(try bench.keyring.blindIndex([1, 2], tenant: bench.tenant, purpose: "title") == tag)
        }
    }

    @Test func `many threads seal, open, rotate and make keys at once`() async throws {
        try await Workbench.run { bench in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        for round in 0..<50 {
                            let document = Randomness.system.identifier(DocumentID.self)
                            let scope = KeyScope.document(bench.tenant, bench.collection, document)
                            try bench.keyring.createKey(scope)
                            if worker == 0, round % 10 == 0 { try bench.keyring.rotate(bench.collectionScope) }
                            let sealed = try bench.keyring.seal("x", under: scope, context: Workbench.context)
                            #expect(try bench.keyring.openText(sealed, under: scope, context: Workbench.context) == "x")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try bench.keyring.statistics().documents == 401)
        }
    }

    private func expectRefused(_ sealed: [UInt8], _ bench: Workbench, _ what: Comment) {
        #expect(throws: SealFailure.self, what) {
            try bench.keyring.open(sealed, under: bench.documentScope, context: Workbench.context)
        }
    }
}

extension Workbench {
    struct Other {
        let tenant = Randomness.system.identifier(TenantID.self)
        let collection = Randomness.system.identifier(CollectionID.self)
        let document = Randomness.system.identifier(DocumentID.self)
    }
}
