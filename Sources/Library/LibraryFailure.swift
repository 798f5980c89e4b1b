import Documents
import Kit

/// What the library refuses or fails at. `IngestFailure` is about one document's content and is shown beside it.
package enum LibraryFailure: Error, Equatable {
    /// Unknown, of another tenant, or hidden from this reader: deliberately one case.
    case notFound
    case nameTaken
    case badPath(reason: String)
    case badName
    /// The file is of no kind that is read, or protected; nothing of it was stored.
    case unreadable(ParseFailure)
    case empty
    case tooLarge(bytes: Int, bytesMax: Int)
    /// The label is above the writer's own clearance.
    case labelAboveClearance
    case collectionNotEmpty
    /// Tags or dates that cannot be; in words.
    case badFiling(String)
    /// No way to cut documents; in words.
    case badChunking(String)
    /// A source brings documents into the collection.
    case collectionFed
    /// A source brought the document; it is moved, replaced and deleted there.
    case belongsToSource
    /// The cursor is not the `next` of a page of this listing.
    case badCursor
    /// Nobody has to decide about the document, or not about this version of it.
    case notWaiting
    /// Two uploads to one path met three times in a row.
    case busy
    /// The page cannot be painted.
    case noPicture(ParseFailure)
    /// Too many people look at pages at this moment.
    case painterBusy
}

/// Why a document could not be made ready.
package enum IngestFailure: Error, Equatable, Sendable {
    /// Something about the file itself.
    case unreadable(ParseFailure)
    case originalMissing
    case originalCorrupt
    case rightsLost
    case tooManyChunks
    /// The job was cancelled, or failed as often as it may.
    case givenUp
    /// A person looked at it and refused it.
    case rejected

    /// Stored and shown; holds no content.
    package var code: String {
        switch self {
        case .unreadable(let failure): failure.rawValue
        case .originalMissing: "original_missing"
        case .originalCorrupt: "original_corrupt"
        case .rightsLost: "rights_lost"
        case .tooManyChunks: "too_many_chunks"
        case .givenUp: "given_up"
        case .rejected: "rejected"
        }
    }

    private static let own: [IngestFailure] = [
        .originalMissing, .originalCorrupt, .rightsLost, .tooManyChunks, .givenUp, .rejected,
    ]

    package init?(code: String) {
        let known = ParseFailure(rawValue: code).map { .unreadable($0) } ?? Self.own.first { $0.code == code }
        guard let known else { return nil }
        self = known
    }

    /// A sentence for the person who uploaded the document: what is wrong and what to do.
    package var sentence: String {
        switch self {
        case .unreadable(let failure): failure.sentence
        case .originalMissing: "The stored original is missing. Upload the file again."
        case .originalCorrupt: "The stored original does not match its checksum. Upload the file again."
        case .rightsLost: "Whoever uploaded this may no longer write here. Ask an administrator, then upload it again."
        case .tooManyChunks: "The text is too long for one document. Split it and upload the parts."
        case .givenUp: "Reading this file was cancelled or failed too often. Retry its job, or upload it again."
        case .rejected: "Whoever looks after this collection refused this version. Ask them what to change."
        }
    }
}
