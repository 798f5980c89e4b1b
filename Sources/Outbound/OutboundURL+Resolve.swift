/// From one address to the next: links, redirects, and paths that are built.
extension OutboundURL {
    /// The address that `reference` means here (RFC 3986 section 5.2, strict): a `Location` or a link of a page.
    package func resolve(_ reference: String) throws(URLFault) -> OutboundURL {
        let parts = try ReferenceParts(reference)
        guard parts.scheme == nil else { return try OutboundURL(parts) }
        if let authority = parts.authority {
            guard !authority.isEmpty else { throw .noHost }
            let (host, port) = try OutboundHost.split(authority)
            return try OutboundURL(
                scheme: scheme, host: host, port: port ?? scheme.defaultPort, path: parts.path, query: parts.query)
        }
        let isHere = parts.path.isEmpty
        return try at(isHere ? path : merged(parts.path), isHere ? parts.query ?? query : parts.query)
    }

    /// A link as pages write it: outer white space goes, and characters that browsers encode are encoded. What readers
    /// disagree on (backslashes, control characters) stays, and is refused by `resolve`.
    package func resolve(link: String) throws(URLFault) -> OutboundURL {
        guard link.utf8.count <= Self.bytesMax else { throw .tooLong }
        var bytes = link.utf8[...]
        while bytes.first.map(Self.whiteSpace.contains) == true { bytes.removeFirst() }
        while bytes.last.map(Self.whiteSpace.contains) == true { bytes.removeLast() }
        var isQuery = false
        let encoded = bytes.map { byte in
            isQuery = isQuery || byte == UInt8(ascii: "?")
            let mustEncode = byte >= 0x80 || Self.encodedInLinks.contains(byte) || (isQuery && "[]".utf8.contains(byte))
            return mustEncode ? byte.percentEncoded : String(decoding: CollectionOfOne(byte), as: UTF8.self)
        }
        return try resolve(encoded.joined())
    }

    /// This address with more path below it, each segment encoded: an identifier with a slash stays one segment.
    /// A segment `.` or `..` is refused as `.forbiddenCharacter`: it would climb. The query goes.
    package func appending(_ segments: String...) throws(URLFault) -> OutboundURL {
        guard !segments.contains(where: { [".", ".."].contains($0) }) else { throw .forbiddenCharacter }
        let base = path.hasSuffix("/") ? path : path + "/"
        return try at(base + segments.map(\.percentEncoded).joined(separator: "/"), nil)
    }

    /// This address with the query replaced, names and values encoded.
    package func asking(_ items: [(name: String, value: String)]) throws(URLFault) -> OutboundURL {
        let query = items.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.joined(separator: "&")
        return try at(path, items.isEmpty ? nil : query)
    }

    private static let whiteSpace = Set(" \t\r\n\u{c}".utf8)
    private static let encodedInLinks = Set(" \"<>^`{|}".utf8)

    private func at(_ path: String, _ query: String?) throws(URLFault) -> OutboundURL {
        try OutboundURL(scheme: scheme, host: host, port: port, path: path, query: query)
    }

    /// Section 5.2.3; our own path is never empty.
    private func merged(_ other: String) -> String {
        guard !other.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return other }
        return String(path[...slash]) + other
    }
}

extension String {
    /// Everything but `unreserved` of RFC 3986 section 2.3.
    fileprivate var percentEncoded: String {
        utf8.map { byte in
            let isPlain = byte.isLetterOrDigit || "-._~".utf8.contains(byte)
            return isPlain ? String(decoding: CollectionOfOne(byte), as: UTF8.self) : byte.percentEncoded
        }.joined()
    }
}

extension UInt8 {
    fileprivate var percentEncoded: String { (self < 16 ? "%0" : "%") + String(self, radix: 16, uppercase: true) }
}
