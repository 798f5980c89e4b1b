import Crypto
import Kit
import Outbound

/// How access tokens are asked for: with the client's own credentials (RFC 6749 section 4.4), or by a refresh token
/// that somebody got for an account (section 6).
package struct OAuthSettings: Sendable {
    package var tokenURL: String
    package var clientID: String
    package var clientSecret: Secret?
    package var refreshToken: Secret?
    package var scope: String?

    private static let textBytesMax = 4096

    package init(tokenURL: String, clientID: String) {
        self.tokenURL = tokenURL
        self.clientID = clientID
    }

    /// Throws `.misconfigured`.
    package func validate() throws(SourceFailure) {
        _ = try url()
        guard clientSecret != nil || refreshToken != nil else {
            throw .misconfigured("Tokens need client_secret, refresh_token, or both.")
        }
        let texts = [clientID, clientSecret?.reveal(), refreshToken?.reveal(), scope].compactMap { $0 }
        guard texts.allSatisfy({ (1...Self.textBytesMax).contains($0.utf8.count) }) else {
            throw .misconfigured("Client id, secrets and scope are at most \(Self.textBytesMax) bytes and not empty.")
        }
    }

    func url() throws(SourceFailure) -> OutboundURL {
        let url: OutboundURL
        do throws(URLFault) { url = try OutboundURL(tokenURL) } catch {
            throw .misconfigured("The token_url is a web address. \(error.sentence)")
        }
        guard url.scheme == .https || Self.isThisMachine(url.host) else {
            throw .misconfigured("The token_url begins with https, unless it is on this machine (127.0.0.1 or ::1).")
        }
        return url
    }

    private static func isThisMachine(_ host: OutboundHost) -> Bool {
        guard case .address(let address) = host else { return false }
        return ["127.0.0.0/8", "::1/128"].contains { NetworkRange($0)?.contains(address) == true }
    }

    /// What is asked, in the form of section 4.4.2 or 6. The client's secret goes with it (section 2.3.1).
    func form(refreshToken: Secret?) -> [UInt8] {
        var fields = [("client_id", clientID)]
        if let refreshToken {
            fields += [("grant_type", "refresh_token"), ("refresh_token", refreshToken.reveal())]
        } else {
            fields.append(("grant_type", "client_credentials"))
        }
        if let clientSecret { fields.append(("client_secret", clientSecret.reveal())) }
        if let scope { fields.append(("scope", scope)) }
        return Array(fields.map { "\($0)=\(Self.encoded($1))" }.joined(separator: "&").utf8)
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || "-._~".utf8.contains(byte)
            return isPlain ? String(decoding: [byte], as: UTF8.self) : "%" + Hex.encode([byte]).uppercased()
        }.joined()
    }

    /// The same settings have the same; nothing can be read out of it.
    var digest: [UInt8] {
        var hash = SHA256()
        for text in [tokenURL, clientID, clientSecret?.reveal() ?? "", refreshToken?.reveal() ?? "", scope ?? ""] {
            hash.update(data: Array("\(text.utf8.count):\(text)".utf8))
        }
        return Array(hash.finalize())
    }
}
