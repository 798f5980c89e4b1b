import Kit
import TestKit
import Testing

@testable import Access

@Suite struct CanonicalACLTests {
    @Test func `canonical bytes give the value back, and unequal values have unequal bytes`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomACL(seed: seed)
        var seen: [[UInt8]: EffectiveACL] = [:]
        for round in 0..<5000 {
            let acl = EffectiveACL(
                constraints: random.constraints(), label: random.label(), purposes: random.purposeList())
            let bytes = acl.canonicalBytes
            #expect(try EffectiveACL(canonicalBytes: bytes) == acl, "seed \(seed), round \(round)")
            if let other = seen.updateValue(acl, forKey: bytes) {
                #expect(other == acl, "seed \(seed), round \(round)")
            }
        }
        #expect(seen.count > 1000)
    }

    @Test func `the form is what it was when it was released`() {
        let acl = EffectiveACL(
            constraints: [
                ACLConstraint(
                    allow: [.subject(SubjectID(high: 1, low: 2)), .group(GroupID(high: 3, low: 4))],
                    deny: [.subject(SubjectID(high: 5, low: 6))])
            ], label: .restricted, purposes: [.general])
        let expected =
            "010301" + "00000001" + "00000007" + Hex.encode("general".utf8)
            + "00000001" + "00000002" + "01" + "00000000000000010000000000000002" + "02"
            + "00000000000000030000000000000004" + "00000001" + "01" + "00000000000000050000000000000006"
        #expect(Hex.encode(acl.canonicalBytes) == expected)
        #expect(acl.id.description.utf8.count == 64)
        #expect(ACLID(acl.id.description) == acl.id)
    }

    @Test func `cut, lengthened and changed bytes are refused or are another canonical value`() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomACL(seed: seed)
        for _ in 0..<300 {
            let acl = EffectiveACL(
                constraints: random.constraints(), label: random.label(), purposes: random.purposeList())
            let bytes = acl.canonicalBytes
            for length in 0..<bytes.count { expectRefused(Array(bytes.prefix(length)), seed) }
            expectRefused(bytes + [0], seed)
            for index in bytes.indices {
                var changed = bytes
                changed[index] ^= UInt8.random(in: 1...255, using: &random.generator)
                guard let parsed = try? EffectiveACL(canonicalBytes: changed) else { continue }
                #expect(parsed.canonicalBytes == changed && parsed != acl, "seed \(seed)")
            }
        }
    }

    @Test func `hostile bytes are refused without a crash or a large allocation`() {
        let huge: [UInt8] = [255, 255, 255, 255]
        let hostile: [[UInt8]] = [
            [], [1], [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0] + huge, [1, 0, 0, 0, 0, 0, 1] + huge, [1, 0, 1] + huge,
            [1, 0, 1, 0, 0, 0, 1] + huge,
            // Bad UTF-8 in a purpose; an unsorted pair; everyone beside a subject; a deny without an allow.
            [1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0],
            [1, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 98, 0, 0, 0, 1, 97, 0, 0, 0, 0, 0, 0, 0, 0],
            [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1] + [UInt8](repeating: 7, count: 16) + [0, 0, 0, 0],
            [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0],
        ]
        for bytes in hostile { expectRefused(bytes, 0) }
        let seed = UInt64.random(in: 0 ... .max)
        let noise = Randomness.seeded(seed)
        for length in 0..<2000 { expectRefused(noise.bytes(length % 90), seed) }
    }

    private func expectRefused(_ bytes: [UInt8], _ seed: UInt64) {
        #expect(throws: AccessFailure.malformedACL, "seed \(seed)") { try EffectiveACL(canonicalBytes: bytes) }
    }
}
