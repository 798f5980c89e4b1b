import HTTPTypes
import Kit
import Outbound

/// A collection of a WebDAV server (RFC 4918): Nextcloud, SharePoint, Alfresco, Apache, a NAS.
package struct WebDAVSettings: Sendable {
    package enum Credentials: Sendable {
        case basic(user: String, password: Secret)
        case bearer(Secret)
    }

    /// `https://cloud.example/remote.php/dav/files/archive/`; everything beneath it is read, nothing else.
    package var address: String
    package var credentials: Credentials?
    package var include: [String] = []
    package var exclude: [String] = []
    /// Access rules of a server (RFC 3744) are not read. Required.
    package var permissions: ConfiguredPermissions?
    package var limits = SourceLimits()

    package init(address: String) { self.address = address }

    /// Throws `.misconfigured`.
    package func validate() throws(SourceFailure) {
        _ = try base()
        _ = try PathSelection(include: include, exclude: exclude)
        _ = try authorization()
        guard permissions != nil else {
            throw .misconfigured("Say who may read the documents of this server: its own rules are not read.")
        }
        try limits.validate()
    }

    /// The collection, always with a slash at its end.
    func base() throws(SourceFailure) -> OutboundURL {
        do throws(URLFault) {
            let url = try OutboundURL(address)
            guard url.query == nil else { throw URLFault.forbiddenCharacter }
            return url.path.hasSuffix("/") ? url : try OutboundURL(url.text + "/")
        } catch {
            throw .misconfigured("The address is that of a collection, without a query. \(error.sentence)")
        }
    }

    /// The value of `Authorization` (RFC 7617, RFC 6750).
    func authorization() throws(SourceFailure) -> Secret? {
        switch credentials {
        case nil: return nil
        case .bearer(let token):
            guard Self.isToken(token.reveal()) else {
                throw .misconfigured("The token is one word of printable characters.")
            }
            return Secret("Bearer " + token.reveal())
        case .basic(let user, let password):
            guard !user.contains(":"), !user.isEmpty else {
                throw .misconfigured("The user name is not empty and has no colon.")
            }
            return Secret("Basic " + Base64.encode(Array("\(user):\(password.reveal())".utf8)))
        }
    }

    private static func isToken(_ text: String) -> Bool {
        (1...8192).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }
}
