import Documents

/// What a look at a document found: what kind of thing and how often. Never the thing itself.
package struct ScreenFinding: Hashable, Sendable {
    package let kind: FindingKind
    package let count: Int

    package init(kind: FindingKind, count: Int) {
        self.kind = kind
        self.count = count
    }
}

/// Looks a document over before anything of it is embedded. What it throws makes the job come again: nothing passes
/// that was not looked at.
package typealias Screening = @Sendable (ParsedDocument) async throws -> [ScreenFinding]

/// Stored and shown under its raw value.
package enum FindingKind: String, Sendable, Codable, CaseIterable {
    case emailAddress = "email_address"
    case phoneNumber = "phone_number"
    case iban
    case paymentCard = "payment_card"
    case dateOfBirth = "date_of_birth"
    case usSocialSecurityNumber = "us_social_security_number"
    case germanTaxNumber = "de_tax_number"
    case britishHealthNumber = "gb_nhs_number"
    case frenchSocialSecurityNumber = "fr_social_security_number"
    case italianTaxCode = "it_tax_code"
    case spanishIdentityNumber = "es_identity_number"
    case swissInsuranceNumber = "ch_insurance_number"
    /// Words that tell a model to drop what it was told, or to give it away.
    case modelInstruction = "model_instruction"
    /// The marks between which a model expects its system and its user to speak.
    case roleMarker = "role_marker"
    /// What a model writes to use a tool.
    case toolCall = "tool_call"
    case invisibleCharacters = "invisible_characters"
    case hiddenText = "hidden_text"
    case encodedBlob = "encoded_blob"

    package enum Family: String, Sendable, Codable, CaseIterable { case personal, suspicious }

    /// Suspicious means that a person should look, not that something is wrong: a handbook that quotes an attack is
    /// found like the attack.
    package var family: Family {
        switch self {
        case .emailAddress, .phoneNumber, .iban, .paymentCard, .dateOfBirth, .usSocialSecurityNumber, .germanTaxNumber,
            .britishHealthNumber, .frenchSocialSecurityNumber, .italianTaxCode, .spanishIdentityNumber,
            .swissInsuranceNumber:
            .personal
        case .modelInstruction, .roleMarker, .toolCall, .invisibleCharacters, .hiddenText, .encodedBlob: .suspicious
        }
    }
}

/// Which new content of a collection waits until a person has looked at it.
package enum QuarantineRule: String, Sendable, Codable, CaseIterable {
    case off
    /// What has suspicious findings.
    case suspicious
    /// That, and what holds personal data.
    case personal
    case all

    package func holds(_ findings: [ScreenFinding]) -> Bool {
        switch self {
        case .off: false
        case .suspicious: findings.contains { $0.kind.family == .suspicious }
        case .personal: !findings.isEmpty
        case .all: true
        }
    }
}

/// What is kept of a look at one version.
struct ScreenReport: Codable, Sendable, Equatable {
    /// By the raw value of its kind: what a later release no longer knows is left out, not an error.
    let counts: [String: Int]
    /// BCP 47; nil when the text shows none clearly.
    let language: String?

    init(_ findings: [ScreenFinding], language: String?) {
        counts = Dictionary(findings.map { ($0.kind.rawValue, $0.count) }, uniquingKeysWith: +)
        self.language = language
    }

    /// In the order of the kinds.
    var findings: [ScreenFinding] {
        FindingKind.allCases.compactMap { kind in
            counts[kind.rawValue].flatMap { $0 > 0 ? ScreenFinding(kind: kind, count: $0) : nil }
        }
    }
}
