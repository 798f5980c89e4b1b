import Foundation
import Kit
import Outbound

/// A Confluence site, of Atlassian's cloud or of one's own.
package struct ConfluenceSettings: Sendable {
    package enum Edition: String, Sendable, CaseIterable {
        case cloud, datacenter
    }

    /// `https://example.atlassian.net`, `https://wiki.example/confluence`.
    package var url: String
    package var edition: Edition
    /// Of the account that reads; cloud only.
    package var email: String?
    /// An API token of that account (cloud), or a personal access token.
    package var token: Secret
    /// Keys; none: all that the account sees.
    package var spaces: [String] = []
    package var includesArchived = false
    package var readsAttachments = true
    package var readsComments = true
    /// For this source alone; the site may be asked more by others.
    package var requestsPerMinute = 400
    /// So often everything is listed, because restrictions, moves and deletions leave no mark in what changed.
    package var fullEvery = Duration.seconds(300)
    package var limits = SourceLimits()

    package static let spacesMax = 500
    /// What the vendor gives at most with expansions; with a body it is 50.
    static let batchMax = 200

    package init(url: String, edition: Edition, email: String? = nil, token: Secret) {
        self.url = url
        self.edition = edition
        self.email = email
        self.token = token
        limits.pageItemsMax = Self.batchMax
    }

    /// Throws `.misconfigured`.
    package func validate() throws(SourceFailure) {
        _ = try base()
        guard Self.isOneWord(token.reveal()) else { throw .misconfigured("The token is one word.") }
        guard (edition == .cloud) == (email != nil) else {
            throw .misconfigured("The cloud wants the e-mail address of the account; Data Center wants none.")
        }
        guard email.map({ Self.isOneWord($0) && !$0.contains(":") }) ?? true else {
            throw .misconfigured("The e-mail address is one word without a colon.")
        }
        guard spaces.count <= Self.spacesMax, spaces.allSatisfy(Self.isSpaceKey) else {
            throw .misconfigured("Spaces are at most \(Self.spacesMax) keys, such as HR or ~jdoe.")
        }
        guard requestsPerMinute > 0 else { throw .misconfigured("At least one request per minute is needed.") }
        try limits.validate()
    }

    /// The address under which `rest/api` lies. The cloud's is always `/wiki`.
    func base() throws(SourceFailure) -> OutboundURL {
        do throws(URLFault) {
            let url = try OutboundURL(url)
            guard url.query == nil else { throw URLFault.forbiddenCharacter }
            guard edition == .cloud else { return url }
            guard ["/", "/wiki", "/wiki/"].contains(url.path) else { throw URLFault.forbiddenCharacter }
            return try OutboundURL("\(url.origin)/wiki")
        } catch {
            throw .misconfigured(
                "The address is that of the site, such as https://example.atlassian.net or "
                    + "https://wiki.example/confluence. \(error.sentence)")
        }
    }

    /// The value of `Authorization`: an API token goes with its account's address (basic), a personal one alone.
    var authorization: Secret {
        guard let email else { return Secret("Bearer \(token.reveal())") }
        return Secret("Basic " + Data("\(email):\(token.reveal())".utf8).base64EncodedString())
    }

    /// Whether a space is one of those to be read.
    func names(_ space: String) -> Bool { spaces.isEmpty || spaces.contains { ExactText($0) == ExactText(space) } }

    /// All values that change what is listed, and in which order.
    var forms: [String] {
        [url, edition.rawValue, "\(includesArchived)", "\(readsAttachments)", "\(readsComments)"] + spaces
    }

    /// Written into a query between quotes.
    private static func isSpaceKey(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && !"\"'\\()/%".utf8.contains($0) }
    }

    private static func isOneWord(_ text: String) -> Bool {
        (1...4096).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }
}
