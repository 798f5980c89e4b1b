import Crypto
import Kit

/// A bearer secret: 256 random bits behind a prefix that names its one purpose. Nothing about it can be computed from
/// another token, an identifier or the time (ATT-15), and only its SHA-256 is stored.
///
/// Text form: the prefix and 64 lower-case hexadecimal digits.
struct AccessToken: Sendable {
    enum Kind: String, CaseIterable {
        case apiKey = "clk_"
        case session = "cls_"
        case signInLink = "cll_"
    }

    private static let secretBytes = 32

    let kind: Kind
    private let secret: [UInt8]

    init(_ kind: Kind, from randomness: Randomness) {
        self.kind = kind
        secret = randomness.bytes(Self.secretBytes)
    }

    /// Nil unless `text` is a well-formed token of this kind: a key never passes for a session.
    init?(_ text: String, as kind: Kind) {
        guard text.utf8.count == kind.rawValue.utf8.count + 2 * Self.secretBytes, text.hasPrefix(kind.rawValue),
            let secret = Hex.decode(String(text.dropFirst(kind.rawValue.count)))
        else { return nil }
        self.kind = kind
        self.secret = secret
    }

    var text: Secret { Secret(kind.rawValue + Hex.encode(secret)) }

    /// What the database holds: SHA-256 of the whole text, in hexadecimal.
    var hash: String { Hex.encode(SHA256.hash(data: Array(text.reveal().utf8))) }

    /// The CSRF token of a session: an HMAC under the session's secret. It is bound to that session, needs no column,
    /// and knowing it tells nothing about the cookie.
    var csrf: String { Hex.encode(HMAC<SHA256>.authenticationCode(for: Self.csrfLabel, using: csrfKey)) }

    /// In constant time.
    func accepts(csrf presented: String?) -> Bool {
        guard let presented, let code = Hex.decode(presented) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Self.csrfLabel, using: csrfKey)
    }

    private static let csrfLabel = Array("cloister csrf 1".utf8)
    private var csrfKey: SymmetricKey { SymmetricKey(data: secret) }
}
