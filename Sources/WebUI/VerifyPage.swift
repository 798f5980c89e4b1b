import Crypto
import Foundation

/// The page that checks proofs: one file without anything beside it, so that it can be kept and opened from a disk.
///
/// Its parts lie under `verify/`; style and scripts are put into the page, and its content policy, in the page itself
/// and in the reply alike, names their hashes and allows nothing else, no network among it (W3C CSP 3, section 2.3.1).
struct VerifyPage {
    /// In the order in which they are put together.
    static let parts = ["frame.js", "bytes.js", "places.js", "meaning.js", "page.js"]

    let asset: WebAsset
    /// For the reply; the page's own has no `frame-ancestors`, which is not allowed there.
    let policy: String

    /// Nil when a part is missing.
    init?(_ source: AssetSource) {
        let texts = (["verify.html", "verify.css"] + Self.parts).map { name in
            source.asset(at: "verify/" + name).map { String(decoding: $0.bytes, as: UTF8.self) }
        }
        let found = texts.compactMap(\.self)
        guard found.count == texts.count else { return nil }
        let style = "\n" + found[1]
        let script = "\n" + found.dropFirst(2).joined(separator: "\n")
        let own = [
            "default-src 'none'", "script-src \(Self.source(script))", "style-src \(Self.source(style))",
            "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
        ].joined(separator: "; ")
        let page = found[0].replacing("content=\"\"", with: "content=\"\(own)\"")
            .replacing("<style></style>", with: "<style>\(style)</style>")
            .replacing("<script></script>", with: "<script>\(script)</script>")
        guard let asset = WebAsset(path: "verify.html", bytes: Array(page.utf8)) else { return nil }
        self.asset = asset
        policy = own + "; frame-ancestors 'none'"
    }

    /// Of an inline element with exactly this text.
    private static func source(_ text: String) -> String {
        "'sha256-\(Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString())'"
    }
}
