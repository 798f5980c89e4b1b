import HTTPTypes
import Kit
import Outbound

extension SourceFailure {
    /// What a failure of the way out means for a source.
    init(_ failure: OutboundFailure) {
        switch failure {
        case .busy(_, _, let retryAfter): self = .retryable(after: retryAfter, failure.sentence)
        case .paced(_, let wait): self = .retryable(after: wait, failure.sentence)
        case .unresolvable, .unreachable, .timedOut, .connectionLost:
            self = .retryable(after: nil, failure.sentence)
        case .hostNotAllowed, .addressNotAllowed, .untrusted, .fieldNotAllowed, .authoritiesUnreadable, .redirect:
            self = .misconfigured(failure.sentence)
        case .bodyTooLarge(_, let bytesMax): self = .poison(.tooLarge(bytesMax: bytesMax))
        case .malformedAnswer, .compressed, .notEncrypted: self = .misbehaved(failure.sentence)
        }
    }
}

extension RetryingClient {
    /// As `send`, with failures of the way in a source's words.
    func asking<Result: Sendable>(
        _ request: OutboundRequest, _ receive: @escaping @Sendable (OutboundResponse) async throws -> Result
    ) async throws -> Result {
        do {
            return try await send(request, receive: receive)
        } catch let failure as OutboundFailure {
            throw SourceFailure(failure)
        }
    }
}

extension OutboundBody {
    /// All of it, or nil as soon as it is more than `bytesMax`.
    func bytes(upTo bytesMax: Int) async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        for try await chunk in self {
            guard chunk.count <= bytesMax - bytes.count else { return nil }
            bytes += chunk
        }
        return bytes
    }
}

extension HTTPFields {
    /// The type of `Content-Type` in lower case, without parameters; nil when it is none (RFC 9110 section 8.3.1).
    var mediaType: String? { self[.contentType].flatMap(MediaType.plain) }
}

enum MediaType {
    /// `text/html` of `Text/HTML; charset=utf-8`; nil when it is none.
    static func plain(_ value: String) -> String? {
        guard let type = value.split(separator: ";").first else { return nil }
        let plain = type.lowercased().filter { $0 != " " }
        let isType = plain.utf8.count <= 127 && plain.split(separator: "/", omittingEmptySubsequences: false).count == 2
        return isType && plain.utf8.allSatisfy { (0x21...0x7e).contains($0) } ? plain : nil
    }
}
