import Connectors
import Kit

/// What a person decides about a source. Everything in it but the kind is content and sealed.
package struct SourceSettings: Hashable, Sendable, Codable {
    package var name: String
    /// A `ConnectorKind`.
    package var kind: String
    package var options: [String: OptionValue]
    package var collection: CollectionID
    /// Of its documents; the collection's when nil.
    package var label: Classification?
    /// Seconds from the end of one run to the start of the next.
    package var every: Int
    package var people: PeopleSettings

    package static let everyRange = 10...604_800
    package static let everyDefault = 300

    package init(
        name: String, kind: String, options: [String: OptionValue], collection: CollectionID,
        label: Classification? = nil, every: Int = SourceSettings.everyDefault,
        people: PeopleSettings = PeopleSettings()
    ) {
        self.name = name
        self.kind = kind
        self.options = options
        self.collection = collection
        self.label = label
        self.every = every
        self.people = people
    }
}

/// How accounts of a source become people of ours, and whether its permissions count.
package struct PeopleSettings: Hashable, Sendable, Codable {
    package enum Match: String, Sendable, Codable, CaseIterable {
        /// Only those that `accounts` names.
        case none
        /// The account's name is the name that somebody signs in with here.
        case username
        /// The account's e-mail address is the name that somebody signs in with here.
        case email
    }

    /// False: the rule of the collection alone says who may read. For sources that state permissions, an
    /// administrator's decision, which the audit log keeps.
    package var obeysSource: Bool
    package var match: Match
    /// Account id, name or e-mail address there -> name of the user here. It goes before `match`.
    package var accounts: [String: String]
    /// Hours after which permissions that could not be read anew admit nobody.
    package var staleHours: Int

    /// Whether the source itself is asked, each time, before something of a page is shown.
    package var asksSource: Bool

    package static let accountsMax = 10_000
    package static let staleRange = 1...720

    package init(
        obeysSource: Bool = true, match: Match = .email, accounts: [String: String] = [:], staleHours: Int = 24,
        asksSource: Bool = false
    ) {
        self.obeysSource = obeysSource
        self.match = match
        self.accounts = accounts
        self.staleHours = staleHours
        self.asksSource = asksSource
    }
}

package enum SourceState: String, Sendable, Codable, CaseIterable {
    /// Waits for its next run.
    case waiting
    case running
    /// The last run failed; the next one comes by itself.
    case failing
    /// More documents are gone than can be believed: they are hidden, and a person decides.
    case held
    case paused
    /// It and its documents are being deleted.
    case removing
}

/// A source and how it is doing.
package struct SourceRecord: Sendable {
    package let id: SourceID
    package var settings: SourceSettings
    package var state: SourceState
    /// Why the last run failed; a sentence for people.
    package var problem: String?
    /// Failed runs since the last good one.
    package var failures: Int
    /// The token of the chain of runs: a job of another round changes nothing.
    package var round: Int
    /// The number of the listing that is under way or was the last.
    package var listing: Int
    /// It is under way: the next run goes on with it.
    package var isListing = false
    package var cursor: SourceCursor?
    /// When the run began that was the last to reach the end: everything that changed before is here.
    package var currentAt: Timestamp?
    package var startedAt: Timestamp?
    /// When a webhook said that something changed, until a run begins that will see it.
    package var hintedAt: Timestamp?
    /// How many documents the last listing no longer named, while they are held.
    package var heldCount: Int
    /// A person has said that these may go.
    package var isRemovalConfirmed: Bool
    /// How many accounts the source has, and how many of them are somebody here.
    package var accounts = 0
    package var recognised = 0
    package let created: Timestamp

    /// How old what we know of the source may be; nil before the first run ended.
    package func lag(at now: Timestamp) -> Duration? { currentAt.map { now - $0 } }

    /// When a run that a webhook asks for may begin: webhooks in any number ask for one in `gap`.
    func earliest(after gap: Duration) -> Timestamp { (startedAt ?? created) + gap }

    /// Whether what it said about who may read is too old to be obeyed.
    func isStale(at now: Timestamp) -> Bool {
        settings.people.obeysSource && now - (currentAt ?? created) > .seconds(settings.people.staleHours * 3600)
    }
}

/// What is remembered of one document of a source.
struct KnownItem: Sendable {
    let index: [UInt8]
    let item: SourceItem
    let document: DocumentID?
    /// The tag of the bytes that were taken in, and the rights that hold, as blind indexes.
    let tagIndex: [UInt8]
    let rightsIndex: [UInt8]
    /// Why it was not taken in as it is now; a sentence for people.
    let problem: String?
    let attempts: Int
    /// When to try it again; nil: not before it changes.
    let retryAt: Timestamp?
}
