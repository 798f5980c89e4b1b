import Kit

/// What an address is for, by the special-purpose registries of IANA (RFC 6890) and the reserved addresses of clouds.
package enum AddressBlock: String, Sendable {
    case global
    case metadata
    case loopback
    case linkLocal
    case privateUse
    case sharedUse
    /// IPv6 that a gateway or tunnel turns into IPv4 again.
    case translated
    case unspecified
    case multicast
    case documentation
    case reserved

    /// Whether an entry of the policy can open it at all.
    var canBeOpened: Bool {
        switch self {
        case .global, .metadata, .loopback, .linkLocal, .privateUse, .sharedUse, .translated: true
        case .unspecified, .multicast, .documentation, .reserved: false
        }
    }

    /// The block of an address, and the range in which it is that block. First match counts: small before large.
    static func of(_ address: NetworkAddress) -> (block: AddressBlock, range: NetworkRange)? {
        registry.first { $0.range.contains(address) }
    }

    /// The IPv4 address that a translator would reach: well-known NAT64 prefix (RFC 6052), 6to4 (RFC 3056).
    static func translation(of address: NetworkAddress) -> NetworkAddress? {
        if nat64.contains(address) { return NetworkAddress(bytes: Array(address.bytes[12..<16])) }
        if sixToFour.contains(address) { return NetworkAddress(bytes: Array(address.bytes[2..<6])) }
        return nil
    }

    private static let nat64 = ranges("64:ff9b::/96")[0]
    private static let sixToFour = ranges("2002::/16")[0]

    private static let registry: [(block: AddressBlock, range: NetworkRange)] =
        [
            // Instance metadata: AWS and most others, AWS over IPv6, AWS containers, Alibaba, Azure, Oracle.
            (AddressBlock.metadata, "169.254.169.254 fd00:ec2::254 169.254.170.2 169.254.170.23 fd00:ec2::23"),
            (.metadata, "100.100.100.200 168.63.129.16 192.0.0.192"),
            (.loopback, "127.0.0.0/8 ::1"),
            (.linkLocal, "169.254.0.0/16 fe80::/10"),
            (.privateUse, "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7 fec0::/10"),
            (.sharedUse, "100.64.0.0/10"),
            (.translated, "64:ff9b::/96 2002::/16"),
            (.unspecified, "0.0.0.0/8 ::"),
            (.multicast, "224.0.0.0/4 ff00::/8"),
            (.documentation, "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20"),
            // Protocol assignments, 6to4 relays, benchmarks, former class E with broadcast; Teredo is in 2001::/23.
            (.reserved, "192.0.0.0/24 192.88.99.0/24 198.18.0.0/15 240.0.0.0/4 2001::/23"),
            (.global, "0.0.0.0/0 2000::/3"),
            // Nothing else of IPv6 is routed to hosts: IPv4-compatible, discard-only, local NAT64, segment routing.
            (.reserved, "::/0"),
        ].flatMap { block, texts in ranges(texts).map { (block, $0) } }

    private static func ranges(_ text: String) -> [NetworkRange] {
        text.split(separator: " ").compactMap { NetworkRange(String($0)) }
    }
}
