/// One address, or all that share its first bits: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8` (RFC 4632, RFC 4291).
package struct NetworkRange: Hashable, Sendable {
    private let prefix: NetworkAddress
    private let bits: Int

    /// Nil unless `text` is a literal address, alone or with `/bits`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = NetworkAddress(String(parts[0])) else { return nil }
        let bits = parts.count == 1 ? 8 * address.bytes.count : Int(parts[1])
        guard let bits, (0...8 * address.bytes.count).contains(bits) else { return nil }
        prefix = address
        self.bits = bits
    }

    /// The range that holds `address` alone.
    package init(_ address: NetworkAddress) {
        prefix = address
        bits = 8 * address.bytes.count
    }

    /// False for whatever is no literal address. An IPv4 address that comes in as `::ffff:10.0.0.7` counts as IPv4.
    package func contains(_ address: String) -> Bool { NetworkAddress(address).map(contains) ?? false }

    package func contains(_ address: NetworkAddress) -> Bool {
        guard address.bytes.count == prefix.bytes.count else { return false }
        return zip(address.bytes, prefix.bytes).enumerated().allSatisfy { index, pair in
            let kept = min(8, max(0, bits - 8 * index))
            return (pair.0 ^ pair.1) >> (8 - kept) == 0
        }
    }

    /// Whether every address of `other` is also in this range.
    package func contains(_ other: NetworkRange) -> Bool { other.bits >= bits && contains(other.prefix) }

    /// The address that the range was written with.
    package var first: NetworkAddress { prefix }

    package var isOneAddress: Bool { bits == 8 * prefix.bytes.count }

    package static let loopback = [NetworkRange("127.0.0.0/8"), NetworkRange("::1")].compactMap { $0 }
}

extension NetworkRange: CustomStringConvertible {
    /// `10.0.0.0/8`; without the bits where the range is one address.
    package var description: String { isOneAddress ? "\(prefix)" : "\(prefix)/\(bits)" }
}
