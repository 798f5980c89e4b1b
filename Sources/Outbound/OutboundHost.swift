import Kit

/// Where an address points: a name of the DNS in lower case, or a literal address.
package enum OutboundHost: Hashable, Sendable {
    case name(String)
    case address(NetworkAddress)

    private static let nameBytesMax = 253
    private static let labelBytesMax = 63

    /// As it stands in an address: IPv6 in brackets.
    package var text: String {
        switch self {
        case .name(let name): name
        case .address(let address): address.isIPv4 ? "\(address)" : "[\(address)]"
        }
    }

    /// `host`, or `host:port` with IPv6 in brackets.
    static func split(_ authority: String) throws(URLFault) -> (OutboundHost, port: Int?) {
        guard !authority.contains("@") else { throw .userInformation }
        let isLiteral = authority.hasPrefix("[")
        guard let end = isLiteral ? authority.lastIndex(of: "]").map(authority.index(after:)) : authority.endOfHost
        else { throw .badHost }
        let rest = authority[end...]
        guard rest.isEmpty || rest.hasPrefix(":") else { throw .badHost }
        return (try Self(String(authority[..<end])), rest.isEmpty ? nil : try port(rest.dropFirst()))
    }

    init(_ text: String) throws(URLFault) {
        guard !text.isEmpty else { throw .noHost }
        self = text.hasPrefix("[") ? .address(try Self.literal(text.dropFirst().dropLast())) : try Self.nameOrIPv4(text)
    }

    private static func literal(_ text: Substring) throws(URLFault) -> NetworkAddress {
        guard !text.contains("%") else { throw .zoneIdentifier }
        guard text.contains(":"), let address = NetworkAddress(String(text)) else { throw .badHost }
        return address
    }

    private static func nameOrIPv4(_ text: String) throws(URLFault) -> Self {
        let name = text.lowercased()
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= nameBytesMax, labels.allSatisfy(isLabel) else { throw .badHost }
        guard let last = labels.last, isNumber(last) else { return .name(name) }
        // The C library would read `0x7f.1` and `2130706433` as addresses; only the plain form is one here.
        guard let address = NetworkAddress(name) else { throw .ambiguousAddress }
        return .address(address)
    }

    /// Letters, digits, hyphen (RFC 952, RFC 1123), and the underscore that container networks use. A trailing dot
    /// gives an empty label: `wiki.example.` would be another origin and another certificate name for the same host.
    private static func isLabel(_ label: Substring) -> Bool {
        (1...labelBytesMax).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
            && label.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    /// A last label of digits, or of hexadecimal digits after `0x`: no top-level domain is one.
    private static func isNumber(_ label: Substring) -> Bool {
        label.hasPrefix("0x") ? label.utf8.dropFirst(2).allSatisfy(\.isHex) : label.utf8.allSatisfy(\.isDigit)
    }

    private static func port(_ text: Substring) throws(URLFault) -> Int {
        guard text.utf8.allSatisfy(\.isDigit), text.utf8.count <= 5, !text.hasPrefix("0"), let port = Int(text),
            (1...65_535).contains(port)
        else { throw .badPort }
        return port
    }
}

extension String {
    /// Up to the first colon, or all of it.
    fileprivate var endOfHost: String.Index? { firstIndex(of: ":") ?? endIndex }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
    var isLetterOrDigit: Bool { isDigit || isLetter }
    var isHex: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }
}
