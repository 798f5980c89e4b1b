import HTTPTypes
import Kit
import Outbound

/// What an S3 server refused, and what that means (the error responses of the Amazon S3 API Reference).
struct S3Refusal: Sendable {
    let status: Int
    let headers: HTTPFields
    /// The `Code` of the answer; empty when there is none, or none that is a word.
    let code: String
    /// The `Region` of the answer or of its header.
    let region: String?

    static let bytesMax = 64 << 10

    init(status: Int, headers: HTTPFields, body: [UInt8]) {
        self.status = status
        self.headers = headers
        let texts = Self.texts(of: body)
        code = texts["Code"].flatMap { S3Text.isKey($0) ? $0 : nil } ?? ""
        let named = HTTPField.Name("x-amz-bucket-region").flatMap { headers[$0] } ?? texts["Region"]
        region = named.flatMap { S3Text.isPlain($0) ? $0 : nil }
    }

    /// The children of the root; what is no XML gives none.
    private static func texts(of body: [UInt8]) -> [String: String] {
        var reader = XMLPullReader(body)
        var texts: [String: String] = [:]
        var path: [String] = []
        while let event = try? reader.next() {
            switch event {
            case .start(let name): path.append(name)
            case .text(let text): if path.count == 2 { texts[path[1], default: ""] += text }
            case .end: path.removeLast()
            }
        }
        return texts
    }

    func failure(at now: Timestamp) -> SourceFailure {
        if (300...399).contains(status) || code == "AuthorizationHeaderMalformed" && region != nil { return elsewhere }
        switch code {
        case "RequestTimeTooSkewed": return .misconfigured(clock(now))
        case "InvalidAccessKeyId", "InvalidSecurity": return .unauthorised("The access key is not known there.")
        case "SignatureDoesNotMatch":
            return .unauthorised("The secret key does not fit the access key, or the region is another.")
        case "ExpiredToken", "InvalidToken", "TokenRefreshRequired":
            return .unauthorised("The session token is not valid any more.")
        case "NoSuchBucket": return .misconfigured("There is no bucket of this name.")
        case "NoSuchKey", "NoSuchVersion": return .gone
        case "PreconditionFailed": return .changed
        case "InvalidObjectState": return .poison(.archived)
        case "SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "OperationAborted":
            return .retryable(after: nil, "The store is busy (\(code)).")
        default: return byStatus
        }
    }

    private var byStatus: SourceFailure {
        switch status {
        case 401: .unauthorised("The store wants credentials (status 401).")
        case 403:
            .forbidden(
                "The credentials do not suffice (status 403). They must list the bucket and read objects.")
        case 404, 410: .gone
        case 412: .changed
        case 500...: .retryable(after: nil, "The store failed (status \(status)).")
        default: .misbehaved("The store refused the request (status \(status)).")
        }
    }

    /// Followed nowhere: a signature is for one host and region.
    private var elsewhere: SourceFailure {
        let place = region.map { "It is in the region \($0)." } ?? "Check region, endpoint and style of address."
        return .misconfigured("The bucket is not served at this endpoint and region. \(place)")
    }

    private func clock(_ now: Timestamp) -> String {
        guard let theirs = headers[.date].flatMap(SourceDate.fixed) else {
            return "The clock of this machine differs too much from the store's. Set it by NTP."
        }
        let seconds = (now - theirs).components.seconds
        let way = seconds < 0 ? "behind" : "ahead of"
        return "The clock of this machine is \(abs(seconds)) seconds \(way) the store's. Set it by NTP."
    }
}
