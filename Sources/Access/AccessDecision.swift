import Kit

/// Whether a reader may see a document, and which rule says so. Names identifiers only, so it may be shown, logged
/// and audited.
package enum AccessDecision: Hashable, Sendable {
    /// `allow[0] by group grp_...; allow[1] by everyone; label internal <= clearance confidential`.
    case granted(rule: String)
    case refused(AccessRefusal)

    package var isGranted: Bool {
        if case .granted = self { true } else { false }
    }

    /// One line for either outcome.
    package var text: String {
        switch self {
        case .granted(let rule): rule
        case .refused(let reason): reason.text
        }
    }
}

/// The first rule that kept a reader out. For those who manage the document: to the reader it is "not found".
package enum AccessRefusal: Hashable, Sendable {
    /// No allow-set anywhere, or sets that admit nobody.
    case nobodyAllowed
    /// Index into the canonical allow-sets.
    case notAllowed(set: Int)
    case denied(Grantee)
    case clearance(needed: Classification)
    case purpose

    package var text: String {
        switch self {
        case .nobodyAllowed: "nobody is allowed"
        case .notAllowed(let set): "not in allow[\(set)]"
        case .denied(let grantee): "denied by \(grantee)"
        case .clearance(let needed): "clearance below label \(needed.rawValue)"
        case .purpose: "the purpose does not fit"
        }
    }
}
