import Kit
import Outbound

/// A kind of source that the product can read: how it is called, what it must be told, how it is made.
package struct ConnectorKind: Sendable {
    /// `confluence`; stored, so it never changes.
    package let name: String
    /// `Confluence`, for people.
    package let title: String
    /// One sentence: what is read.
    package let summary: String
    package let options: [OptionDeclaration]
    /// Whether its documents come with permissions. Where they do not, the rule of their collection alone counts.
    package let statesPermissions: Bool
    /// Throws `.misconfigured`. Connects to nothing.
    package let make: @Sendable (SourceOptions, ConnectorTools) throws(SourceFailure) -> any Connector

    package init(
        name: String, title: String, summary: String, statesPermissions: Bool, options: [OptionDeclaration],
        make: @escaping @Sendable (SourceOptions, ConnectorTools) throws(SourceFailure) -> any Connector
    ) {
        self.name = name
        self.title = title
        self.summary = summary
        self.statesPermissions = statesPermissions
        self.options = options + [.hookSecret]
        self.make = make
    }

    /// In the order in which people are offered them.
    package static let all: [ConnectorKind] = [
        .folder, .web, .s3, .git, .webdav, .confluence, .mail, .rest,
    ]
}

/// What connectors work with, the same for all sources of a process.
package struct ConnectorTools: Sendable {
    package let client: RetryingClient
    /// Folders that the operator opened; a source lies in one of them (ATT-24).
    package let folders: [String]
    package let clock: WallClock
    let tokens = TokenCache()

    package init(client: RetryingClient, folders: [String], clock: WallClock) {
        self.client = client
        self.folders = folders
        self.clock = clock
    }
}
