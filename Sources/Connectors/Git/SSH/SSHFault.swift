import Outbound

/// Why ssh brought no answer. Holds nothing of what it or the server wrote but a fingerprint.
enum SSHFault: Error, Hashable {
    case notInstalled
    case notStarted
    /// The server's user has no entry in the list of accounts.
    case noAccount
    /// Nobody accepted the connection.
    case unreachable
    case timedOut
    case lost
    /// The server has another key than those that are declared.
    case hostKey(fingerprint: String?)
    /// It has none of the kinds that are declared.
    case hostKeyKind
    case refused(user: String)
    case keyUnreadable
    /// There is no Git at the server, or the account may not start it.
    case noGit
    case noRepository
    case failed

    func failure(_ origin: OutboundOrigin) -> SourceFailure {
        switch self {
        case .notInstalled:
            .misconfigured("OpenSSH's program ssh is not installed here. Install the Debian package openssh-client.")
        case .notStarted: .retryable(after: nil, "The program ssh could not be started.")
        case .noAccount: .misconfigured("The program ssh runs only for users that stand in /etc/passwd.")
        case .unreachable: SourceFailure(.unreachable(origin))
        case .timedOut: .retryable(after: nil, "\(origin) took too long to answer.")
        case .lost: SourceFailure(.connectionLost(origin))
        case .hostKey(let fingerprint):
            .misconfigured(
                "The server has another host key than is set here"
                    + (fingerprint.map { ": its key is \($0). " } ?? ". ")
                    + "Ask its administrator which key it has. Until that is known, nothing is sent there.")
        case .hostKeyKind: .misconfigured("The server has no host key of the kind that is set here.")
        case .refused(let user): .unauthorised("The server does not accept the private key for the user \(user).")
        case .keyUnreadable: .misconfigured("The program ssh cannot use the private key.")
        case .noGit: .misconfigured("The account at the SSH server cannot start git-upload-pack.")
        case .noRepository:
            .misconfigured("There is no repository at this path, or the key may not read it.")
        case .failed: .misbehaved("The SSH server ended the conversation with an error.")
        }
    }

    /// The step of a test that ends with it.
    var step: ConnectionReport.Step.Kind {
        switch self {
        case .notInstalled, .notStarted, .noAccount: .settings
        case .unreachable, .timedOut, .lost: .connection
        case .hostKey, .hostKeyKind: .certificate
        case .refused, .keyUnreadable: .credentials
        case .noGit, .noRepository, .failed: .listing
        }
    }

    /// What ssh's end means. It exits with the far command's code, or with 255 for trouble of its own (ssh(1), "EXIT
    /// STATUS"), which only its words tell apart. The far side can write the same words; then it has only itself to
    /// blame for a wrong sentence.
    init(exitCode: Int32, words: String, user: String) {
        func says(_ parts: String...) -> Bool { parts.contains { words.contains($0) } }
        switch exitCode {
        case 255 where says("Host key verification failed"):
            self = .hostKey(fingerprint: Self.fingerprint(in: words))
        case 255 where says("no matching host key type"): self = .hostKeyKind
        case 255 where says("Permission denied ("): self = .refused(user: user)
        case 255 where says("invalid format", "error in libcrypto", "UNPROTECTED PRIVATE KEY"): self = .keyUnreadable
        case 255 where says("No user exists for uid"): self = .noAccount
        case 255 where says("connect to host"): self = .unreachable
        case 255 where says("timed out", "not responding"): self = .timedOut
        case 255: self = .lost
        case 126, 127: self = .noGit
        case 1, 128: self = .noRepository
        default: self = .failed
        }
    }

    /// `SHA256:` and 43 characters of base64; nothing else of the words is ever shown.
    private static func fingerprint(in words: String) -> String? {
        guard let start = words.range(of: "SHA256:") else { return nil }
        let hash = words[start.upperBound...].utf8.prefix(43)
        let isHash = hash.count == 43 && Base64.decode(hash)?.count == 32
        return isHash ? "SHA256:" + String(decoding: hash, as: UTF8.self) : nil
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<Index>? { ranges(of: text).first }
}
