/// Where the application's files come from.
enum AssetSource: Sendable {
    case embedded(EmbeddedAssets)
    case directory(DirectoryHandle)

    /// The file with this exact path, or nil.
    func asset(at path: String) -> WebAsset? {
        switch self {
        case .embedded(let embedded): embedded.assets[path]
        case .directory(let directory): directory.contents(of: path).flatMap { WebAsset(path: path, bytes: $0) }
        }
    }

    /// The file behind `/assets/`, whose path may begin with a fingerprint, and how long it may be kept. Another
    /// node's fingerprint, seen while an upgrade rolls through a cluster, gets our file but may not be kept.
    func addressed(_ path: String) -> (WebAsset, CacheRule)? {
        let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, EmbeddedAssets.isFingerprint(parts[0]) else {
            return asset(at: path).map { ($0, .revalidate) }
        }
        return asset(at: String(parts[1])).map { ($0, isCurrent(parts[0]) ? .forever : .revalidate) }
    }

    private func isCurrent(_ fingerprint: Substring) -> Bool {
        guard case .embedded(let embedded) = self else { return false }
        return embedded.fingerprint == fingerprint
    }
}
