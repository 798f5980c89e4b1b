import Foundation
import Kit
import TestKit
import Testing

@testable import Keyring

@Suite struct KeyHierarchyTests {
    @Test func `keys are found again after reopening, past the cache`() async throws {
        try await KeyPlace.each { place in
            let rootKey = Randomness.system.bytes(RootKey.byteCount)
            let tenant = Randomness.system.identifier(TenantID.self)
            let scopes = (0..<50).map { _ in KeyScope.collection(tenant, Randomness.system.identifier()) }
            let sealed = try sealAll(in: place, rootKey, [.tenant(tenant)] + scopes)
            let keyring = try place.open(rootKey: rootKey, cachedKeysMax: 4)
            for _ in 0..<2 {
                for (scope, bytes) in sealed {
                    #expect(try keyring.openText(bytes, under: scope, context: Workbench.context) == "\(scope)")
                }
            }
        }
    }

    @Test func `another root key is told apart from a damaged file`() async throws {
        try await KeyPlace.each { place in
            let rootKey = Randomness.system.bytes(RootKey.byteCount)
            _ = try sealAll(in: place, rootKey, [])
            #expect(throws: KeyringFailure.wrongRootKey) {
                try place.open(rootKey: Randomness.system.bytes(RootKey.byteCount))
            }
            #expect(throws: KeyringFailure.malformedRootKey) {
                try place.open(rootKey: [1, 2, 3])
            }
            _ = try place.open(rootKey: rootKey)
        }
    }

    @Test func `making a key twice keeps the first one`() async throws {
        try await Workbench.run { bench in
            let sealed = try bench.keyring.seal("x", under: bench.documentScope, context: Workbench.context)
            try bench.keyring.createKeys(bench.hierarchy.reversed())
            #expect(try bench.keyring.openText(sealed, under: bench.documentScope, context: Workbench.context) == "x")
            #expect(
                try bench.keyring.statistics()
                    == KeyStatistics(
                        tenants: 1, collections: 1, documents: 1, versions: 4, destroyedScopes: 0,
                        awaitingEpochRotation: 0))
        }
    }

    @Test func `a child without a parent gets no key, and the whole batch none`() async throws {
        try await Workbench.run { bench in
            let orphan = KeyScope.document(bench.tenant, Randomness.system.identifier(), bench.document)
            let other = KeyScope.tenant(Randomness.system.identifier())
            #expect(throws: KeyringFailure.noParent(orphan)) { try bench.keyring.createKeys([other, orphan]) }
            let batchLeftKey = try bench.keyring.hasKey(other)
            #expect(!batchLeftKey)
            let segment = KeyScope.segment(bench.tenant, Randomness.system.identifier())
            #expect(throws: KeyringFailure.notOwned(segment)) { try bench.keyring.createKey(segment) }
        }
    }

    @Test func `after a rotation new seals use the new key and old ones open`() async throws {
        try await Workbench.run { bench in
            let segment = KeyScope.segment(bench.tenant, Randomness.system.identifier())
            let scopes = bench.hierarchy + [segment, .platform]
            let before = try scopes.map { try bench.keyring.seal("old", under: $0, context: Workbench.context) }
            for scope in bench.hierarchy + [.platform] { try bench.keyring.rotate(scope) }
            let after = try scopes.map { try bench.keyring.seal("new", under: $0, context: Workbench.context) }
            for (index, scope) in scopes.enumerated() {
                #expect(before[index][1..<5] == [0, 0, 0, 1], "\(scope)")
                #expect(after[index][1..<5] == [0, 0, 0, 2], "\(scope)")
                let (old, new) = (before[index], after[index])
                #expect(try bench.keyring.openText(old, under: scope, context: Workbench.context) == "old")
                #expect(try bench.keyring.openText(new, under: scope, context: Workbench.context) == "new")
            }
        }
    }

    @Test func `the version in a seal cannot be exchanged`() async throws {
        try await Workbench.run { bench in
            let sealed = try bench.keyring.seal("x", under: bench.tenantScope, context: Workbench.context)
            try bench.keyring.rotate(bench.tenantScope)
            for version: UInt8 in [0, 2, 3] {
                var changed = sealed
                changed[4] = version
                #expect(throws: SealFailure.self) {
                    try bench.keyring.open(changed, under: bench.tenantScope, context: Workbench.context)
                }
            }
        }
    }

    @Test func `a replaced root key opens everything, the old one nothing`() async throws {
        try await KeyPlace.each { place in
            let (old, new) = (Randomness.system.bytes(RootKey.byteCount), Randomness.system.bytes(RootKey.byteCount))
            let tenants = (0..<20).map { _ in KeyScope.tenant(Randomness.system.identifier()) }
            let sealed = try sealAll(in: place, old, tenants)
            do {
                let keyring = try place.open(rootKey: old)
                try keyring.rotate(tenants[0])
                try keyring.replaceRootKey(with: new)
                try keyring.createKey(.tenant(Randomness.system.identifier()))
            }
            #expect(throws: KeyringFailure.wrongRootKey) { try place.open(rootKey: old) }
            let keyring = try place.open(rootKey: new)
            for (scope, bytes) in sealed {
                #expect(try keyring.openText(bytes, under: scope, context: Workbench.context) == "\(scope)")
            }
        }
    }

    @Test func `segments of one tenant have keys of their own, that return after reopening`() async throws {
        try await KeyPlace.each { place in
            let rootKey = Randomness.system.bytes(RootKey.byteCount)
            let tenant = Randomness.system.identifier(TenantID.self)
            let segments = (0..<3).map { _ in KeyScope.segment(tenant, Randomness.system.identifier()) }
            let sealed = try sealAll(in: place, rootKey, [.tenant(tenant)], sealing: segments)
            let keyring = try place.open(rootKey: rootKey)
            for (scope, bytes) in sealed {
                #expect(try keyring.openText(bytes, under: scope, context: Workbench.context) == "\(scope)")
                for other in segments where other != scope {
                    #expect(throws: SealFailure.notAuthentic) {
                        try keyring.open(bytes, under: other, context: Workbench.context)
                    }
                }
            }
        }
    }

    /// Makes keys, seals each scope's own name and closes the keyring.
    private func sealAll(
        in place: KeyPlace, _ rootKey: [UInt8], _ scopes: [KeyScope], sealing: [KeyScope]? = nil
    ) throws -> [KeyScope: [UInt8]] {
        let keyring = try place.open(rootKey: rootKey)
        try keyring.createKeys(scopes)
        return try (sealing ?? scopes).reduce(into: [:]) {
            $0[$1] = try keyring.seal("\($1)", under: $1, context: Workbench.context)
        }
    }
}
