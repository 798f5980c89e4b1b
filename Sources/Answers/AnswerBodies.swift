import Kit

struct QuestionBody: Codable, Sendable {
    let question: String
    let collections: [CollectionID]?
    /// Of you; without one, a new one begins.
    let conversation: ConversationID?
    /// The answer that this question follows. An earlier one begins a branch.
    let parent: AnswerID?
    /// Without it, the model where one is configured, else the built-in reader.
    let answerer: AnswererChoice?
}

struct StartedBody: Codable, Sendable {
    let answer: AnswerID
    let conversation: ConversationID
    let sequence: Int64
    let answerer: String

    init(_ answer: Answer) {
        self.answer = answer.id
        conversation = answer.conversation
        sequence = answer.sequence
        answerer = answer.answerer
    }
}

struct SentenceBody: Codable, Sendable {
    let index: Int
    let text: String
    /// `quoted`: verbatim from the source. `supported`: its numbers, names, dates, units and negations are in the
    /// cited places, and a measured threshold is passed.
    let kind: String
    let citations: [Int]

    init(index: Int, _ shown: ShownSentence) {
        self.index = index
        text = shown.text
        kind = shown.kind.rawValue
        citations = shown.citations.map(\.number)
    }
}

struct WithdrawnBody: Codable, Sendable {
    let index: Int
}

struct DeclinedBody: Codable, Sendable {
    static let reason = "not_in_documents"

    let answer: AnswerID
    let reason: String
    let message: String
    /// Sentences that a model wrote and that nothing supports.
    let withheld: Int
    /// What came nearest, of what you may read.
    let nearest: [Citation]
    let trace: AnswerTrace

    init(_ answer: Answer, nearest: [Citation]) {
        self.answer = answer.id
        reason = Self.reason
        message = "Not in your documents: nothing you may read answers this."
        withheld = answer.withheld
        self.nearest = nearest
        trace = answer.trace
    }
}

struct FailedBody: Codable, Sendable {
    let answer: AnswerID
    let message: String

    init(_ answer: Answer) {
        self.answer = answer.id
        message = "The model did not answer to the end. What you see was checked; ask again for the rest."
    }
}

struct FinishedBody: Codable, Sendable {
    let answer: AnswerID
    let sentences: Int
    let withheld: Int
    let elapsedMilliseconds: Int
    let trace: AnswerTrace

    init(_ answer: Answer) {
        self.answer = answer.id
        sentences = answer.sentences.count
        withheld = answer.withheld
        elapsedMilliseconds = answer.elapsedMilliseconds
        trace = answer.trace
    }
}

package struct AnswerBody: Codable, Sendable {
    let answer: AnswerID
    let conversation: ConversationID
    let parent: AnswerID?
    let question: String
    let sequence: Int64
    let answerer: String
    let state: Answer.State
    /// `not_in_documents` when nothing answers the question.
    let declined: String?
    let sentences: [SentenceBody]
    let citations: [Citation]
    /// Where there is no answer: what came nearest, of what you may read.
    let nearest: [Citation]
    /// Sentences whose evidence this reader may no longer see.
    let withdrawn: Int
    /// Sentences that nothing supports.
    let withheld: Int
    let elapsedMilliseconds: Int
    let created: Timestamp
    let trace: AnswerTrace

    init(_ answer: Answer, _ shown: [(Int, ShownSentence)], nearest: [Citation]) {
        self.answer = answer.id
        conversation = answer.conversation
        parent = answer.parent
        question = answer.question
        sequence = answer.sequence
        answerer = answer.answerer
        state = answer.state
        declined = answer.isDeclined ? DeclinedBody.reason : nil
        sentences = shown.map { SentenceBody(index: $0, $1) }
        var seen: Set<Int> = []
        citations = shown.flatMap(\.1.citations).filter { seen.insert($0.number).inserted }
        self.nearest = nearest
        withdrawn = answer.sentences.count - shown.count
        withheld = answer.withheld
        elapsedMilliseconds = answer.elapsedMilliseconds
        created = answer.created
        trace = answer.trace
    }
}

struct SuggestionsBody: Codable, Sendable {
    let items: [SuggestionBody]
}

struct SuggestionBody: Codable, Sendable {
    let question: String
    let document: DocumentID
    let title: String
    let quote: String

    init(_ suggestion: Suggestion) {
        question = suggestion.question
        document = suggestion.document
        title = suggestion.title
        quote = suggestion.quote
    }
}
