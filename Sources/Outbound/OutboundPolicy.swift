import Kit

/// The connections that the operator allowed; without entries there are none (DESIGN, section 2, rule 10).
package struct OutboundPolicy: Sendable {
    private let entries: [PolicyEntry]

    static let entriesMax = 1024

    /// Entries beyond 1024 are refused with the rest, as `.malformed`.
    package init(_ entries: [PolicyEntry]) throws(PolicyFault) {
        guard entries.count <= Self.entriesMax else { throw .malformed }
        self.entries = entries
    }

    /// One `PolicyEntry` per text.
    package init(_ entries: String...) throws(PolicyFault) {
        var parsed: [PolicyEntry] = []
        for entry in entries { parsed.append(try PolicyEntry(entry)) }
        try self.init(parsed)
    }

    /// What is allowed at `origin`, before a name is resolved.
    package func admit(_ origin: OutboundOrigin) throws(OutboundFailure) -> Admission {
        let matching = entries.filter { $0.matches(origin) }
        guard !matching.isEmpty else { throw .hostNotAllowed(origin) }
        return Admission(origin: origin, inside: matching.flatMap(\.inside))
    }

    /// An allowed origin and the internal ranges in which it may be.
    package struct Admission: Sendable {
        let origin: OutboundOrigin
        let inside: [NetworkRange]

        /// All of `addresses`, or the failure for the first that may not be connected to: an answer that mixes allowed
        /// and other addresses is how a name is rebound.
        func checked(_ addresses: [NetworkAddress]) throws(OutboundFailure) -> [NetworkAddress] {
            guard !addresses.isEmpty else { throw .unresolvable(origin) }
            for address in addresses where !allows(address) {
                throw .addressNotAllowed(origin, address)
            }
            return addresses
        }

        /// Public addresses are allowed; others where a range names them. A range counts within its own block only, so
        /// that none opens loopback or a metadata service on the way.
        func allows(_ address: NetworkAddress) -> Bool {
            guard let (block, whole) = AddressBlock.of(address), block.canBeOpened else { return false }
            guard block != .global else { return true }
            guard inside.contains(where: { $0.contains(address) && whole.contains($0) }) else { return false }
            return AddressBlock.translation(of: address).map(allows) ?? true
        }
    }
}
