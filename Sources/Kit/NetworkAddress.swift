#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One IPv4 or IPv6 address as its bytes. An IPv4-mapped IPv6 address (`::ffff:10.0.0.7`, RFC 4291 section 2.5.5.2)
/// reaches the IPv4 host, so it *is* the IPv4 address here and cannot slip past a rule about it.
package struct NetworkAddress: Hashable, Sendable {
    /// In network order: 4 or 16 of them.
    package let bytes: [UInt8]

    /// Nil unless there are 4 or 16 bytes.
    package init?(bytes: [UInt8]) {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        switch bytes.count {
        case 4: self.bytes = bytes
        case 16: self.bytes = bytes.starts(with: mapped) ? Array(bytes.suffix(4)) : bytes
        default: return nil
        }
    }

    /// Nil unless `text` is four plain decimals or IPv6 of RFC 4291 section 2.2. No octal, no short form, no zone.
    package init?(_ text: String) {
        // The C function stops at a NUL, so what it may see is checked first.
        guard text.utf8.count < 64, text.utf8.allSatisfy(Self.isAddressByte) else { return nil }
        guard text.contains(":") else {
            guard let bytes = Self.decimals(text) else { return nil }
            self.init(bytes: bytes)
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        self.init(bytes: withUnsafeBytes(of: &six) { Array($0) })
    }

    package var isIPv4: Bool { bytes.count == 4 }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func decimals(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { part in
            part.hasPrefix("0") && part != "0" ? nil : UInt8(part)
        }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }
}

extension NetworkAddress: CustomStringConvertible {
    /// `10.0.0.7`, `fd00::1` (RFC 5952); `init` reads it back as the same address.
    package var description: String {
        guard !isIPv4 else { return bytes.map(String.init).joined(separator: ".") }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
