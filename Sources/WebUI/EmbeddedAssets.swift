import CWebAssets
import Crypto
import Kit

/// The application as it was compiled into this binary.
///
/// Its addresses carry a fingerprint of the whole application, `/assets/v-2f6c.../js/main.js`. Modules import each
/// other
/// by relative address, so one new page takes only new files, and a file may be cached for ever.
struct EmbeddedAssets: Sendable {
    let assets: [String: WebAsset]
    /// `v-` and 16 hexadecimal digits; changes with any byte of any file.
    let fingerprint: String

    init() {
        let all = (0..<cwa_asset_count()).compactMap { Self.asset(at: $0) }
        let fingerprint = Self.fingerprint(of: all)
        self.fingerprint = fingerprint
        assets = Dictionary(all.map { ($0.path, $0.page(at: fingerprint)) }, uniquingKeysWith: { first, _ in first })
    }

    private static func asset(at index: Int) -> WebAsset? {
        guard let entry = cwa_asset_at(index)?.pointee else { return nil }
        let bytes = [UInt8](UnsafeBufferPointer(start: entry.bytes, count: entry.length))
        return WebAsset(path: String(cString: entry.path), bytes: bytes)
    }

    private static func fingerprint(of assets: [WebAsset]) -> String {
        var hash = SHA256()
        for asset in assets { hash.update(data: Array("\(asset.path)\n\(asset.hash)\n".utf8)) }
        return "v-" + Hex.encode(hash.finalize().prefix(8))
    }

    /// True for what has the form of a fingerprint, of this binary or of another node's.
    static func isFingerprint(_ segment: Substring) -> Bool {
        segment.hasPrefix("v-") && segment.utf8.count == 18 && Hex.decode(String(segment.dropFirst(2))) != nil
    }
}

extension WebAsset {
    /// A page with its addresses under `fingerprint`; any other file unchanged.
    fileprivate func page(at fingerprint: String) -> WebAsset {
        guard path.hasSuffix(".html") else { return self }
        let text = String(decoding: bytes, as: UTF8.self)
        let moved = text.split(separator: "\"/assets/", omittingEmptySubsequences: false)
            .joined(separator: "\"/assets/\(fingerprint)/")
        // The path, and with it the kind of file, is the same: it cannot be refused.
        return WebAsset(path: path, bytes: Array(moved.utf8)) ?? self
    }
}
