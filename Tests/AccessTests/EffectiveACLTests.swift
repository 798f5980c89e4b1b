import Kit
import TestKit
import Testing

@testable import Access

@Suite struct EffectiveACLTests {
    private let anna = SubjectID(high: 1, low: 1)
    private let staff = GroupID(high: 2, low: 1)

    private func reader(
        groups: Set<GroupID> = [], clearance: Classification = .confidential, purpose: Purpose = .general
    ) -> Principal {
        Principal(
            tenant: RandomACL.tenant, subject: anna, groups: groups, roles: [.user], clearance: clearance,
            purpose: purpose, permissions: [], credential: .localOperator)
    }

    @Test func `ten thousand random rules and readers decide as the sentence in the design does`() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomACL(seed: seed)
        var granted = 0
        for round in 0..<10_000 {
            let (constraints, label, purposes) = (random.constraints(), random.label(), random.purposeList())
            let acl = EffectiveACL(constraints: constraints, label: label, purposes: purposes)
            let reader = random.reader()
            let expected = naiveDecision(constraints, label, purposes, reader)
            granted += expected ? 1 : 0
            #expect(acl.admits(reader) == expected, "seed \(seed), round \(round)")
            #expect(acl.decision(for: reader).isGranted == expected, "seed \(seed), round \(round)")
        }
        #expect(granted > 300, "seed \(seed): the random world hardly ever grants")
    }

    @Test func `order and repetition of constraints do not change the identifier`() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomACL(seed: seed)
        for round in 0..<2000 {
            let (constraints, label, purposes) = (random.constraints(), random.label(), random.purposeList())
            let acl = EffectiveACL(constraints: constraints, label: label, purposes: purposes)
            let shuffled = (constraints + constraints.prefix(1)).shuffled(using: &random.generator)
            let other = EffectiveACL(constraints: shuffled, label: label, purposes: purposes)
            #expect(acl.id == other.id, "seed \(seed), round \(round)")
        }
    }

    @Test func `equal fingerprints get equal decisions, whatever else differs between the readers`() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomACL(seed: seed)
        var equal = 0
        for round in 0..<20_000 {
            let (left, right) = (random.reader(), random.reader())
            let acl = EffectiveACL(
                constraints: random.constraints(), label: random.label(), purposes: random.purposeList())
            guard PermissionFingerprint(of: left) == PermissionFingerprint(of: right) else { continue }
            equal += 1
            #expect(acl.admits(left) == acl.admits(right), "seed \(seed), round \(round)")
        }
        #expect(equal > 5, "seed \(seed): readers hardly ever coincide")
    }

    @Test func `a fingerprint leaves out roles and credential and takes in everything a rule can see`() {
        let base = reader(groups: [staff])
        func other(
            tenant: TenantID = RandomACL.tenant, subject: SubjectID? = nil, groups: Set<GroupID>? = nil,
            clearance: Classification = .confidential, purpose: Purpose = .general
        ) -> PermissionFingerprint {
            PermissionFingerprint(
                of: Principal(
                    tenant: tenant, subject: subject ?? anna, groups: groups ?? [staff], roles: [.admin],
                    clearance: clearance, purpose: purpose, permissions: [.usersManage],
                    credential: .session(SessionID(high: 9, low: 9))))
        }
        let fingerprint = PermissionFingerprint(of: base)
        #expect(fingerprint == other())
        #expect(fingerprint.bytes.count == 32)
        let different = [
            other(tenant: TenantID(high: 3, low: 2)), other(subject: SubjectID(high: 1, low: 2)), other(groups: []),
            other(groups: [staff, GroupID(high: 2, low: 2)]), other(clearance: .topSecret),
            other(purpose: Purpose(rawValue: "care")),
        ]
        #expect(Set(different + [fingerprint]).count == different.count + 1)
    }

    @Test func `no allow-set anywhere means nobody, and so does an empty one or everyone denied`() {
        let nobody = EffectiveACL(constraints: [], label: .public)
        let writings: [[ACLConstraint]] = [
            [ACLConstraint(allow: nil, deny: [.subject(anna)])],
            [ACLConstraint(allow: [])],
            [ACLConstraint(allow: [.everyone]), ACLConstraint(allow: [])],
            [ACLConstraint(allow: [.everyone], deny: [.everyone])],
        ]
        for constraints in writings {
            #expect(EffectiveACL(constraints: constraints, label: .public).id == nobody.id)
        }
        #expect(nobody.decision(for: reader(clearance: .topSecret)) == .refused(.nobodyAllowed))
    }

    @Test func `a restriction below a restriction admits whom both admit`() {
        let space = ACLConstraint(allow: [.group(staff)])
        let page = ACLConstraint(allow: [.subject(anna)])
        let acl = EffectiveACL(constraints: [space, page], label: .public)
        #expect(!acl.admits(reader()))
        #expect(acl.admits(reader(groups: [staff])))
    }

    @Test func `an allow-set that adds nothing to another is dropped`() {
        let narrow = ACLConstraint(allow: [.subject(anna)])
        let wide = ACLConstraint(allow: [.subject(anna), .group(staff)])
        let everyone = ACLConstraint(allow: [.everyone, .group(staff)])
        let acl = EffectiveACL(constraints: [everyone, wide, narrow], label: .internal)
        #expect(acl.id == EffectiveACL(constraints: [narrow], label: .internal).id)
        #expect(acl.allowSets == [[.subject(anna)]])
        #expect(EffectiveACL(constraints: [everyone], label: .internal).allowSets == [[.everyone]])
    }

    @Test func `the decision names the rule by identifiers only`() {
        let second = SubjectID(high: 1, low: 2)
        let acl = EffectiveACL(
            constraints: [
                ACLConstraint(allow: [.group(staff)]), ACLConstraint(allow: [.subject(anna), .subject(second)]),
            ], label: .internal, purposes: [.general])
        let expected =
            "allow[0] by subject \(anna); allow[1] by group \(staff); "
            + "label internal <= clearance confidential; purpose general"
        #expect(acl.decision(for: reader(groups: [staff])) == .granted(rule: expected))
        #expect(acl.decision(for: reader()) == .refused(.notAllowed(set: 1)))
        #expect(
            acl.decision(for: reader(groups: [staff], clearance: .public)) == .refused(.clearance(needed: .internal)))
        let care = reader(groups: [staff], purpose: Purpose(rawValue: "care"))
        #expect(acl.decision(for: care) == .refused(.purpose))
        let denying = EffectiveACL(
            constraints: [ACLConstraint(allow: [.everyone], deny: [.group(staff)])], label: .public)
        #expect(denying.decision(for: reader(groups: [staff])) == .refused(.denied(.group(staff))))
        #expect(denying.decision(for: reader(groups: [staff])).text == "denied by \(staff)")
    }

    @Test func `a constraint survives JSON and refuses what is no grantee`() throws {
        let constraint = ACLConstraint(allow: [.everyone, .group(staff)], deny: [.subject(anna)])
        let data = try JSON.encode(constraint)
        #expect(data == #"{"allow":["everyone","\#(staff)"],"deny":["\#(anna)"]}"#)
        #expect(try JSON.decode(ACLConstraint.self, data) == constraint)
        #expect(try JSON.decode(ACLConstraint.self, "{}") == ACLConstraint())
        for bad in [#"{"allow":["all"]}"#, #"{"allow":["Everyone"]}"#, #"{"deny":["col_00000000000000000000000000"]}"#]
        {
            #expect(throws: DecodingError.self) { try JSON.decode(ACLConstraint.self, bad) }
        }
    }
}
