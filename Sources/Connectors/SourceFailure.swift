import Kit

/// Why a source could not be read. Sentences name hosts, folders and settings, never content, keys or secrets.
package enum SourceFailure: Error, Hashable {
    /// It may pass by itself; `after` is what the source asked for.
    case retryable(after: Duration?, String)
    /// The credentials are not accepted.
    case unauthorised(String)
    /// The credentials are accepted and do not suffice.
    case forbidden(String)
    /// The item is not there any more.
    case gone
    /// The item is another version than the one that was asked for. List again.
    case changed
    /// This one item cannot be taken in; others can.
    case poison(PoisonReason)
    /// A setting must be changed first.
    case misconfigured(String)
    /// The source does not keep to its protocol.
    case misbehaved(String)
    /// Begin a full listing.
    case cursorExpired
    case limit(SourceLimit)

    /// For the person who set the source up.
    package var sentence: String {
        switch self {
        case .retryable(_, let sentence), .unauthorised(let sentence), .forbidden(let sentence),
            .misconfigured(let sentence), .misbehaved(let sentence):
            sentence
        case .gone: "The item is not there any more."
        case .changed: "The item changed while it was read. The next run reads the new version."
        case .poison(let reason): reason.sentence
        case .cursorExpired: "The place to go on from is no longer valid. A full listing begins."
        case .limit(let limit): limit.sentence
        }
    }
}

/// Why one item was passed over.
package enum PoisonReason: Hashable, Sendable {
    case tooLarge(bytesMax: Int)
    case pathTooLong
    case tooDeep(depthMax: Int)
    /// Not UTF-8, control characters, or segments that no address can hold.
    case badName
    case unreadable
    case permissionsUnreadable
    /// The source refuses this item.
    case refused(status: Int)
    /// It may work next time.
    case unavailable
    /// Kept by the source where reading needs an order and hours first.
    case archived
    /// The way to it is not allowed or not safe: another host, a broken certificate, a redirect.
    case blocked
    /// Robots' rules of the site.
    case notForRobots
    /// On another host than the list that names it.
    case elsewhere
    /// A mapping finds nothing usable in it.
    case misshapen(pointer: String)
    /// A link or another repository.
    case notAFile
    /// Stands for bytes on another server (Git LFS).
    case pointer

    /// Whether another attempt at the same version may succeed.
    package var mayPass: Bool {
        switch self {
        case .unavailable, .refused, .unreadable, .permissionsUnreadable, .blocked: true
        case .tooLarge, .pathTooLong, .tooDeep, .badName, .archived, .notForRobots, .elsewhere, .notAFile, .pointer,
            .misshapen:
            false
        }
    }

    package var sentence: String {
        switch self {
        case .tooLarge(let bytesMax): "It is larger than \(bytesMax) bytes."
        case .pathTooLong: "Its path is too long."
        case .tooDeep(let depthMax): "It lies more than \(depthMax) folders deep."
        case .badName: "Its name cannot be used. Rename it with ordinary characters."
        case .unreadable: "It cannot be read with the rights of this source."
        case .permissionsUnreadable: "Its permissions cannot be read, so nobody may see it."
        case .refused(let status): "The source refuses it (status \(status))."
        case .unavailable: "The source could not give it this time."
        case .archived: "It is archived. Restore it at the source first."
        case .blocked: "The way to it is not allowed, or not safe."
        case .notForRobots: "The site's robots.txt asks programs to leave it out."
        case .elsewhere: "The list that names it belongs to another host."
        case .notAFile: "It is a link or another repository, not a file."
        case .pointer: "It is a pointer of Git LFS. Its bytes lie on another server, which is not read."
        case .misshapen(let pointer): "It has nothing usable at \"\(pointer)\". Check the mapping."
        }
    }
}

/// A bound that was met. The whole listing fails, because a shortened one would delete the rest.
package enum SourceLimit: Hashable, Sendable {
    case items(Int)
    case entriesInFolder(Int)
    case listBytes(Int)
    case lists(Int)

    package var sentence: String {
        switch self {
        case .items(let max): "The source has more than \(max) items. Narrow it, or raise the limit."
        case .entriesInFolder(let max): "A folder has more than \(max) entries."
        case .listBytes(let max): "A list of the source is larger than \(max) bytes."
        case .lists(let max): "The source has more than \(max) lists."
        }
    }
}
