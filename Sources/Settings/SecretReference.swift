import Foundation
import Kit

/// Where a secret is to be found. Settings, `config print` and messages hold this, never the secret.
package enum SecretReference: Hashable, Sendable, CustomStringConvertible {
    /// An absolute path of a file that others may not read.
    case file(String)
    /// The name of an environment variable.
    case environment(String)

    /// Bytes; more than a secret needs, less than a mistake costs.
    package static let fileBytesMax = 65_536

    /// Nil unless `text` is `file:` and a path or `env:` and a name of letters, digits and underscores.
    package init?(_ text: String) {
        if text.hasPrefix("file:"), text.count > 5 {
            self = .file(String(text.dropFirst(5)))
        } else if text.hasPrefix("env:"), Self.isVariableName(text.dropFirst(4)) {
            self = .environment(String(text.dropFirst(4)))
        } else {
            return nil
        }
    }

    /// `file:/etc/cloister/root.key` or `env:NAME`: safe to print.
    package var description: String {
        switch self {
        case .file(let path): "file:\(path)"
        case .environment(let name): "env:\(name)"
        }
    }

    /// The secret as text without the line break at its end. Throws `SettingsFailure.secretUnreadable`, which says why.
    package func resolve(environment: [String: String] = ProcessInfo.processInfo.environment) throws(SettingsFailure)
        -> Secret
    {
        let text: String
        switch self {
        case .environment(let name):
            guard let value = environment[name] else { throw unreadable("the variable is not set") }
            text = value
        case .file(let path):
            text = try contents(of: path)
        }
        let trimmed = text.hasSuffix("\n") ? String(text.dropLast()) : text
        guard !trimmed.isEmpty else { throw unreadable("it is empty") }
        return Secret(trimmed)
    }

    private func contents(of path: String) throws(SettingsFailure) -> String {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            throw unreadable("there is no such file")
        }
        if let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue, mode & 0o007 != 0 {
            throw unreadable("everybody on this machine may open it; run chmod o= on it")
        }
        guard let size = (attributes[.size] as? NSNumber)?.intValue, size <= Self.fileBytesMax else {
            throw unreadable("it is larger than \(Self.fileBytesMax) bytes")
        }
        guard let data = FileManager.default.contents(atPath: path), let text = String(bytes: data, encoding: .utf8)
        else {
            throw unreadable("this user may not read it, or it is not text")
        }
        return text
    }

    private func unreadable(_ reason: String) -> SettingsFailure {
        .secretUnreadable(reference: description, reason: reason)
    }

    private static func isVariableName(_ name: Substring) -> Bool {
        guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            byte == 95 || (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }
    }
}
