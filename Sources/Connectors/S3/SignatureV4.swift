import Crypto
import HTTPTypes
import Kit
import Outbound

/// The keys of one account. The first half is not secret and stands in every request.
package struct S3Credentials: Sendable {
    package let accessKey: String
    package let secretKey: Secret
    /// Of temporary credentials.
    package let sessionToken: Secret?

    package init(accessKey: String, secretKey: Secret, sessionToken: Secret? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
    }
}

/// Signs requests by AWS Signature Version 4 ("Authenticating Requests: Using the Authorization Header" of the Amazon
/// S3 API Reference). Pure: the time is given.
struct SignatureV4: Sendable {
    /// What is signed, each part in the form in which it goes over the wire.
    struct Message: Sendable {
        var method: String
        /// Percent-encoded once, as S3 wants it.
        var path: String
        /// Percent-encoded, without the `?`.
        var query: String
        var headers: [(name: String, value: String)]
        /// Lower-case hexadecimal SHA-256 of the body.
        var bodyHash: String
    }

    static let emptyBodyHash = Hex.encode(SHA256.hash(data: [UInt8]()))
    private static let algorithm = "AWS4-HMAC-SHA256"

    let credentials: S3Credentials
    let region: String
    let service: String

    /// The value of `Authorization`. Every header of `message` is signed.
    func authorization(_ message: Message, at time: Timestamp) -> String {
        let scope = "\(Self.stamp(time).prefix(8))/\(region)/\(service)/aws4_request"
        let names = Self.canonicalHeaders(message).map(\.name).joined(separator: ";")
        let signature = signature(of: Self.canonical(message), scope, time)
        return "\(Self.algorithm) Credential=\(credentials.accessKey)/\(scope), SignedHeaders=\(names), "
            + "Signature=\(signature)"
    }

    /// The headers that make a GET of `url` a signed one, `extra` among them.
    func headers(get url: OutboundURL, extra: [(name: String, value: String)], at time: Timestamp) -> HTTPFields {
        var headers = extra
        headers.append(("x-amz-content-sha256", Self.emptyBodyHash))
        headers.append(("x-amz-date", Self.stamp(time)))
        if let token = credentials.sessionToken { headers.append(("x-amz-security-token", token.reveal())) }
        let message = Message(
            method: "GET", path: url.path, query: url.query ?? "",
            headers: [("host", url.origin.authority)] + headers, bodyHash: Self.emptyBodyHash)
        return HTTPFields(headers + [("authorization", authorization(message, at: time))])
    }

    /// `20150830T123600Z`.
    static func stamp(_ time: Timestamp) -> String {
        time.text.split(separator: ".")[0].filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// The canonical request.
    static func canonical(_ message: Message) -> String {
        let headers = canonicalHeaders(message)
        let lines = headers.map { "\($0.name):\($0.value)\n" }.joined()
        let names = headers.map(\.name).joined(separator: ";")
        return [message.method, message.path, canonicalQuery(message.query), lines, names, message.bodyHash]
            .joined(separator: "\n")
    }

    private static func canonicalQuery(_ query: String) -> String {
        let pairs = query.split(separator: "&").map { $0.contains("=") ? String($0) : "\($0)=" }
        let split = pairs.map { pair in
            let equals = pair.firstIndex(of: "=") ?? pair.endIndex
            return (name: ExactText(String(pair[..<equals])), value: ExactText(String(pair[equals...])))
        }
        return split.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            .map { $0.name.text + $0.value.text }.joined(separator: "&")
    }

    /// Names in lower case and in order, values without outer and double spaces; of one name all values.
    private static func canonicalHeaders(_ message: Message) -> [(name: String, value: String)] {
        var values: [ExactText: [String]] = [:]
        for (name, value) in message.headers {
            values[ExactText(name.lowercased()), default: []].append(
                value.split(separator: " ").joined(separator: " "))
        }
        return values.sorted { $0.key < $1.key }.map { ($0.key.text, $0.value.joined(separator: ",")) }
    }

    private func signature(of canonical: String, _ scope: String, _ time: Timestamp) -> String {
        let hash = Hex.encode(SHA256.hash(data: Array(canonical.utf8)))
        let text = [Self.algorithm, Self.stamp(time), scope, hash].joined(separator: "\n")
        var key = SymmetricKey(data: Array("AWS4\(credentials.secretKey.reveal())".utf8))
        for part in scope.split(separator: "/") { key = SymmetricKey(data: Self.code(String(part), key)) }
        return Hex.encode(Self.code(text, key))
    }

    private static func code(_ text: String, _ key: SymmetricKey) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }
}

extension HTTPFields {
    fileprivate init(_ pairs: [(name: String, value: String)]) {
        self.init()
        for (name, value) in pairs {
            guard let name = HTTPField.Name(name) else { continue }
            append(HTTPField(name: name, value: value))
        }
    }
}
