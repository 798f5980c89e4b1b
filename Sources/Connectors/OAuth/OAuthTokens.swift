import HTTPTypes
import Kit
import Outbound
import Synchronization

/// Access tokens that are still good, of all sources of a process. They are in memory only.
package final class TokenCache: Sendable {
    struct Kept: Sendable {
        let token: Secret
        let until: Timestamp
        /// The endpoint may have replaced it with the token.
        let refreshToken: Secret?
    }

    private static let countMax = 1000

    private let kept = Mutex<[[UInt8]: Kept]>([:])

    package init() {}

    func token(_ digest: [UInt8]) -> Kept? { kept.withLock { $0[digest] } }

    func keep(_ token: Kept, _ digest: [UInt8], at now: Timestamp) {
        kept.withLock { kept in
            if kept.count >= Self.countMax { kept = kept.filter { $0.value.until > now } }
            if kept.count < Self.countMax || kept[digest] != nil { kept[digest] = token }
        }
    }
}

/// Gets access tokens from a token endpoint.
struct OAuthClient: Sendable {
    private let settings: OAuthSettings
    private let url: OutboundURL
    private let client: RetryingClient
    private let cache: TokenCache
    private let clock: WallClock

    private static let answerBytesMax = 256 << 10
    private static let tokenBytesMax = 32 << 10
    /// A token that ends sooner is not begun with.
    private static let margin = Duration.seconds(60)
    private static let lifetimeDefault = 300
    private static let lifetimeMax = 86_400

    init(
        _ settings: OAuthSettings, client: RetryingClient, cache: TokenCache, clock: WallClock
    ) throws(SourceFailure) {
        try settings.validate()
        self.settings = settings
        url = try settings.url()
        self.client = client
        self.cache = cache
        self.clock = clock
    }

    /// One that is good for a while; another than `rejected`, which a server did not take.
    func token(otherThan rejected: Secret? = nil) async throws -> Secret {
        let kept = cache.token(settings.digest)
        if let kept, kept.until > clock.now() + Self.margin, kept.token.reveal() != rejected?.reveal() {
            return kept.token
        }
        let answer = try await ask(kept?.refreshToken ?? settings.refreshToken)
        let lifetime = min(max(0, answer.lifetime ?? Self.lifetimeDefault), Self.lifetimeMax)
        let now = clock.now()
        let token = Secret(answer.token)
        let renewed = answer.refreshToken.map { Secret($0) } ?? kept?.refreshToken
        cache.keep(
            .init(token: token, until: now + .seconds(lifetime), refreshToken: renewed), settings.digest, at: now)
        return token
    }

    private func ask(_ refreshToken: Secret?) async throws -> TokenAnswer {
        var request = OutboundRequest(.post, url)
        request.redirectsMax = 0
        request.headers[.contentType] = "application/x-www-form-urlencoded"
        request.headers[.accept] = "application/json"
        request.body = settings.form(refreshToken: refreshToken)
        request.limits.total = .seconds(60)
        request.limits.bodyBytesMax = Self.answerBytesMax
        let (status, bytes) = try await client.asking(request) { answer in
            (answer.status, try await answer.body.bytes(upTo: Self.answerBytesMax))
        }
        guard let bytes else { throw SourceFailure.misbehaved("The token endpoint's answer is too large.") }
        guard status == 200 else { throw Self.refusal(status, bytes) }
        let answer = try JSONForm.decode(TokenAnswer.self, bytes)
        guard answer.isBearer, (1...Self.tokenBytesMax).contains(answer.token.utf8.count),
            answer.token.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { throw SourceFailure.misbehaved("The token endpoint gave no bearer token.") }
        return answer
    }

    /// Section 5.2; only words that are known there have a meaning.
    private static func refusal(_ status: Int, _ bytes: [UInt8]) -> SourceFailure {
        guard status < 500 else { return .retryable(after: nil, "The token endpoint failed (status \(status)).") }
        switch (try? JSONForm.decode(TokenRefusal.self, bytes))?.error {
        case "invalid_client", "unauthorized_client":
            return .unauthorised("The token endpoint does not accept the client id and its secret.")
        case "invalid_grant":
            return .unauthorised("The refresh token has ended or was taken back. Get a new one and set it here.")
        case "invalid_scope": return .misconfigured("The token endpoint does not know the scope, or does not give it.")
        case "unsupported_grant_type":
            return .misconfigured("The token endpoint does not give tokens this way. It may want a refresh_token.")
        default: return .unauthorised("The token endpoint gives no token (status \(status)).")
        }
    }
}

/// RFC 6749 section 5.1.
private struct TokenAnswer: Decodable, Sendable {
    let token: String
    let isBearer: Bool
    /// Seconds. Some servers write it as text.
    let lifetime: Int?
    let refreshToken: String?

    private enum CodingKeys: String, CodingKey {
        case token = "access_token"
        case type = "token_type"
        case lifetime = "expires_in"
        case refreshToken = "refresh_token"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        token = try container.decode(String.self, forKey: .token)
        isBearer = try container.decode(String.self, forKey: .type).lowercased() == "bearer"
        lifetime =
            (try? container.decodeIfPresent(Int.self, forKey: .lifetime))
            ?? (try? container.decodeIfPresent(String.self, forKey: .lifetime)).flatMap { Int($0) }
        refreshToken = try container.decodeIfPresent(String.self, forKey: .refreshToken)
    }
}

private struct TokenRefusal: Decodable {
    let error: String
}
