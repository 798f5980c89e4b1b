import Kit
import TestKit
import Testing

@testable import Access

@Suite struct ThrottleTests {
    private let wrong = Secret("this is not the password")

    /// Tries until it is told to wait, as a patient attacker would; the number of tries that were looked at.
    private func exhaust(_ world: AccessWorld, _ name: String, peer: (Int) -> String) async throws -> Int {
        for tries in 0..<40 {
            do {
                _ = try await world.signIn(name, password: wrong, peer: peer(tries))
            } catch AccessFailure.wrongCredentials {
                world.time.advance(by: .seconds(64))
            } catch AccessFailure.throttled {
                return tries
            }
        }
        return 40
    }

    @Test func `ten tries on one name in a quarter of an hour, from wherever they come`() async throws {
        try await AccessWorld.each { world in
            try await world.user("anna")
            #expect(try await exhaust(world, "anna", peer: { "192.0.2.\($0)" }) == 10)
            let failure = await #expect(throws: AccessFailure.self) {
                try await world.signIn("anna", peer: "198.51.100.1")
            }
            guard case .throttled(let seconds) = failure else { return #expect(Bool(false), "\(failure as Any)") }
            #expect((1...900).contains(seconds))
            world.time.advance(by: .seconds(900))
            _ = try await world.signIn("anna")
        }
    }

    @Test func `ten tries from one address, on whatever names`() async throws {
        try await AccessWorld.each { world in
            try await world.user("anna")
            var tries = 0
            while tries < 40 {
                do {
                    _ = try await world.signIn("name\(tries)", password: wrong, peer: "192.0.2.9")
                } catch AccessFailure.wrongCredentials {
                    tries += 1
                    world.time.advance(by: .seconds(64))
                } catch AccessFailure.throttled {
                    break
                }
            }
            #expect(tries == 10)
            _ = try await world.signIn("anna", peer: "192.0.2.10")
        }
    }

    @Test func `the first three failures are free, then the wait doubles`() async throws {
        try await AccessWorld.sqlite { world in
            for _ in 0..<3 {
                await #expect(throws: AccessFailure.wrongCredentials) {
                    try await world.signIn("anna", password: wrong)
                }
            }
            for seconds in [1, 2, 4] {
                await #expect(throws: AccessFailure.throttled(retryAfterSeconds: seconds)) {
                    try await world.signIn("anna", password: wrong)
                }
                world.time.advance(by: .seconds(seconds))
                await #expect(throws: AccessFailure.wrongCredentials) {
                    try await world.signIn("anna", password: wrong)
                }
            }
        }
    }

    @Test func `success wipes its own try and leaves the failures of others`() async throws {
        try await AccessWorld.each { world in
            try await world.user("anna")
            for _ in 0..<30 { _ = try await world.signIn("anna") }
        }
    }

    @Test func `an unknown user, an unknown tenant, a suspended one and a wrong password answer alike`() async throws {
        try await AccessWorld.each { world in
            try await world.user("anna")
            let bob = try await world.user("bob")
            _ = try await world.service.updateUser(bob.id, UserChange(isSuspended: true), as: world.admin)
            let attempts = [
                ("anna", wrong, ""), ("nobody", wrong, ""), ("bob", AccessWorld.password, ""),
                ("operator", AccessWorld.password, ""), ("anna", AccessWorld.password, "Elsewhere"),
            ]
            for (number, attempt) in attempts.enumerated() {
                await #expect(throws: AccessFailure.wrongCredentials) {
                    try await world.signIn(
                        attempt.0, password: attempt.1, tenant: attempt.2, peer: "192.0.2.\(number)")
                }
            }
            #expect(try await world.audited().filter { $0 == "sessions.sign_in denied" }.count == 4)
        }
    }

    @Test func `more password checks than the node takes at once are told to come back`() async throws {
        var settings = AccessWorld.settings
        settings.passwordChecksMax = 1
        settings.scryptCostLog2 = 14
        try await AccessWorld.sqlite(settings: settings) { world in
            let outcomes = await withTaskGroup(of: String.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        do {
                            _ = try await world.signIn("n\(number)", password: wrong, peer: "192.0.2.\(number)")
                            return "in"
                        } catch { return "\(error)" }
                    }
                }
                return await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(outcomes.isSubset(of: ["wrongCredentials", "throttled(retryAfterSeconds: 1)"]))
            #expect(outcomes.contains("wrongCredentials"))
        }
    }
}
