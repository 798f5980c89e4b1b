#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One address, or all that share its first bits: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8` (RFC 4632, RFC 4291).
package struct NetworkRange: Hashable, Sendable {
    private let prefix: [UInt8]
    private let bits: Int

    /// Nil unless `text` is a literal address, alone or with `/bits`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = Self.bytes(String(parts[0])) else { return nil }
        let bits = parts.count == 1 ? 8 * bytes.count : Int(parts[1])
        guard let bits, (0...8 * bytes.count).contains(bits) else { return nil }
        prefix = bytes
        self.bits = bits
    }

    /// False for whatever is no literal address. An IPv4 address that comes in as `::ffff:10.0.0.7` counts as IPv4.
    package func contains(_ address: String) -> Bool {
        guard let bytes = Self.bytes(address), bytes.count == prefix.count else { return false }
        return zip(bytes, prefix).enumerated().allSatisfy { index, pair in
            let kept = min(8, max(0, bits - 8 * index))
            return (pair.0 ^ pair.1) >> (8 - kept) == 0
        }
    }

    package static let loopback = [NetworkRange("127.0.0.0/8"), NetworkRange("::1")].compactMap { $0 }

    private static func bytes(_ text: String) -> [UInt8]? {
        let mapped = "::ffff:"
        if text.lowercased().hasPrefix(mapped) { return bytes(String(text.dropFirst(mapped.count))) }
        var (four, six) = (in_addr(), in6_addr())
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        return inet_pton(AF_INET6, text, &six) == 1 ? withUnsafeBytes(of: &six) { Array($0) } : nil
    }
}
