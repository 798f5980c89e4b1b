import Crypto
import Foundation
import Kit
import TestKit

@testable import Connectors
@testable import TestConnectors

/// A new bucket of an object store that others wrote; `scripts/s3-peers` runs them. It is filled by curl, whose
/// requests the connector's own signer signs and the store checks.
struct PeerBucket: SourceWorld {
    enum Peer: String, CaseIterable, Sendable {
        case moto, swift

        /// Address, access key and secret key; nil where it does not run.
        var place: [String]? {
            let name = "CLOISTER_TEST_S3_\(rawValue.uppercased())"
            let words = ProcessInfo.processInfo.environment[name]?.split(separator: " ").map(String.init)
            return words?.count == 3 ? words : nil
        }

        static var running: [Peer] { allCases.filter { $0.place != nil } }
    }

    struct Refused: Error { let answer: String }

    static let region = "eu-central-1"
    static let curl = "/usr/bin/curl"

    let peer: Peer
    let place: [String]
    let bucket = "b-" + Hex.encode(Randomness.system.bytes(8))

    static func run<Result>(_ peer: Peer, _ body: (PeerBucket) async throws -> Result) async throws -> Result {
        guard let place = peer.place else { throw Refused(answer: "\(peer) does not run") }
        let world = PeerBucket(peer: peer, place: place)
        let here = "<CreateBucketConfiguration><LocationConstraint>\(region)</LocationConstraint>"
        try world.send("PUT", "/\(world.bucket)", body: Array("\(here)</CreateBucketConfiguration>".utf8))
        return try await body(world)
    }

    func put(_ name: String, _ bytes: [UInt8]) throws { try send("PUT", path(name), body: bytes) }
    func remove(_ name: String) throws { try send("DELETE", path(name)) }
    func key(_ name: String) -> ExactText { ExactText(name) }

    private func path(_ key: String) -> String { "/\(bucket)/\(S3Text.encoded(key))" }

    /// One object of the bytes `x` for each name, over one connection.
    func putAll(_ names: [String]) throws {
        let requests = names.map { name in
            let lines = headers("PUT", path(name), "", Array("x".utf8)).map { "header = \"\($0)\"" }
            return (["url = \"\(place[0])\(path(name))\"", "request = PUT", "data-binary = x", "fail"] + lines)
                .joined(separator: "\n")
        }
        let reply = ChildProcess.run(
            Self.curl, ["-s", "-K", "-"], input: Array(requests.joined(separator: "\nnext\n").utf8))
        guard reply?.code == 0 else { throw Refused(answer: "\(names.count) objects") }
    }

    /// An object of two parts; its tag is no hash of its bytes.
    func putParts(_ name: String, _ parts: [[UInt8]]) throws {
        let begun = try send("POST", path(name), query: "uploads=")
        guard let upload = begun.firstMatch(of: #/<UploadId>([^<]+)</#).map({ S3Text.encoded(String($0.1)) }) else {
            throw Refused(answer: begun)
        }
        var list = ""
        for (index, part) in parts.enumerated() {
            let query = "partNumber=\(index + 1)&uploadId=\(upload)"
            let reply = try send("PUT", path(name), query: query, body: part)
            let tag = reply.firstMatch(of: #/(?i)etag: *"?([0-9a-f]+)/#).map { String($0.1) } ?? ""
            list += "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\"\(tag)\"</ETag></Part>"
        }
        let whole = "<CompleteMultipartUpload>\(list)</CompleteMultipartUpload>"
        let reply = try send("POST", path(name), query: "uploadId=\(upload)", body: Array(whole.utf8))
        guard reply.contains("<CompleteMultipartUploadResult") else { throw Refused(answer: reply) }
    }

    func keepVersions() throws {
        let wanted = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        try send("PUT", "/\(bucket)", query: "versioning=", body: Array(wanted.utf8))
    }

    /// Head and body of the answer. Throws for any status but 2xx.
    @discardableResult
    private func send(_ method: String, _ path: String, query: String = "", body: [UInt8] = []) throws -> String {
        let url = place[0] + path + (query.isEmpty ? "" : "?" + query)
        var arguments = ["-s", "-i", "-X", method, "--path-as-is", "--data-binary", "@-", url]
        for header in headers(method, path, query, body) { arguments += ["-H", header] }
        let reply = ChildProcess.run(Self.curl, arguments, input: body)
        let text = String(decoding: reply?.output ?? [], as: UTF8.self)
        guard reply?.code == 0, text.contains(#/^HTTP/1.1 2\d\d/#) else { throw Refused(answer: text) }
        return text
    }

    private func headers(_ method: String, _ path: String, _ query: String, _ body: [UInt8]) -> [String] {
        let hash = Hex.encode(SHA256.hash(data: body))
        let now = WallClock.system.now()
        let headers = [("x-amz-content-sha256", hash), ("x-amz-date", SignatureV4.stamp(now))]
        let host = String(place[0].dropFirst("http://".count))
        let message = SignatureV4.Message(
            method: method, path: path, query: query, headers: [("host", host)] + headers, bodyHash: hash)
        let signer = SignatureV4(credentials: credentials, region: Self.region, service: "s3")
        return headers.map { "\($0.0): \($0.1)" }
            + ["Content-Type: text/plain", "Expect:", "Authorization: \(signer.authorization(message, at: now))"]
    }

    var credentials: S3Credentials { S3Credentials(accessKey: place[1], secretKey: Secret(place[2])) }

    var settings: S3Settings {
        var settings = S3Settings(endpoint: place[0], bucket: bucket, region: Self.region, style: .path)
        settings.credentials = credentials
        settings.permissions = .only([.group("staff")])
        return settings
    }

    func connector(pageItemsMax: Int) throws -> any Connector {
        var settings = settings
        settings.limits.pageItemsMax = pageItemsMax
        return try connector(settings)
    }

    func otherConnector() throws -> any Connector {
        var other = settings
        other.prefixes = ["other/"]
        return try connector(other)
    }

    func connector(_ settings: S3Settings, clock: WallClock = .system) throws -> S3Connector {
        try S3Connector(settings, client: try TestClient.make([place[0]]), clock: clock)
    }
}
