import Kit
import Outbound

/// A mailbox that is read by IMAP (RFC 3501): an archive, a team's address, an account made for the purpose.
package struct MailSettings: Sendable {
    package enum Security: String, Sendable, CaseIterable {
        /// From the first byte (RFC 8314 section 3).
        case tls
        /// Agreed upon in the clear (RFC 3501 section 6.2.1).
        case starttls
        /// Only on this machine: for a proxy that encrypts.
        case none
    }

    /// A name or an address, without a scheme.
    package var host: String
    /// Nil: 993 with `tls`, else 143.
    package var port: Int?
    package var security = Security.tls
    package var user: String
    /// Empty where `oauth` says how tokens are had.
    package var password: Secret
    package var oauth: OAuthSettings?
    /// Patterns for the paths of folders, such as `Archive/**`.
    package var include: [String] = []
    package var exclude: [String] = []
    /// Rights of mailboxes (RFC 4314) are not read. Required.
    package var permissions: ConfiguredPermissions?
    package var limits = SourceLimits()

    package init(host: String, user: String, password: Secret = Secret("")) {
        self.host = host
        self.user = user
        self.password = password
    }

    /// Throws `.misconfigured`.
    package func validate() throws(SourceFailure) {
        let origin = try origin()
        _ = try PathSelection(include: include, exclude: exclude)
        guard permissions != nil else {
            throw .misconfigured("Say who may read these messages: a mailbox states no permissions.")
        }
        guard security != .none || Self.isThisMachine(origin.host) else {
            throw .misconfigured("Without encryption a password goes to this machine only (127.0.0.1 or ::1).")
        }
        try oauth?.validate()
        guard oauth == nil || password.reveal().isEmpty else {
            throw .misconfigured("Set a password or a token_url, not both.")
        }
        for text in [user] + (oauth == nil ? [password.reveal()] : []) {
            guard (1...1024).contains(text.utf8.count), !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
                throw .misconfigured("User and password are one line each, not empty.")
            }
        }
        try limits.validate()
    }

    /// What the policy must name: `imaps://host` with `tls`, else `imap://host`.
    func origin() throws(SourceFailure) -> OutboundOrigin {
        let scheme = security == .tls ? OutboundScheme.imaps : .imap
        guard !host.contains("/"), !host.contains("?"), port != nil || !host.hasSuffix("]:") else {
            throw .misconfigured("The host is a name or an address, without a scheme.")
        }
        do throws(URLFault) {
            return try OutboundOrigin(stream: "\(scheme.rawValue)://\(host)" + (port.map { ":\($0)" } ?? ""))
        } catch {
            throw .misconfigured("The host is a name or an address. \(error.sentence)")
        }
    }

    private static func isThisMachine(_ host: OutboundHost) -> Bool {
        guard case .address(let address) = host else { return false }
        return ["127.0.0.0/8", "::1/128"].contains { NetworkRange($0)?.contains(address) == true }
    }
}
