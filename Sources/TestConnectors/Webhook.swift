import Crypto
import Kit

/// A delivery as a site sends it: headers and body.
struct Webhook: Sendable {
    let headers: [(name: String, value: String)]
    let body: [UInt8]
}

extension Webhook {
    /// What Confluence Data Center sends when a page was changed: "Webhooks" and "Managing webhooks" of the vendor's
    /// documentation.
    static func confluence(_ event: String, page: Int, secret: String) -> Webhook {
        let body = Array(#"{"timestamp":1767225600000,"event":"\#(event)","page":{"id":\#(page)}}"#.utf8)
        return Webhook(
            headers: [
                ("Content-Type", "application/json; charset=UTF-8"), ("X-Event-Key", event),
                ("X-Hub-Signature", "sha256=" + code(of: body, secret)),
            ],
            body: body)
    }

    /// HMAC of RFC 2104 with SHA-256, in hexadecimal digits.
    static func code(of body: [UInt8], _ secret: String) -> String {
        let key = SymmetricKey(data: Array(secret.utf8))
        return Hex.encode(HMAC<SHA256>.authenticationCode(for: body, using: key))
    }
}
