import Crypto
import Kit

/// One file of the browser application.
struct WebAsset: Sendable, Equatable {
    /// Relative to the application's root, `js/main.js`.
    let path: String
    let bytes: [UInt8]
    let contentType: String
    /// SHA-256 of the bytes, hexadecimal: the strong entity tag.
    let hash: String

    /// Nil for a kind of file that the application does not consist of.
    init?(path: String, bytes: [UInt8]) {
        guard let contentType = Self.contentType(of: path) else { return nil }
        self.path = path
        self.bytes = bytes
        self.contentType = contentType
        hash = Hex.encode(SHA256.hash(data: bytes))
    }

    static func contentType(of path: String) -> String? {
        guard let dot = path.lastIndex(of: ".") else { return nil }
        return contentTypes[String(path[path.index(after: dot)...])]
    }

    private static let contentTypes = [
        "html": "text/html; charset=utf-8",
        "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
        "png": "image/png",
        "woff2": "font/woff2",
    ]
}
