/// Why there is no answer at all. A declined question is an answer: "not in your documents".
package enum AnswerFailure: Error, Equatable {
    /// Unknown, of another tenant or of another person.
    case notFound
    case emptyQuestion
    case questionTooLong(charactersMax: Int)
    /// A model was asked for and none is configured.
    case noModel
    /// As many answers are being written as this process writes at once.
    case busy
    case conversationFull(turnsMax: Int)
    case badTitle
    case tooManyReaders(readersMax: Int)
    case commentTooLong(charactersMax: Int)
    /// It is still being written.
    case notFinished
    /// A document behind it was deleted, or is hidden from this reader: deliberately one case.
    case evidenceGone
    case unknownFormat
}
