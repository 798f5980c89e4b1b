import Foundation
import Yams

/// One `key: value` of a settings file, with the section in front of its key.
struct SettingsFileEntry: Equatable {
    enum Value: Equatable {
        case text(String)
        case list([String])
        case empty
    }

    let key: String
    let value: Value
    let line: Int
}

/// A settings file as a flat list. Sections may nest; anchors, merge keys and lists of lists have no meaning here.
struct SettingsFile {
    /// Characters; a settings file is small, and a parser's memory should not be the sender's choice.
    static let charactersMax = 1 << 20
    private static let depthMax = 3

    let name: String
    let entries: [SettingsFileEntry]

    init(name: String, yaml: String) throws(SettingsFailure) {
        guard yaml.utf8.count <= Self.charactersMax else {
            throw .malformedFile(name: name, line: nil, reason: "larger than \(Self.charactersMax) bytes")
        }
        self.name = name
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch {
            throw Self.failure(name: name, error)
        }
        guard let root, !Self.isEmpty(root) else {
            entries = []
            return
        }
        guard case .mapping(let mapping) = root else {
            throw .malformedFile(
                name: name, line: root.mark?.line, reason: "settings are written as section: and key: value")
        }
        var found: [SettingsFileEntry] = []
        try Self.collect(mapping, prefix: "", depth: 1, name: name, into: &found)
        entries = found
    }

    private static func collect(
        _ mapping: Node.Mapping, prefix: String, depth: Int, name: String, into found: inout [SettingsFileEntry]
    ) throws(SettingsFailure) {
        for (keyNode, valueNode) in mapping {
            let line = keyNode.mark?.line ?? 0
            guard let last = keyNode.scalar?.string else {
                throw .malformedFile(name: name, line: line, reason: "a key must be a word")
            }
            let key = prefix.isEmpty ? last : "\(prefix).\(last)"
            if case .mapping(let section) = valueNode {
                guard depth < depthMax else {
                    throw .malformedFile(name: name, line: line, reason: "\(key) is nested too deeply")
                }
                try collect(section, prefix: key, depth: depth + 1, name: name, into: &found)
            } else {
                found.append(SettingsFileEntry(key: key, value: try value(of: valueNode, key, name, line), line: line))
            }
        }
    }

    private static func value(
        of node: Node, _ key: String, _ name: String, _ line: Int
    ) throws(SettingsFailure) -> SettingsFileEntry.Value {
        switch node {
        case .scalar(let scalar): return isEmpty(node) ? .empty : .text(scalar.string)
        case .sequence(let sequence):
            let texts = sequence.compactMap { $0.scalar?.string }
            guard texts.count == sequence.count else {
                throw .malformedFile(name: name, line: line, reason: "\(key) must be a list of words")
            }
            return .list(texts)
        case .mapping, .alias:
            throw .malformedFile(name: name, line: line, reason: "\(key) must be a value")
        }
    }

    /// A plain scalar without text or `null`; a quoted empty string is a value.
    private static func isEmpty(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null"].contains(scalar.string)
    }

    /// Only our words and the parser's reason: its own text would quote the file, which may hold a secret by mistake.
    private static func failure(name: String, _ error: any Error) -> SettingsFailure {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            .malformedFile(name: name, line: mark.line, reason: "this is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            .malformedFile(
                name: name, line: context.mark.line, reason: "\(keys.joined(separator: ", ")) stands twice in a section"
            )
        default: .malformedFile(name: name, line: nil, reason: "this is not YAML")
        }
    }
}
