import Kit

/// Turns the text behind a key into a checked value.
struct SettingParser {
    /// Starts relative paths.
    let workingDirectory: String
    /// Stands for `~`; nil when unknown.
    let userHome: String?
    /// Stands for `<home>` in defaults.
    var home: String?

    func parse(_ text: String, as row: SettingDeclaration, from origin: SettingOrigin) throws(SettingsFailure)
        -> SettingValue
    {
        let text = trimmed(text)
        guard !text.isEmpty else {
            // A variable set to nothing is how an environment takes an optional setting away.
            guard row.fallback == nil else { throw .empty(key: row.key, origin: origin) }
            return .unset
        }
        switch row.kind {
        case .path: return .text(try path(text, row, origin))
        case .secret: return .secret(try secret(text, row, origin))
        case .database: return text == "sqlite" ? .unset : .secret(try secret(text, row, origin))
        case .hostNames, .connections, .origins, .paths:
            return try list(
                text.split(separator: row.kind.separator).map { trimmed(String($0)) }, as: row, from: origin)
        default:
            guard let value = scalar(text, row.kind) else { throw bad(row, origin, text) }
            return value
        }
    }

    /// A list written as a list.
    func list(_ items: [String], as row: SettingDeclaration, from origin: SettingOrigin) throws(SettingsFailure)
        -> SettingValue
    {
        guard !items.isEmpty else { throw bad(row, origin, nil) }
        switch row.kind {
        case .hostNames:
            if let wrong = items.first(where: { !Self.isHostName($0) }) { throw bad(row, origin, wrong) }
            return .list(items)
        case .connections:
            // What each may be, the policy itself says when the product is put together.
            if let wrong = items.first(where: \.isEmpty) { throw bad(row, origin, wrong) }
            return .list(items)
        case .origins:
            if let wrong = items.first(where: { !Self.isOrigin($0) }) { throw bad(row, origin, wrong) }
            return .list(items)
        case .paths:
            var paths: [String] = []
            for item in items { paths.append(try path(item, row, origin)) }
            return .list(paths)
        default: throw bad(row, origin, nil)
        }
    }

    private func scalar(_ text: String, _ kind: SettingKind) -> SettingValue? {
        switch kind {
        case .integer(let range): Int(text).flatMap { range.contains($0) ? .integer($0) : nil }
        case .bytes(let range): ByteSize.parse(text).flatMap { range.contains($0) ? .integer($0) : nil }
        case .number(let range): Double(text).flatMap { range.contains($0) ? .number($0) : nil }
        case .choice(let words): words.contains(text) ? .text(text) : nil
        case .word: text.utf8.count <= 500 && !text.contains(where: \.isWhitespace) ? .text(text) : nil
        case .address: Self.isAddress(text) ? .text(text) : nil
        case .network: NetworkRange(text) == nil ? nil : .text(text)
        case .path, .hostNames, .connections, .origins, .paths, .secret, .database: nil
        }
    }

    private func secret(
        _ text: String, _ row: SettingDeclaration, _ origin: SettingOrigin
    ) throws(SettingsFailure) -> SecretReference {
        guard let reference = SecretReference(text) else { throw .literalSecret(key: row.key, origin: origin) }
        guard case .file(let path) = reference else { return reference }
        return .file(try self.path(path, row, origin))
    }

    private func path(
        _ text: String, _ row: SettingDeclaration, _ origin: SettingOrigin
    ) throws(SettingsFailure) -> String {
        var text = text
        if let home, text.hasPrefix("<home>") { text = home + text.dropFirst("<home>".count) }
        if text == "~" || text.hasPrefix("~/") {
            guard let userHome else { throw .homeUnknown(key: row.key, origin: origin) }
            text = userHome + text.dropFirst()
        }
        guard !text.utf8.contains(0) else { throw bad(row, origin, nil) }
        return Self.normalised(text.hasPrefix("/") ? text : "\(workingDirectory)/\(text)")
    }

    private func bad(_ row: SettingDeclaration, _ origin: SettingOrigin, _ text: String?) -> SettingsFailure {
        let shown = row.kind.isSecret ? nil : text.map { String($0.prefix(60)) }
        return .badValue(key: row.key, origin: origin, shown: shown, expected: row.kind.expectation)
    }

    private func trimmed(_ text: String) -> String {
        let ends = text.drop(while: \.isWhitespace)
        return String(ends.reversed().drop(while: \.isWhitespace).reversed())
    }
}

extension SettingParser {
    /// Without `.`, `..` and doubled slashes, by text alone.
    static func normalised(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// `https://name` or `http://name`, with or without a port (RFC 6454 section 6.1). It stands in a header as it is,
    /// so nothing else may: no path, no wildcard, no space.
    static func isOrigin(_ text: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return false }
        let parts = text.dropFirst(scheme.count).split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].contains("*"), isHostName(String(parts[0])) else { return false }
        return parts.count == 1 || UInt16(parts[1]).map { $0 > 0 } == true
    }

    static func isAddress(_ text: String) -> Bool { !text.contains("/") && NetworkRange(text) != nil }

    /// RFC 1123 labels, or a literal address.
    static func isHostName(_ text: String) -> Bool {
        if isAddress(text) { return true }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                    && label.utf8.allSatisfy { byte in
                        byte == 45 || (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    }
            }
    }
}
