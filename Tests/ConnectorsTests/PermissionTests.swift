import Kit
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

@Suite struct PermissionTests {
    @Test func `a reader must pass every rule, and unknown is nobody`() {
        let page = SourceConstraint(allow: [.user("1"), .group("staff")], deny: [.user("2")])
        let space = SourceConstraint(allow: [.authenticated], deny: [.group("guests")])
        let both = SourcePermissions([page, space])
        #expect(both.admits([.user("1"), .authenticated, .everyone]))
        #expect(!both.admits([.user("1")]), "not in the space")
        #expect(!both.admits([.authenticated]), "not on the page")
        #expect(!both.admits([.user("2"), .group("staff"), .authenticated]))
        #expect(!both.admits([.user("1"), .group("guests"), .authenticated]))
        #expect(!SourcePermissions([]).admits([.everyone]), "no allow-set anywhere is nobody")
        #expect(!SourcePermissions([SourceConstraint(allow: nil)]).admits([.everyone]))
        #expect(SourcePermissions([SourceConstraint(allow: nil), space]).admits([.authenticated]))
        #expect(!SourcePermissions.unknown.admits([.everyone, .authenticated, .user("0")]))
    }

    @Test func `fingerprints differ exactly when permissions do`() {
        let rules: [SourcePermissions] = [
            .unknown, SourcePermissions([]), SourcePermissions([.nobody]),
            SourcePermissions([SourceConstraint(allow: nil)]),
            SourcePermissions([SourceConstraint(allow: [.everyone])]),
            SourcePermissions([SourceConstraint(allow: [.user("everyone")])]),
            SourcePermissions([SourceConstraint(allow: [.user("a"), .user("b")])]),
            SourcePermissions([SourceConstraint(allow: [.user("a")], deny: [.user("b")])]),
            SourcePermissions([SourceConstraint(allow: [.user("a")]), SourceConstraint(allow: [.user("b")])]),
            SourcePermissions([SourceConstraint(allow: [.group("a")])]),
            SourcePermissions([SourceConstraint(allow: [.user("caf\u{e9}")])]),
            SourcePermissions([SourceConstraint(allow: [.user("cafe\u{301}")])]),
        ]
        #expect(Set(rules.map(\.fingerprint)).count == rules.count)
        let (one, other) = (
            SourceConstraint(allow: [.user("a"), .user("b"), .group("c")]),
            SourceConstraint(allow: [.group("c"), .user("b"), .user("a")])
        )
        #expect(SourcePermissions([one]).fingerprint == SourcePermissions([other]).fingerprint)
    }

    private static func list(_ entries: (AccessControlList.Entry.Tag, UInt16, UInt32)...) -> [UInt8] {
        func little(_ value: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: value.littleEndian) { Array($0) }
        }
        return little(UInt32(2)) + entries.flatMap { little($0.0.rawValue) + little($0.1) + little($0.2) }
    }

    /// acl(5), "Access check algorithm", for one who is not the superuser.
    private static func mayRead(
        _ list: AccessControlList, user: UInt32, groups: Set<UInt32>, owner: UInt32, group: UInt32
    ) -> Bool {
        let mask = list.entries.first { $0.tag == .mask }?.bits ?? 7
        func bits(_ tag: AccessControlList.Entry.Tag) -> UInt16 { list.entries.first { $0.tag == tag }?.bits ?? 0 }
        if user == owner { return bits(.owner) & 4 != 0 }
        if let named = list.entries.first(where: { $0.tag == .user && $0.id == user }) {
            return named.bits & mask & 4 != 0
        }
        let matching = list.entries.filter {
            $0.tag == .owningGroup && groups.contains(group) || $0.tag == .group && groups.contains($0.id)
        }
        guard matching.isEmpty else { return matching.contains { $0.bits & mask & 4 != 0 } }
        return bits(.other) & 4 != 0
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `no list is opened wider than the kernel would, and a plain one exactly as wide`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        func bits() -> UInt16 { UInt16.random(in: 0...7, using: &generator) }
        for round in 0..<400 {
            var entries: [AccessControlList.Entry] = [
                .init(tag: .owner, bits: bits(), id: .max), .init(tag: .owningGroup, bits: bits(), id: .max),
                .init(tag: .other, bits: bits(), id: .max),
            ]
            let isPlain = round.isMultiple(of: 4)
            if !isPlain {
                entries.append(.init(tag: .mask, bits: bits(), id: .max))
                for id in 1...3 as ClosedRange<UInt32> where Bool.random(using: &generator) {
                    entries.append(.init(tag: .user, bits: bits(), id: id))
                    entries.append(.init(tag: .group, bits: bits(), id: id + 10))
                }
            }
            let list = try #require(AccessControlList(bytes: Self.list(entries)))
            let permissions = SourcePermissions([list.constraint(bit: 4, owner: 1, group: 11)])
            for user in 1...4 as ClosedRange<UInt32> {
                let groups = Set((11...14 as ClosedRange<UInt32>).filter { _ in Bool.random(using: &generator) })
                let reader: Set<SourcePrincipal> = Set(groups.map { .group(ExactText("\($0)")) })
                    .union([.user(ExactText("\(user)")), .authenticated, .everyone])
                let may = Self.mayRead(list, user: user, groups: groups, owner: 1, group: 11)
                let admits = permissions.admits(reader)
                #expect(!admits || may, "seed \(seed), round \(round): \(list) opens for \(reader)")
                let isMasked = entries[1].bits & 4 == 0 && entries[2].bits & 4 != 0
                if isPlain, !(user == 1 && isMasked) { #expect(admits == may, "seed \(seed), round \(round): \(list)") }
            }
        }
    }

    private static func list(_ entries: [AccessControlList.Entry]) -> [UInt8] {
        entries.reduce(into: list()) { $0 += list(($1.tag, $1.bits, $1.id)).dropFirst(4) }
    }

    @Test func `a list that is not one opens nothing`() {
        let good = Self.list((.owner, 6, .max), (.owningGroup, 4, .max), (.other, 0, .max))
        #expect(AccessControlList(bytes: good) != nil)
        for length in 0..<good.count { #expect(AccessControlList(bytes: Array(good.prefix(length))) == nil) }
        #expect(AccessControlList(bytes: [1] + good.dropFirst()) == nil, "another version")
        #expect(AccessControlList(bytes: good + good.suffix(8)) == nil, "two for others")
        #expect(AccessControlList(bytes: Self.list((.owner, 6, 0), (.owningGroup, 4, 0), (.other, 9, 0))) == nil)
        #expect(
            AccessControlList(bytes: Self.list((.owner, 6, 0), (.user, 4, 7), (.owningGroup, 4, 0), (.other, 0, 0)))
                == nil,
            "somebody is named without a mask")
        let twice = Self.list(
            (.owner, 6, 0), (.user, 4, 7), (.user, 0, 7), (.owningGroup, 4, 0), (.mask, 7, 0), (.other, 0, 0))
        #expect(AccessControlList(bytes: twice) == nil)
        #expect(AccessControlList(bytes: [UInt8](repeating: 2, count: AccessControlList.bytesMax + 4)) == nil)
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<5000 {
            let count = Int.random(in: 0..<80, using: &generator)
            _ = AccessControlList(
                bytes: [2, 0, 0, 0] + (0..<count).map { _ in UInt8.random(in: 0...40, using: &generator) })
        }
    }
}
