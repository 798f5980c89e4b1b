import Foundation
import Keyring
import Kit
import TestKit
import Testing

/// Kills a child process in the middle of its work, again and again, and opens what it left.
@Suite struct KeyringCrashTests {
    @Test func `killed while it rotates, makes and destroys keys, the file opens and old seals with it`() async throws {
        try await KeyPlace.each { place in
            let rootKey = Randomness.system.bytes(RootKey.byteCount)
            let tenant = Randomness.system.identifier(TenantID.self)
            var random = SeededGenerator(seed: drawSeed())
            var sealed = try firstSeal(place, rootKey, tenant)
            for round in 0..<8 {
                let micros = UInt32.random(in: 500...60_000, using: &random)
                let work = DoomedWork(place, rootKey: rootKey, micros: micros, tenant: tenant)
                await #expect(processExitsWith: .signal(SIGKILL)) { [work = work as DoomedWork] in
                    try work.churn()
                }
                let keyring = try place.open(rootKey: rootKey)
                for bytes in sealed {
                    #expect(try keyring.openText(bytes, under: .tenant(tenant), context: Workbench.context) == "kept")
                }
                sealed.append(try keyring.seal("kept", under: .tenant(tenant), context: Workbench.context))
                #expect(try keyring.statistics().tenants == 1, "round \(round)")
            }
        }
    }

    @Test func `killed while the root key is replaced, the file is of one root key or the other`() async throws {
        try await KeyPlace.each { place in
            var current = Randomness.system.bytes(RootKey.byteCount)
            var next = Randomness.system.bytes(RootKey.byteCount)
            let tenant = Randomness.system.identifier(TenantID.self)
            var random = SeededGenerator(seed: drawSeed())
            let sealed = try firstSeal(place, current, tenant)
            for _ in 0..<6 {
                let micros = UInt32.random(in: 500...60_000, using: &random)
                let work = DoomedWork(place, rootKey: current, micros: micros, tenant: tenant, nextRootKey: next)
                await #expect(processExitsWith: .signal(SIGKILL)) { [work = work as DoomedWork] in
                    try work.swapRootKeys()
                }
                var keyring = try? place.open(rootKey: current)
                if keyring == nil {
                    swap(&current, &next)
                    keyring = try place.open(rootKey: current)
                }
                let text = try keyring?.openText(sealed[0], under: .tenant(tenant), context: Workbench.context)
                #expect(text == "kept")
            }
        }
    }

    @Test func `killed while it rotates epochs, the next rotation finishes and old seals open`() async throws {
        try await KeyPlace.shared { place in
            let rootKey = Randomness.system.bytes(RootKey.byteCount)
            let tenant = Randomness.system.identifier(TenantID.self)
            var random = SeededGenerator(seed: drawSeed())
            let sealed = try firstSeal(place, rootKey, tenant)
            for _ in 0..<6 {
                let micros = UInt32.random(in: 500...60_000, using: &random)
                let work = DoomedWork(place, rootKey: rootKey, micros: micros, tenant: tenant)
                await #expect(processExitsWith: .signal(SIGKILL)) { [work = work as DoomedWork] in
                    try work.rotateEpochs()
                }
                let keyring = try place.open(rootKey: rootKey)
                try keyring.rotateEpoch()
                #expect(try keyring.statistics().awaitingEpochRotation == 0)
                #expect(try keyring.openText(sealed[0], under: .tenant(tenant), context: Workbench.context) == "kept")
            }
        }
    }

    private func firstSeal(_ place: KeyPlace, _ rootKey: [UInt8], _ tenant: TenantID) throws -> [[UInt8]] {
        let keyring = try place.open(rootKey: rootKey)
        try keyring.createKey(.tenant(tenant))
        return [try keyring.seal("kept", under: .tenant(tenant), context: Workbench.context)]
    }
}

/// What a child process does until it is killed.
private struct DoomedWork: Codable, Sendable {
    let keys: String
    /// The URL of the database; nil for a file of keys.
    let postgres: String?
    let rootKey: [UInt8]
    /// The moment of death, drawn by the parent.
    let micros: UInt32
    let tenant: TenantID
    let nextRootKey: [UInt8]

    init(_ place: KeyPlace, rootKey: [UInt8], micros: UInt32, tenant: TenantID, nextRootKey: [UInt8] = []) {
        keys = place.directory
        postgres = place.postgres?.reveal()
        self.rootKey = rootKey
        self.micros = micros
        self.tenant = tenant
        self.nextRootKey = nextRootKey
    }

    func churn() throws {
        let keyring = try open()
        while true {
            try keyring.rotate(.tenant(tenant))
            let collection = KeyScope.collection(tenant, Randomness.system.identifier())
            try keyring.createKey(collection)
            try keyring.rotate(.platform)
            try keyring.destroyKey(collection)
        }
    }

    func rotateEpochs() throws {
        let keyring = try open()
        while true {
            let collection = KeyScope.collection(tenant, Randomness.system.identifier())
            try keyring.createKey(collection)
            try keyring.destroyKey(collection)
            try keyring.rotateEpoch()
        }
    }

    func swapRootKeys() throws {
        let keyring = try open()
        while true {
            try keyring.replaceRootKey(with: nextRootKey)
            try keyring.replaceRootKey(with: rootKey)
        }
    }

    /// The wait is in real time: the kill must be free to fall into a system call, where no virtual clock can put it.
    private func open() throws -> Keyring {
        let keyring = try Keyring.open(directory: keys, rootKey: rootKey, postgres: postgres.map(Secret.init))
        let micros = micros
        Thread.detachNewThread {
            usleep(micros)
            kill(getpid(), SIGKILL)
        }
        return keyring
    }
}
