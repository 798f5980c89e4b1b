import Kit

/// One line of what the operator allows: which host over which scheme and port, and where it may be inside.
///
/// `confluence.corp.example -> 10.0.0.0/8`, `*.example.org`, `http://models.corp.example:8000 -> 10.1.2.3`,
/// `http://127.0.0.1:11434`, `imaps://mail.corp.example`, `tcp://queue.corp.example:5672`. The scheme is https where
/// none is written, the port the scheme's own.
package struct PolicyEntry: Hashable, Sendable {
    enum Pattern: Hashable, Sendable {
        case exact(OutboundHost)
        /// Every name that ends in this, which begins with a dot: `*.example.org` is not `example.org`.
        case below(String)
    }

    let scheme: OutboundScheme
    let pattern: Pattern
    let port: Int
    /// Where the host may be besides the public internet.
    let inside: [NetworkRange]

    static let rangesMax = 32

    package init(_ text: String) throws(PolicyFault) {
        let sides = text.split(separator: "->", omittingEmptySubsequences: false).map(\.trimmed)
        guard sides.count <= 2, text.utf8.count <= OutboundURL.bytesMax else { throw .malformed }
        let isBelow = sides[0].contains("*")
        let origin = try Self.origin(sides[0])
        scheme = origin.scheme
        port = origin.port
        pattern = try isBelow ? Self.below(origin.host) : .exact(origin.host)
        var inside = sides.count == 2 ? try Self.ranges(sides[1]) : []
        // Who writes a literal address has named it.
        if case .address(let address) = origin.host { inside.append(try Self.checked(NetworkRange(address))) }
        self.inside = inside
    }

    func matches(_ origin: OutboundOrigin) -> Bool {
        guard scheme == origin.scheme, port == origin.port else { return false }
        switch (pattern, origin.host) {
        case (.exact(let host), _): return host == origin.host
        case (.below(let suffix), .name(let name)): return name.hasSuffix(suffix) && name != suffix
        case (.below, .address): return false
        }
    }

    /// The pattern goes through the parser of addresses, with a label in place of the star.
    private static func origin(_ text: String) throws(PolicyFault) -> OutboundOrigin {
        guard !text.isEmpty else { throw .malformed }
        let absolute = text.contains("://") ? text : "https://" + text
        let isWildcard = text.contains("*")
        let plain = isWildcard ? absolute.replacing("://*.", with: "://\(star).", maxReplacements: 1) : absolute
        guard !plain.contains("*") else { throw .wildcard }
        if let origin = try? OutboundOrigin(stream: plain) { return origin }
        guard let url = try? OutboundURL(plain), url.target == "/", !plain.contains("#") else { throw .malformed }
        return url.origin
    }

    private static let star = "star"

    private static func below(_ host: OutboundHost) throws(PolicyFault) -> Pattern {
        guard case .name(let name) = host, name.hasPrefix(star + ".") else { throw .wildcard }
        return .below(String(name.dropFirst(star.count)))
    }

    private static func ranges(_ text: String) throws(PolicyFault) -> [NetworkRange] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
        guard parts.count <= rangesMax else { throw .malformed }
        var ranges: [NetworkRange] = []
        for part in parts {
            guard let range = NetworkRange(part) else { throw .range(part) }
            ranges.append(try checked(range))
        }
        return ranges
    }

    /// A range that reaches over a block would open less than it says: better said now than found out later.
    private static func checked(_ range: NetworkRange) throws(PolicyFault) -> NetworkRange {
        guard let (block, whole) = AddressBlock.of(range.first), block.canBeOpened else { throw .closed("\(range)") }
        guard whole.contains(range), block != .global || range.isOneAddress else { throw .tooWide("\(range)") }
        return range
    }
}

/// Why a line of the policy cannot be used.
package enum PolicyFault: Error, Hashable {
    case malformed
    /// A star that is not the first label, alone, before at least one other.
    case wildcard
    case range(String)
    /// Multicast, documentation and reserved addresses, which no server has.
    case closed(String)
    /// More than one block of special addresses, or public ones, which need no range.
    case tooWide(String)

    package var sentence: String {
        switch self {
        case .malformed:
            "Write host, host:port or scheme://host:port, then -> and the internal ranges if there are any."
        case .wildcard: "A * stands for whole names before a domain only, as in *.example.org."
        case .range(let text): "\(text) is not an address range such as 10.0.0.0/8."
        case .closed(let text): "\(text) holds addresses that no server has and cannot be allowed."
        case .tooWide(let text): "\(text) is wider than one block of internal addresses. Name each block, or less."
        }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
