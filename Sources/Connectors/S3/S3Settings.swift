import Kit
import Outbound

/// A bucket of Amazon S3 or of a store that speaks like it.
package struct S3Settings: Sendable {
    package enum Style: String, Sendable, CaseIterable {
        /// `https://host/bucket/key`: most stores of one's own.
        case path
        /// `https://bucket.host/key`: Amazon.
        case virtualHost
    }

    /// `https://s3.eu-central-1.amazonaws.com`, `http://127.0.0.1:9000`.
    package var endpoint: String
    package var bucket: String
    package var region: String
    package var style: Style
    /// Nil: the bucket is read without signing.
    package var credentials: S3Credentials?
    /// Only keys that begin with one of these; none: all.
    package var prefixes: [String] = []
    package var include: [String] = []
    package var exclude: [String] = []
    /// A bucket's own policies are not read. Required.
    package var permissions: ConfiguredPermissions?
    package var limits = SourceLimits()

    package static let prefixesMax = 64

    package init(endpoint: String, bucket: String, region: String, style: Style) {
        self.endpoint = endpoint
        self.bucket = bucket
        self.region = region
        self.style = style
    }

    /// Throws `.misconfigured`.
    package func validate() throws(SourceFailure) {
        _ = try base()
        _ = try PathSelection(include: include, exclude: exclude)
        guard permissions != nil else {
            throw .misconfigured("Say who may read the documents of this bucket: it states no permissions itself.")
        }
        guard S3Text.isPlain(region) else { throw .misconfigured("The region is a word such as eu-central-1.") }
        let ordered = prefixes.map { ExactText($0) }.sorted()
        let overlaps = zip(ordered, ordered.dropFirst()).contains { $1.text.utf8.starts(with: $0.text.utf8) }
        guard prefixes.count <= Self.prefixesMax, !overlaps, prefixes.allSatisfy({ $0.utf8.count <= 1024 }) else {
            throw .misconfigured("Prefixes are at most \(Self.prefixesMax), and none begins with another.")
        }
        guard credentials.map({ S3Text.isAccessKey($0.accessKey) && !$0.secretKey.reveal().isEmpty }) ?? true else {
            throw .misconfigured("The access key is one word, and the secret key is not empty.")
        }
        try limits.validate()
    }

    /// The address of the bucket.
    func base() throws(SourceFailure) -> OutboundURL {
        guard S3Text.isBucket(bucket) else {
            throw .misconfigured("A bucket's name has 3 to 63 letters, digits, dots, hyphens and underscores.")
        }
        do throws(URLFault) {
            let url = try OutboundURL(endpoint)
            guard url.query == nil, url.path == "/" else {
                throw URLFault.badHost
            }
            guard style == .virtualHost else { return try url.appending(bucket) }
            guard case .name(let host) = url.host else { throw URLFault.badHost }
            return try OutboundURL("\(url.scheme.rawValue)://\(bucket).\(host):\(url.port)/")
        } catch {
            throw .misconfigured("The endpoint is an address of a host without a path. \(error.sentence)")
        }
    }
}

enum S3Text {
    static func isBucket(_ text: String) -> Bool {
        (3...63).contains(text.utf8.count) && text.utf8.allSatisfy { isWord($0) || "._-".utf8.contains($0) }
            && text.utf8.first.map(isWord) == true
    }

    /// A region, or what a server says is one before it is shown to anybody.
    static func isPlain(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count) && text.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") }
    }

    static func isKey(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { isWord($0) || "._-".utf8.contains($0) }
    }

    /// Stores of one's own have colons in it: `account:user` of OpenStack Swift.
    static func isAccessKey(_ text: String) -> Bool { isKey(text.filter { $0 != ":" }) && text.utf8.count <= 128 }

    /// Sent back in `If-Match`, so nothing but what an entity tag may hold (RFC 9110 section 8.8.3).
    static func isTag(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }

    /// Everything but `unreserved` of RFC 3986 section 2.3 and the slash.
    static func encoded(_ key: String) -> String {
        key.utf8.map { byte in
            let isPlain = isWord(byte) || "-._~/".utf8.contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + Hex.encode([byte]).uppercased()
        }.joined()
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20)
    }
}
