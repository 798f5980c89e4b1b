/// What can be wrong with settings. A message names the key, where the value stands and what to write instead.
package enum SettingsFailure: Error, Equatable, Sendable {
    case unknownKey(String, origin: SettingOrigin, nearest: String?)
    case unknownVariable(String, nearest: String?)
    /// A key given a second time in the file.
    case repeatedKey(String, origin: SettingOrigin)
    /// A value stands where a section's keys belong.
    case sectionExpected(String, origin: SettingOrigin)
    /// `shown` is nil for keys that name secrets.
    case badValue(key: String, origin: SettingOrigin, shown: String?, expected: String)
    case empty(key: String, origin: SettingOrigin)
    case literalSecret(key: String, origin: SettingOrigin)
    /// `~` without a HOME variable.
    case homeUnknown(key: String, origin: SettingOrigin)
    case malformedFile(name: String, line: Int?, reason: String)
    case secretUnreadable(reference: String, reason: String)
    /// Two settings that do not go together.
    case conflict(key: String, reason: String)
    /// A struct reads a key that the table does not declare with that type: a defect of ours.
    case undeclared(key: String)
}

extension SettingsFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownKey(let key, let origin, let nearest):
            "\(origin): there is no setting \(key)\(Self.suggestion(nearest))"
        case .unknownVariable(let name, let nearest):
            "environment: there is no setting for the variable \(name)\(Self.suggestion(nearest))"
        case .repeatedKey(let key, let origin): "\(origin): \(key) is set twice; keep one of the two"
        case .sectionExpected(let key, let origin):
            "\(origin): \(key) is a section; write its settings indented below it"
        case .badValue(let key, let origin, let shown, let expected):
            "\(origin): \(key) must be \(expected)" + (shown.map { ", not \"\($0)\"" } ?? "")
        case .empty(let key, let origin):
            "\(origin): \(key) has no value; remove the key to use its default"
        case .literalSecret(let key, let origin):
            "\(origin): \(key) holds a secret, which settings name but never contain; "
                + "put it into a file of mode 0600 and write file:/path, or write env:NAME"
        case .homeUnknown(let key, let origin): "\(origin): \(key) starts at ~, but the variable HOME is not set"
        case .malformedFile(let name, let line, let reason):
            "\(name)\(line.map { ":\($0)" } ?? ""): \(reason)"
        case .secretUnreadable(let reference, let reason): "\(reference): \(reason)"
        case .conflict(let key, let reason): "\(key) \(reason)"
        case .undeclared(let key): "the setting \(key) is read but not declared with that type"
        }
    }

    private static func suggestion(_ nearest: String?) -> String {
        nearest.map { "; did you mean \($0)?" } ?? "; cloister config reference lists them all"
    }
}

/// Everything that is wrong, so that one look at the message mends the whole file.
package struct SettingsRefusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// Never empty; in the order of the table, the unknown keys first.
    package let failures: [SettingsFailure]

    /// One failure on each line.
    package var description: String { failures.map(\.description).joined(separator: "\n") }
}

/// Where a value comes from, strongest last in `SettingsLoader.resolve`.
package enum SettingOrigin: Hashable, Sendable, CustomStringConvertible {
    case standard
    case file(name: String, line: Int)
    case environment(String)
    case flag(String)

    package var description: String {
        switch self {
        case .standard: "default"
        case .file(let name, let line): "\(name):\(line)"
        case .environment(let name): "environment \(name)"
        case .flag(let key): "flag \(key)"
        }
    }
}
