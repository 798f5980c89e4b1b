import Kit

/// What the library refuses or fails at. `IngestFailure` is about one document's content and is shown beside it.
package enum LibraryFailure: Error, Equatable {
    /// Unknown, of another tenant, or hidden from this reader: deliberately one case.
    case notFound
    case nameTaken
    case badPath(reason: String)
    case badName
    case unsupportedType(String)
    case empty
    case tooLarge(bytes: Int, bytesMax: Int)
    /// The label is above the writer's own clearance.
    case labelAboveClearance
    case collectionNotEmpty
    /// The cursor is not the `next` of a page of this listing.
    case badCursor
    /// Two uploads to one path met three times in a row.
    case busy
}

/// Why a document could not be made ready. The raw value is stored and shown; it holds no content.
package enum IngestFailure: String, Error, Equatable, CaseIterable {
    case notUTF8 = "not_utf8"
    case binaryContent = "binary_content"
    case noText = "no_text"
    case originalMissing = "original_missing"
    case originalCorrupt = "original_corrupt"
    case rightsLost = "rights_lost"
    case tooManyChunks = "too_many_chunks"
    /// The job was cancelled, or failed as often as it may.
    case givenUp = "given_up"

    /// A sentence for the person who uploaded the document: what is wrong and what to do.
    package var sentence: String {
        switch self {
        case .notUTF8: "The file is not UTF-8 text. Save it as UTF-8 and upload it again."
        case .binaryContent: "The file holds binary data, not text. Only Markdown and plain text are read."
        case .noText: "There is no text in this file."
        case .originalMissing: "The stored original is missing. Upload the file again."
        case .originalCorrupt: "The stored original does not match its checksum. Upload the file again."
        case .rightsLost: "Whoever uploaded this may no longer write here. Ask an administrator, then upload it again."
        case .tooManyChunks: "The text is too long for one document. Split it and upload the parts."
        case .givenUp: "Reading this file was cancelled or failed too often. Retry its job, or upload it again."
        }
    }
}
