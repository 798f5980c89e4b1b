/// What `robots.txt` of a site asks of us (RFC 9309).
struct RobotsRules: Equatable, Sendable {
    private struct Rule: Equatable {
        let isAllowed: Bool
        let pattern: [UInt8]
    }

    /// Who reads more than this may stop (section 2.5); the rest is not read.
    static let bytesMax = 500 << 10
    private static let rulesMax = 500
    private static let patternBytesMax = 1024
    private static let agent = "cloister"

    private var rules: [Rule] = []

    /// For a site without one.
    static let none = RobotsRules()

    private init() {}

    init(_ bytes: [UInt8]) {
        var groups = Groups()
        let lines = bytes.prefix(Self.bytesMax).split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        for line in lines {
            let plain = line.prefix { $0 != UInt8(ascii: "#") }
            guard let colon = plain.firstIndex(of: UInt8(ascii: ":")) else { continue }
            groups.add(String(decoding: plain[..<colon], as: UTF8.self).trimmed.lowercased(), plain[(colon + 1)...])
        }
        rules = groups.named ?? groups.general
    }

    /// The longest rule that matches counts; of two of the same length the one that allows (section 2.2.2).
    func allows(_ target: String) -> Bool {
        let target = Array(target.utf8)
        let matching = rules.filter { Self.matches($0.pattern, target) }
        guard let length = matching.map(\.pattern.count).max() else { return true }
        return matching.contains { $0.isAllowed && $0.pattern.count == length }
    }

    /// `*` is anything, `$` at the end is the end; otherwise the pattern is a prefix.
    private static func matches(_ pattern: [UInt8], _ target: [UInt8]) -> Bool {
        let isWhole = pattern.last == UInt8(ascii: "$")
        let parts = (isWhole ? pattern.dropLast() : pattern[...])
            .split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        guard let first = parts.first, target.starts(with: first) else { return false }
        var rest = target[first.count...]
        for part in parts.dropFirst() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        guard isWhole, let last = parts.last else { return true }
        return last.isEmpty && parts.count > 1 || parts.count == 1 && rest.isEmpty
            || parts.count > 1 && target.count >= last.count && target.suffix(last.count).elementsEqual(last)
    }

    /// Reads the file line by line.
    private struct Groups {
        var named: [Rule]?
        var general: [Rule] = []
        private var isForUs = false
        private var isForAll = false
        private var isHead = false

        mutating func add(_ key: String, _ value: ArraySlice<UInt8>) {
            let text = String(decoding: value, as: UTF8.self).trimmed
            switch key {
            case "user-agent":
                if !isHead { (isForUs, isForAll) = (false, false) }
                isHead = true
                if text == "*" { isForAll = true }
                if text.lowercased() == RobotsRules.agent {
                    isForUs = true
                    named = named ?? []
                }
            case "allow", "disallow":
                isHead = false
                guard !text.isEmpty, text.utf8.count <= RobotsRules.patternBytesMax else { return }
                let rule = Rule(isAllowed: key == "allow", pattern: Array(text.utf8))
                if isForUs, (named?.count ?? 0) < RobotsRules.rulesMax { named?.append(rule) }
                if isForAll, general.count < RobotsRules.rulesMax { general.append(rule) }
            default: break
            }
        }
    }
}

extension String {
    /// Without spaces, tabs and line ends around it.
    var trimmed: String {
        let space: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
        guard let first = firstIndex(where: { !space($0) }), let last = lastIndex(where: { !space($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}
