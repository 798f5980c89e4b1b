import Kit
import Outbound

/// A repository that is read over HTTPS or SSH, at the newest commit of one branch.
package struct GitSettings: Sendable {
    /// `https://git.example/team/docs.git`, `ssh://git@git.example/team/docs.git` or `git@git.example:team/docs.git`.
    package var url: String
    /// Or a whole name such as `refs/tags/v1`. Nil: what `HEAD` leads to.
    package var branch: String?
    /// Nil: a word that the hosts take with a token.
    package var username: String?
    package var token: Secret?
    /// For SSH only.
    package var ssh = SSHSettings()
    /// Only what lies in one of these folders; none: all.
    package var folders: [String] = []
    package var include: [String] = []
    package var exclude: [String] = []
    /// Git says nothing about who may read. Required.
    package var permissions: ConfiguredPermissions?
    package var limits = SourceLimits()
    /// Of a pack with the trees of a commit, or with all its files where the server has no filter.
    package var packBytesMax = 256 << 20
    /// Of a pack with several files.
    package var batchBytesMax = 32 << 20
    /// Files that are asked for at once.
    package var batchMax = 256
    /// How long what was fetched ahead is given out without asking whether it is still there.
    package var aheadMax = Duration.seconds(60)

    package static let foldersMax = 64

    package init(url: String, permissions: ConfiguredPermissions?) {
        self.url = url
        self.permissions = permissions
    }

    /// Throws `.misconfigured`.
    package func validate() throws(SourceFailure) {
        try validateWay()
        _ = try PathSelection(include: include, exclude: exclude)
        guard permissions != nil else {
            throw .misconfigured("Say who may read the files of this repository: Git states no permissions.")
        }
        guard branch.map(GitText.isReference) ?? true else {
            throw .misconfigured("The branch is a name such as main or release/2.")
        }
        guard folders.count <= Self.foldersMax, folders.allSatisfy(GitText.isFolder) else {
            throw .misconfigured(
                "Folders are at most \(Self.foldersMax) paths such as docs/guide, without a slash at either end.")
        }
        guard username.map({ GitText.isWord($0) && !$0.contains(":") }) ?? true else {
            throw .misconfigured("The user name has printable characters and no colon.")
        }
        guard token.map({ GitText.isWord($0.reveal()) }) ?? (username == nil) else {
            throw .misconfigured("The token is one line of printable characters. A user name needs one.")
        }
        guard packBytesMax > 0, batchBytesMax > 0, (1...4096).contains(batchMax) else {
            throw .misconfigured("Every limit of a source is at least 1, and 4,096 files are asked for at once.")
        }
        try limits.validate()
    }

    func address() throws(SourceFailure) -> GitAddress { try GitAddress(url) }

    func transport(to address: GitAddress, _ client: RetryingClient) throws(SourceFailure) -> any GitTransport {
        switch address {
        case .web(let base): GitHTTP(base, self, client)
        case .ssh(let address): try GitSSH(address, ssh, client)
        }
    }

    /// A credential that goes nowhere is a mistake that nobody would notice.
    private func validateWay() throws(SourceFailure) {
        switch try address() {
        case .web:
            guard ssh.isEmpty else {
                throw .misconfigured("private_key and host_keys go with an SSH address; this one takes a token.")
            }
        case .ssh:
            guard token == nil, username == nil else {
                throw .misconfigured("An SSH address takes private_key and host_keys, no token and no username.")
            }
            _ = try ssh.keys()
        }
    }

    /// The value of `Authorization`: GitHub, GitLab and Gitea take a token with any user name, Bitbucket's tokens of a
    /// repository want this one ("Using access tokens" of its documentation).
    func authorization(at base: OutboundURL) -> Secret? {
        guard let token else { return nil }
        let isBitbucket = base.host == .name("bitbucket.org")
        let name = username ?? (isBitbucket ? "x-token-auth" : "x-access-token")
        return Secret("Basic " + GitText.base64(Array("\(name):\(token.reveal())".utf8)))
    }
}

enum GitText {
    /// The rules of git-check-ref-format that keep a name from being read as something else.
    static func isReference(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && !text.contains("..") && !text.contains("//") && !text.contains("@{")
            && !text.utf8.contains { $0 <= 0x20 || $0 == 0x7f || "~^:?*[\\".utf8.contains($0) }
            && !["/", ".", "-"].contains { text.hasPrefix($0) } && !["/", ".", ".lock"].contains { text.hasSuffix($0) }
    }

    static func isFolder(_ text: String) -> Bool {
        (1...1024).contains(text.utf8.count)
            && text.split(separator: "/", omittingEmptySubsequences: false)
                .allSatisfy { !["", ".", ".."].contains($0) }
    }

    static func isWord(_ text: String) -> Bool {
        (1...4096).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }

    /// RFC 4648 section 4.
    static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start...].prefix(3)
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0..<4 {
                text.append(index <= group.count ? digits[bits >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
