import Connectors
import Crypto
import Foundation
import Kit

/// A request that says that something changed at a source, and how it proves that it comes from there.
///
/// Two ways are common: an HMAC of the body (RFC 2104) with SHA-256, as Confluence Data Center ("Webhooks": the header
/// X-Hub-Signature, `sha256=` and hexadecimal digits) and GitHub ("Validating webhook deliveries", X-Hub-Signature-256)
/// send it, or the secret itself in a header, as GitLab (X-Gitlab-Token), automation rules of Confluence Cloud and
/// event senders of object stores do. SHA-1 proves nothing. What the body says is never looked at.
struct HookDelivery: Sendable {
    static let bodyBytesMax = 1 << 20
    static let secretBytesMin = 20
    /// Of each kind; more are not looked at.
    static let proofsMax = 4

    /// `sha256=` and 64 hexadecimal digits.
    let signatures: [String]
    let secrets: [String]
    let body: [UInt8]

    /// Whether it knows `secret`. Every comparison takes the same time for any content.
    func proves(_ secret: Secret) -> Bool {
        let key = SymmetricKey(data: Array(secret.reveal().utf8))
        let signed = signatures.prefix(Self.proofsMax).filter { signature in
            guard let digits = Self.digits(signature), let code = Hex.decode(digits) else { return false }
            return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key)
        }
        // Codes under one key are compared in constant time; the texts themselves would not be.
        let own = HMAC<SHA256>.authenticationCode(for: Self.label, using: key)
        let told = secrets.prefix(Self.proofsMax).filter { secret in
            let key = SymmetricKey(data: Array(secret.utf8))
            return HMAC<SHA256>.isValidAuthenticationCode(own, authenticating: Self.label, using: key)
        }
        return !signed.isEmpty || !told.isEmpty
    }

    private static let label = Array("hook".utf8)

    private static func digits(_ signature: String) -> String? {
        let parts = signature.split(separator: "=", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "sha256" ? parts[1].lowercased() : nil
    }
}

/// Which refused deliveries the audit log hears of: one for each source in a while, and one for all sources that do
/// not exist, so that nobody fills the log from outside.
struct HookRefusals {
    static let sourcesMax = 10_000

    private var noted: [SourceID?: Timestamp] = [:]

    mutating func isNews(_ source: SourceID?, at now: Timestamp, gap: Duration) -> Bool {
        if let last = noted[source], now - last < gap { return false }
        if noted.count >= Self.sourcesMax { noted = noted.filter { now - $0.value < gap } }
        guard noted.count < Self.sourcesMax else { return false }
        noted[source] = now
        return true
    }
}

extension SourceFailure {
    static let weakHookSecret = SourceFailure.misconfigured(
        "The setting hook_secret is too easy to guess: it has at least \(HookDelivery.secretBytesMin) characters.")
}
