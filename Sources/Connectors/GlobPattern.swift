/// A pattern for paths: `*` and `?` within a segment, `**` for any number of segments, everything else itself.
///
/// `**/*.md` are the Markdown files everywhere, `reports/**` everything below `reports`. Case counts. Takes at most
/// pattern times path steps, whatever the pattern.
package struct GlobPattern: Hashable, Sendable {
    package static let bytesMax = 512

    private let segments: [[Unicode.Scalar]]

    /// Throws `.misconfigured` when it is empty, too long, begins with `/` or has an empty segment.
    package init(_ text: String) throws(SourceFailure) {
        // By scalars, as the path is: with a combining mark behind it, a slash is another `Character`.
        let parts = text.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false).map(Array.init)
        guard text.utf8.count <= Self.bytesMax,
            parts.allSatisfy({ !$0.isEmpty && !$0.elementsEqual(["."]) && !$0.elementsEqual([".", "."]) })
        else {
            throw .misconfigured("A pattern is a path below the source such as reports/**/*.pdf.")
        }
        segments = parts
    }

    package func matches(_ path: String) -> Bool {
        let names = path.unicodeScalars.split(separator: "/").map(Array.init)
        // One row of the table per segment of the pattern: which lengths of the path it has matched so far.
        var reached = [true] + names.map { _ in false }
        for segment in segments {
            reached = segment == ["*", "*"] ? Self.spread(reached) : Self.step(reached, names, segment)
        }
        return reached[names.count]
    }

    private static func spread(_ reached: [Bool]) -> [Bool] {
        let first = reached.firstIndex(of: true) ?? reached.count
        return reached.indices.map { $0 >= first }
    }

    private static func step(
        _ reached: [Bool], _ names: [[Unicode.Scalar]], _ segment: [Unicode.Scalar]
    ) -> [Bool] {
        [false] + names.indices.map { reached[$0] && matches(names[$0], segment) }
    }

    /// Greedy with one place to go back to: the last star.
    private static func matches(_ name: [Unicode.Scalar], _ pattern: [Unicode.Scalar]) -> Bool {
        var (at, want) = (0, 0)
        var star: (at: Int, want: Int)?
        while at < name.count {
            if want < pattern.count, pattern[want] == "*" {
                star = (at, want)
                want += 1
            } else if want < pattern.count, pattern[want] == "?" || pattern[want] == name[at] {
                (at, want) = (at + 1, want + 1)
            } else if let last = star {
                star = (last.at + 1, last.want)
                (at, want) = (last.at + 1, last.want + 1)
            } else {
                return false
            }
        }
        return pattern[want...].allSatisfy { $0 == "*" }
    }
}

/// Which paths of a source are wanted.
package struct PathSelection: Hashable, Sendable {
    package static let patternsMax = 64

    private let include: [GlobPattern]
    private let exclude: [GlobPattern]
    let forms: [String]

    /// Without `include` everything is; `exclude` counts more. Throws `.misconfigured`.
    package init(include: [String] = [], exclude: [String] = []) throws(SourceFailure) {
        guard include.count <= Self.patternsMax, exclude.count <= Self.patternsMax else {
            throw .misconfigured("A source has at most \(Self.patternsMax) patterns of each kind.")
        }
        self.include = try Self.patterns(include)
        self.exclude = try Self.patterns(exclude)
        forms = ["\(include.count)"] + include + exclude
    }

    private static func patterns(_ texts: [String]) throws(SourceFailure) -> [GlobPattern] {
        var patterns: [GlobPattern] = []
        for text in texts { patterns.append(try GlobPattern(text)) }
        return patterns
    }

    func wants(_ path: String) -> Bool {
        (include.isEmpty || include.contains { $0.matches(path) }) && !exclude.contains { $0.matches(path) }
    }
}
