/// A link cut into its parts (RFC 3986 section 4.1 and appendix B). Every character is checked before the first cut, so
/// that each part holds only what the grammar allows there; nothing is decoded.
struct ReferenceParts {
    let scheme: String?
    let authority: String?
    let path: String
    let query: String?

    init(_ text: String) throws(URLFault) {
        try Self.checkCharacters(text)
        var rest = text[...]
        if let hash = rest.firstIndex(of: "#") {
            guard !rest[hash...].dropFirst().contains("#") else { throw .forbiddenCharacter }
            rest = rest[..<hash]
        }
        query = Self.cutQuery(&rest)
        scheme = try Self.cutScheme(&rest)
        authority = Self.cutAuthority(&rest)
        path = String(rest)
        guard ![path, query ?? ""].contains(where: { $0.contains { $0 == "[" || $0 == "]" } }) else {
            throw .forbiddenCharacter
        }
    }

    /// `unreserved`, `reserved` and whole percent-encodings: the alphabet of RFC 3986 section 2.
    private static func checkCharacters(_ text: String) throws(URLFault) {
        guard text.utf8.count <= OutboundURL.bytesMax else { throw .tooLong }
        var digitsDue = 0
        for byte in text.utf8 {
            guard digitsDue == 0 || byte.isHex else { throw .badPercentEncoding }
            guard byte.isLetterOrDigit || marks.contains(byte) else { throw .forbiddenCharacter }
            digitsDue = byte == UInt8(ascii: "%") ? 2 : max(0, digitsDue - 1)
        }
        guard digitsDue == 0 else { throw .badPercentEncoding }
    }

    private static let marks = Set("-._~:/?#[]@!$&'()*+,;=%".utf8)

    private static func cutQuery(_ rest: inout Substring) -> String? {
        guard let mark = rest.firstIndex(of: "?") else { return nil }
        defer { rest = rest[..<mark] }
        return String(rest[mark...].dropFirst())
    }

    /// A colon before the first slash ends a scheme; a relative path may have none there (section 4.2).
    private static func cutScheme(_ rest: inout Substring) throws(URLFault) -> String? {
        guard let end = rest.firstIndex(where: { $0 == ":" || $0 == "/" }), rest[end] == ":" else { return nil }
        let scheme = rest[..<end]
        guard scheme.utf8.first?.isLetter == true,
            scheme.utf8.allSatisfy({ $0.isLetterOrDigit || "+-.".utf8.contains($0) })
        else { throw .schemeNotAllowed }
        defer { rest = rest[end...].dropFirst() }
        return String(scheme)
    }

    private static func cutAuthority(_ rest: inout Substring) -> String? {
        guard rest.hasPrefix("//") else { return nil }
        let authority = rest.dropFirst(2).prefix { $0 != "/" }
        rest = rest[authority.endIndex...]
        return String(authority)
    }
}

/// RFC 3986 section 5.2.4, with `%2e` read as the dot that it encodes, as browsers do.
enum DotSegments {
    /// `path` begins with `/` or is empty, and so does the result begin with `/`.
    static func removed(from path: String) -> String {
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        var kept: [Substring] = []
        for (index, segment) in segments.enumerated() {
            let plain =
                segment.count <= 6
                ? segment.lowercased().split(separator: "%2e", omittingEmptySubsequences: false)
                    .joined(separator: ".") : ""
            if plain == ".." { _ = kept.popLast() }
            if plain != "." && plain != ".." {
                kept.append(segment)
            } else if index == segments.count - 1 {
                kept.append("")
            }
        }
        return "/" + kept.joined(separator: "/")
    }
}
