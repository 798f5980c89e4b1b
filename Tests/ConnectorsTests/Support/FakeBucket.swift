import Crypto
import Kit
import Synchronization
import TestKit

@testable import Connectors
@testable import TestConnectors

/// A loopback fake of an object store, written from the rules of the Amazon S3 API Reference: ListObjectsV2 with
/// continuation tokens, prefixes and `encoding-type=url`, GetObject with `If-Match`, and their error answers. It
/// computes each signature anew from the request as it arrived.
final class FakeBucket: SourceWorld {
    static let credentials = S3Credentials(
        accessKey: "AKIDEXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))

    struct Object: Sendable {
        var bytes: [UInt8]
        var storageClass = "STANDARD"
        var listedSize: Int?

        var tag: String { "\"\(Hex.encode(SHA256.hash(data: bytes)).prefix(32))\"" }
    }

    struct State: Sendable {
        var objects: [ExactText: Object] = [:]
        var pageMax = 1000
        var isPublic = false
        /// Said instead of the truth, if not nil.
        var override: (@Sendable (TestRequest) -> TestAnswer?)?
        var signatureFailures = 0
    }

    let state = Mutex(State())
    private let time: VirtualClock?
    private let server = Mutex<LoopbackServer?>(nil)
    private let style: S3Settings.Style

    private init(_ style: S3Settings.Style, _ time: VirtualClock?) {
        self.style = style
        self.time = time
    }

    static func run<Result>(
        style: S3Settings.Style = .path, time: VirtualClock? = nil,
        _ body: (FakeBucket, LoopbackServer) async throws -> Result
    ) async throws -> Result {
        let bucket = FakeBucket(style, time)
        return try await LoopbackServer.run {
            bucket.answer($0)
        } body: { server in
            bucket.server.withLock { $0 = server }
            defer { bucket.server.withLock { $0 = nil } }
            return try await body(bucket, server)
        }
    }

    func put(_ name: String, _ bytes: [UInt8]) { state.withLock { $0.objects[ExactText(name)] = Object(bytes: bytes) } }
    func remove(_ name: String) { state.withLock { $0.objects[ExactText(name)] = nil } }
    func key(_ name: String) -> ExactText { ExactText(name) }

    var settings: S3Settings {
        let port = server.withLock { $0?.port ?? 0 }
        let host = style == .path ? "127.0.0.1" : "s3.test"
        var settings = S3Settings(
            endpoint: "http://\(host):\(port)", bucket: "archive", region: "us-east-1", style: style)
        settings.credentials = Self.credentials
        settings.permissions = .only([.group("staff")])
        return settings
    }

    /// The page size is the store's choice, not ours.
    func connector(pageItemsMax: Int) throws -> any Connector {
        state.withLock { $0.pageMax = pageItemsMax }
        return try connector(settings)
    }

    func otherConnector() throws -> any Connector {
        var other = settings
        other.prefixes = ["other/"]
        return try connector(other)
    }

    func connector(_ settings: S3Settings) throws -> S3Connector {
        guard let server = server.withLock({ $0 }) else { throw TooManyPages() }
        let clock = time?.clock ?? .system
        return try S3Connector(settings, client: try server.client(clock: clock), clock: clock)
    }

    private func answer(_ request: TestRequest) -> TestAnswer {
        let state = state.withLock { $0 }
        if let answer = state.override?(request) { return answer }
        let root = style == .path ? "/archive" : "/"
        guard state.isPublic || isSigned(request) else { return Self.refusal(403, "SignatureDoesNotMatch") }
        if request.path == root { return list(request, state) }
        let start = style == .path ? "/archive/" : "/"
        guard request.path.hasPrefix(start) else { return Self.refusal(404, "NoSuchBucket") }
        let key = ExactText(percentDecoded(String(request.path.dropFirst(start.count))))
        guard let object = state.objects[key] else { return Self.refusal(404, "NoSuchKey") }
        if let wanted = request.header("if-match"), wanted != object.tag {
            return Self.refusal(412, "PreconditionFailed")
        }
        return TestAnswer(headers: [("ETag", object.tag), ("Content-Type", "text/plain")], body: object.bytes)
    }

    static func refusal(_ status: Int, _ code: String, _ more: String = "") -> TestAnswer {
        .text("<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>no</Message>\(more)</Error>", status: status)
    }

    private func list(_ request: TestRequest, _ state: State) -> TestAnswer {
        let items = request.items
        guard items["list-type"] == "2", items["encoding-type"] == "url" else {
            return Self.refusal(400, "InvalidArgument")
        }
        let keys = state.objects.keys.filter { $0.text.utf8.starts(with: (items["prefix"] ?? "").utf8) }.sorted()
        let token = items["continuation-token"].map { ExactText(String($0.dropFirst(2))) }
        let rest = keys.filter { key in token.map { $0 < key } ?? true }
        let page = rest.prefix(min(state.pageMax, Int(items["max-keys"] ?? "") ?? 1000))
        let isTruncated = page.count < rest.count
        let entries = page.map { key in
            let object = state.objects[key] ?? Object(bytes: [])
            return "<Contents><Key>\(Self.formEncoded(key.text))</Key><LastModified>2026-03-01T12:00:00.000Z"
                + "</LastModified><ETag>\(object.tag.replacing("\"", with: "&quot;"))</ETag>"
                + "<Size>\(object.listedSize ?? object.bytes.count)</Size>"
                + "<StorageClass>\(object.storageClass)</StorageClass></Contents>"
        }
        let next = page.last.map {
            isTruncated ? "<NextContinuationToken>t/\(Self.escaped($0.text))</NextContinuationToken>" : ""
        }
        return .text(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + "<Name>archive</Name><EncodingType>url</EncodingType><IsTruncated>\(isTruncated)</IsTruncated>"
                + (next ?? "") + entries.joined() + "</ListBucketResult>", [("Content-Type", "application/xml")])
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { ["&", "<", ">"].contains($0) || $0.value < 32 ? "&#\($0.value);" : "\($0)" }.joined()
    }

    /// As Java's URLEncoder does it, with slashes left.
    private static func formEncoded(_ text: String) -> String {
        S3Text.encoded(text).replacing("%20", with: "+").replacing("~", with: "%7E")
    }

    private func isSigned(_ request: TestRequest) -> Bool {
        guard let given = request.header("authorization"), let stamp = request.header("x-amz-date"),
            let start = given.range(of: "SignedHeaders="), let end = given[start.upperBound...].firstIndex(of: ","),
            let time = SourceDate.stamp(Self.dashed(stamp))
        else { return false }
        let names = given[start.upperBound..<end].split(separator: ";").map(String.init)
        let signer = SignatureV4(credentials: Self.credentials, region: "us-east-1", service: "s3")
        let message = SignatureV4.Message(
            method: request.method, path: request.path, query: request.query,
            headers: names.map { ($0, request.header($0) ?? "") }, bodyHash: SignatureV4.emptyBodyHash)
        let isGood = names.contains("host") && signer.authorization(message, at: time) == given
        if !isGood { state.withLock { $0.signatureFailures += 1 } }
        return isGood
    }

    /// `20150830T123600Z` with dashes and colons.
    private static func dashed(_ stamp: String) -> String {
        let all = Array(stamp)
        guard all.count == 16 else { return "" }
        let parts = [0..<4, 4..<6, 6..<8, 9..<11, 11..<13, 13..<15].map { String(all[$0]) }
        return "\(parts[0])-\(parts[1])-\(parts[2])T\(parts[3]):\(parts[4]):\(parts[5])Z"
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<Index>? { ranges(of: text).first }
}
