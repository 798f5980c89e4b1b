import Foundation
import Kit

/// What names, display names and passwords may look like. Errors name the field, never the value.
struct NameRules: Sendable {
    let settings: AccessSettings

    /// Trimmed, in Unicode NFC; 1 to `nameCharactersMax` characters without control characters.
    func name(_ text: String, field: String = "name") throws(AccessFailure) -> String {
        let name = text.precomposedStringWithCanonicalMapping.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !name.isEmpty else { throw .invalid(field: field, reason: "must not be empty") }
        guard name.count <= settings.nameCharactersMax, name.utf8.count <= 8 * settings.nameCharactersMax else {
            throw .invalid(field: field, reason: "must have at most \(settings.nameCharactersMax) characters")
        }
        guard !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw .invalid(field: field, reason: "must not contain control characters")
        }
        return name
    }

    func password(_ password: Secret) throws(AccessFailure) {
        let text = password.reveal()
        guard text.count >= settings.passwordCharactersMin else {
            let reason = "must have at least \(settings.passwordCharactersMin) characters"
            throw .invalid(field: "password", reason: reason)
        }
        guard text.utf8.count <= settings.passwordBytesMax else {
            throw .invalid(field: "password", reason: "must have at most \(settings.passwordBytesMax) bytes")
        }
    }

    /// What two spellings of one name share: the text under the blind index.
    static func folded(_ name: String) -> [UInt8] {
        let trimmed = name.trimmingCharacters(in: .whitespacesAndNewlines)
        return Array(trimmed.precomposedStringWithCompatibilityMapping.lowercased().utf8)
    }
}
