import Kit
import TestKit

@testable import Access

/// Small worlds, so that random rules and random readers often meet.
struct RandomACL {
    private static let subjects = (1...4).map { SubjectID(high: 1, low: UInt64($0)) }
    private static let groups = (1...4).map { GroupID(high: 2, low: UInt64($0)) }
    private static let purposes = ["general", "audit", "care"].map(Purpose.init(rawValue:))
    static let tenant = TenantID(high: 3, low: 1)

    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func grantee() -> Grantee {
        switch Int.random(in: 0..<9, using: &generator) {
        case 0: .everyone
        case 1...4: .subject(Self.subjects[Int.random(in: 0..<4, using: &generator)])
        default: .group(Self.groups[Int.random(in: 0..<4, using: &generator)])
        }
    }

    mutating func grantees(upTo count: Int) -> Set<Grantee> {
        let wanted = Int.random(in: 0...count, using: &generator)
        return Set((0..<wanted).map { _ in grantee() })
    }

    mutating func constraint() -> ACLConstraint {
        let allow = Int.random(in: 0..<3, using: &generator) == 0 ? nil : grantees(upTo: 5)
        let deny = Int.random(in: 0..<3, using: &generator) == 0 ? grantees(upTo: 2) : []
        return ACLConstraint(allow: allow, deny: deny)
    }

    mutating func constraints() -> [ACLConstraint] {
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in constraint() }
    }

    mutating func label() -> Classification {
        Classification.allCases[Int.random(in: 0..<5, using: &generator)]
    }

    mutating func purposeList() -> Set<Purpose>? {
        guard Int.random(in: 0..<3, using: &generator) == 0 else { return nil }
        return Set(Self.purposes.filter { _ in Bool.random(using: &generator) })
    }

    mutating func reader() -> Principal {
        Principal(
            tenant: Self.tenant, subject: Self.subjects[Int.random(in: 0..<4, using: &generator)],
            groups: Set(Self.groups.filter { _ in Bool.random(using: &generator) }), roles: [.user],
            clearance: label(), purpose: Self.purposes[Int.random(in: 0..<3, using: &generator)], permissions: [],
            credential: .localOperator)
    }
}

/// DESIGN 7.3 word by word, with nothing canonical about it.
func naiveDecision(
    _ constraints: [ACLConstraint], _ label: Classification, _ purposes: Set<Purpose>?, _ reader: Principal
) -> Bool {
    func isIn(_ set: Set<Grantee>) -> Bool {
        if set.contains(.everyone) || set.contains(.subject(reader.subject)) { return true }
        return reader.groups.contains { set.contains(.group($0)) }
    }
    let allows = constraints.compactMap(\.allow)
    if allows.isEmpty { return false }
    for allow in allows where !isIn(allow) { return false }
    for constraint in constraints where isIn(constraint.deny) { return false }
    if reader.clearance.level < label.level { return false }
    if let purposes, !purposes.contains(reader.purpose) { return false }
    return true
}
