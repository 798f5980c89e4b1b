import Kit
import TestKit
import Testing

@testable import Access

@Suite struct PasswordTests {
    private let randomness = Randomness.seeded(11)

    @Test func `a record matches its password, in whatever Unicode form, and no other`() throws {
        let record = try PasswordRecord(hashing: Secret("caf\u{e9} au lait"), costLog2: 10, randomness: randomness)
        #expect(try record.matches(Secret("caf\u{e9} au lait")))
        #expect(try record.matches(Secret("cafe\u{301} au lait")))
        for wrong in ["", "cafe au lait", "caf\u{e9} au lait ", "Caf\u{e9} au lait"] {
            #expect(try !record.matches(Secret(wrong)))
        }
        #expect(PasswordRecord(bytes: record.bytes) == record)
    }

    @Test func `the same password twice is two records`() throws {
        let records = try (0..<2).map { _ in
            try PasswordRecord(hashing: Secret("password"), costLog2: 10, randomness: randomness)
        }
        #expect(records[0] != records[1])
    }

    @Test func `bytes of another length, version or cost are no record`() {
        let good = [1, 10] + [UInt8](repeating: 7, count: 48)
        #expect(PasswordRecord(bytes: good) != nil)
        let bad = [[], [2] + good.dropFirst(), [1, 21] + good.dropFirst(2), [1, 9] + good.dropFirst(2), good + [0]]
        for bytes in bad { #expect(PasswordRecord(bytes: bytes) == nil) }
    }

    @Test func `no password is never right`() async throws {
        let hasher = PasswordHasher(costLog2: 10, waitingMax: 4, randomness: randomness)
        #expect(try await hasher.verify(Secret(""), against: nil) == false)
        let record = try await hasher.hash(Secret("correct horse battery"))
        #expect(try await hasher.verify(Secret("correct horse battery"), against: record))
    }

    @Test func `settings that make no sense are refused by name`() throws {
        try AccessSettings().validate()
        var cheap = AccessSettings()
        cheap.scryptCostLog2 = 9
        #expect(throws: AccessFailure.invalid(field: "scrypt_cost_log2", reason: "must be from 10 to 20")) {
            try cheap.validate()
        }
        var endless = AccessSettings()
        endless.sessionIdle = .seconds(13 * 3600)
        #expect(throws: AccessFailure.self) { try endless.validate() }
        var none = AccessSettings()
        none.loginAttemptsMax = 0
        #expect(throws: AccessFailure.invalid(field: "login_attempts_max", reason: "must be at least 1")) {
            try none.validate()
        }
    }
}
