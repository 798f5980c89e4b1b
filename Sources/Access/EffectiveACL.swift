import Kit

/// Who may see a document once collection, folders and document have had their say (DESIGN 7.3).
///
/// A reader sees it iff the reader is in *every* allow-set present, in *no* deny-set, has `clearance >= label`, and
/// the purpose fits; no allow-set anywhere means nobody. This expresses inherited restrictions: a page below a
/// restricted page is seen by those whom both admit.
///
/// The value is always canonical, so that equal meaning gives an equal `id` wherever that is cheap to see:
///
/// 1. an allow-set with `everyone` is `{everyone}`;
/// 2. an allow-set that contains another one adds nothing and is dropped, equal ones included;
/// 3. an empty allow-set, `everyone` denied, or no allow-set at all is "nobody": no allow-set and no deny-set;
/// 4. what remains is sorted.
package struct EffectiveACL: Hashable, Sendable {
    /// Sorted grantees, sorted sets. Empty means nobody.
    package let allowSets: [[Grantee]]
    /// Sorted union of all deny-sets.
    package let denied: [Grantee]
    package let label: Classification
    /// Sorted; nil fits every purpose, an empty list none.
    package let purposes: [Purpose]?

    /// `constraints` in any order: those of the collection, of each folder above the document, and its own.
    package init(constraints: [ACLConstraint], label: Classification, purposes: Set<Purpose>? = nil) {
        let denied = constraints.reduce(into: Set<Grantee>()) { $0.formUnion($1.deny) }
        let allowSets = Self.reduced(constraints.compactMap(\.allow))
        let nobody = allowSets.contains([]) || denied.contains(.everyone) || allowSets.isEmpty
        self.allowSets = nobody ? [] : allowSets.map { $0.sorted() }.sorted { $0.lexicographicallyPrecedes($1) }
        self.denied = nobody ? [] : denied.sorted()
        self.label = label
        self.purposes = purposes?.sorted { $0.rawValue < $1.rawValue }
    }

    package var id: ACLID { ACLID(hashing: canonicalBytes) }

    /// Whether `reader`, a member of the document's tenant, may see it. `decision(for:)` tells why.
    package func admits(_ reader: Principal) -> Bool {
        refusal(of: reader) == nil
    }

    /// Whether `reader`, a member of the document's tenant, may see it, and by which rule. Names identifiers only.
    package func decision(for reader: Principal) -> AccessDecision {
        if let reason = refusal(of: reader) { return .refused(reason) }
        let allows = allowSets.enumerated().map { index, set in
            "allow[\(index)] by \(Self.reason(set.first { $0.includes(reader) } ?? .everyone))"
        }
        let purpose = purposes == nil ? [] : ["purpose \(reader.purpose.rawValue)"]
        let clearance = "label \(label.rawValue) <= clearance \(reader.clearance.rawValue)"
        return .granted(rule: (allows + [clearance] + purpose).joined(separator: "; "))
    }

    private func refusal(of reader: Principal) -> AccessRefusal? {
        if allowSets.isEmpty { return .nobodyAllowed }
        for (index, set) in allowSets.enumerated() where !set.contains(where: { $0.includes(reader) }) {
            return .notAllowed(set: index)
        }
        if let grantee = denied.first(where: { $0.includes(reader) }) { return .denied(grantee) }
        if reader.clearance < label { return .clearance(needed: label) }
        if let purposes, !purposes.contains(reader.purpose) { return .purpose }
        return nil
    }

    private static func reason(_ grantee: Grantee) -> String {
        switch grantee {
        case .everyone: "everyone"
        case .subject(let subject): "subject \(subject)"
        case .group(let group): "group \(group)"
        }
    }

    /// Steps 1 and 2 of the canonical form. The number of sets is the depth of the folder, so all pairs is cheap.
    private static func reduced(_ sets: [Set<Grantee>]) -> [Set<Grantee>] {
        let distinct = Set(sets.map { $0.contains(.everyone) ? [.everyone] : $0 })
        return distinct.filter { set in
            !distinct.contains { $0 != set && (set == [.everyone] || $0.isSubset(of: set)) }
        }
    }
}
