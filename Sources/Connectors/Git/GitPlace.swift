import Kit
import Outbound

/// What a cursor of Git says: a commit, what its branch is called, and which of its files comes next; 0 when all of
/// them were listed.
struct GitPlace: Hashable, Sendable {
    /// Nil: there were no commits.
    let commit: ObjectID?
    /// Empty: it has no name.
    let branch: String
    let start: Int

    init(_ head: GitRepository.Head, _ start: Int) {
        commit = head.commit
        branch = head.branch ?? ""
        self.start = start
    }

    init(_ cursor: SourceCursor, _ form: CursorForm) throws(SourceFailure) {
        let fields = try form.fields(of: cursor, count: 3)
        start = try fields[2].number()
        commit = ObjectID(hex: fields[0].text)
        branch = fields[1].text
        guard commit != nil || fields[0].text.isEmpty && start == 0 else { throw .cursorExpired }
    }

    var head: GitRepository.Head { GitRepository.Head(commit: commit, branch: branch.isEmpty ? nil : branch) }

    func cursor(_ form: CursorForm) throws(SourceFailure) -> SourceCursor {
        try form.cursor([ExactText(commit?.hex ?? ""), ExactText(branch), ExactText(start)])
    }
}

/// Files of Git LFS ("Git LFS Specification", "The Pointer"): what the repository holds is a note of where they are.
enum GitPointer {
    private static let bytesMax = 1024

    static func isOne(_ content: [UInt8]) -> Bool {
        content.count < bytesMax && content.starts(with: "version https://git-lfs.github.com/spec/".utf8)
    }
}

/// Where people read a file in a browser, for hosts whose addresses are known.
struct GitWeb: Sendable {
    private let base: String
    private let middle: String

    private static let middles = [
        "github.com": "/blob/", "gitlab.com": "/-/blob/", "bitbucket.org": "/src/", "codeberg.org": "/src/branch/",
    ]

    init?(_ address: GitAddress) {
        let (place, path) =
            switch address {
            case .web(let url): (url.origin, url.path)
            case .ssh(let address): (address.origin, address.path)
            }
        guard case .name(let host) = place.host, let middle = Self.middles[host] else { return nil }
        let plain = (path.hasPrefix("/") ? "" : "/") + (path.hasSuffix(".git") ? String(path.dropLast(4)) : path)
        base = (place.scheme == .ssh ? "https://\(host)" : "\(place)") + plain
        self.middle = middle
    }

    func address(of path: String, branch: String) -> String {
        base + middle + S3Text.encoded(branch) + "/" + S3Text.encoded(path)
    }
}
