import HTTPKit

/// Why there is no answer at all. A declined question is an answer: "not in your documents".
package enum AnswerFailure: Error, Equatable {
    /// Unknown, of another tenant or of another person.
    case notFound
    case emptyQuestion
    case questionTooLong(charactersMax: Int)
    /// A model was asked for and none is configured.
    case noModel
    case conversationFull(turnsMax: Int)
    case badTitle
    case tooManyReaders(readersMax: Int)
    case commentTooLong(charactersMax: Int)
}

extension AnswerFailure: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .notFound: .notFound("answers.not_found")
        case .emptyQuestion: .invalid("question", "Ask something.")
        case .questionTooLong(let charactersMax): .invalid("question", "At most \(charactersMax) characters.")
        case .noModel: .invalid("answerer", "No model is configured: set answers.model.url, or ask the reader.")
        case .conversationFull(let turnsMax):
            .invalid("conversation", "It has \(turnsMax) questions already; begin a new one.")
        case .badTitle: .invalid("title", "1 to 160 characters.")
        case .tooManyReaders(let readersMax): .invalid("readers", "At most \(readersMax) people.")
        case .commentTooLong(let charactersMax): .invalid("comment", "At most \(charactersMax) characters.")
        }
    }
}
