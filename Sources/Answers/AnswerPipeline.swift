import AuditTrail
import Documents
import Kit
import Library
import Storage

/// Question -> passages -> quoted sentences -> kept and audited -> shown.
///
/// The answer and its audit entry are one durable transaction before the first byte leaves (DESIGN 7.10). What is
/// shown is always read back through the rights of the moment, the first time too: live stream, resumed stream and a
/// later look are the same code.
package final class AnswerPipeline: Sendable {
    let database: any Database
    let store: AnswerStore
    let audit: AuditTrail
    let library: DocumentLibrary
    let settings: AnswerSettings
    let clock: WallClock
    let randomness: Randomness

    package init(
        database: any Database, sealer: any Sealer, audit: AuditTrail, library: DocumentLibrary,
        settings: AnswerSettings, clock: WallClock, randomness: Randomness
    ) {
        self.database = database
        store = AnswerStore(sealer: sealer)
        self.audit = audit
        self.library = library
        self.settings = settings
        self.clock = clock
        self.randomness = randomness
    }

    package func ask(
        _ question: String, in collections: Set<CollectionID>?, by principal: Principal, request: RequestID?
    ) async throws -> Answer {
        try check(question)
        let began = clock.now()
        let found = try await library.asking(question, for: principal) { asked in
            let query = asked.query(limit: settings.passagesMax, collections: collections)
            let (sequence, passages) = try await library.passages(query, for: principal)
            return (sequence, try await reader(by: asked).select(asked.vector, from: passages))
        }
        guard let (sequence, selections) = found else { throw AnswerFailure.emptyQuestion }
        let answer = Answer(
            id: randomness.identifier(), subject: principal.subject, question: question, sequence: sequence,
            quotes: Self.quotes(selections),
            elapsedMilliseconds: Int((clock.now() - began).wholeMicroseconds / 1000), created: clock.now())
        try await keep(answer, by: principal, request)
        return answer
    }

    /// Sentences are compared with the question, so the same encoder reads both.
    func reader(by asked: AskedQuestion) -> ExtractiveReader {
        ExtractiveReader(encoder: asked.encoder, settings: settings)
    }

    /// An earlier answer of this person.
    package func answer(_ id: AnswerID, for principal: Principal) async throws -> Answer {
        let found = try await database.read { [store] in try store.answer(id, for: principal, in: $0) }
        guard let found else { throw AnswerFailure.notFound }
        return found
    }

    /// The evidence of one quote, or nil when this reader may no longer see it or it is gone.
    package func citation(_ quote: Answer.Quote, for principal: Principal) async throws -> Citation? {
        do {
            let source = try await library.text(of: quote.document, version: quote.version, for: principal)
            return Citation(quote, in: source, contextBytes: settings.contextBytes)
        } catch LibraryFailure.notFound {
            return nil
        }
    }

    private func check(_ question: String) throws(AnswerFailure) {
        guard question.contains(where: { !$0.isWhitespace }) else { throw .emptyQuestion }
        guard question.count <= settings.questionCharactersMax else {
            throw .questionTooLong(charactersMax: settings.questionCharactersMax)
        }
    }

    private static func quotes(_ selections: [Selection]) -> [Answer.Quote] {
        selections.enumerated().map { index, selection in
            Answer.Quote(
                document: selection.document, version: selection.version, start: selection.range.lowerBound,
                end: selection.range.upperBound, number: index + 1)
        }
    }

    private func keep(_ answer: Answer, by principal: Principal, _ request: RequestID?) async throws {
        try await database.write(.tenant(principal.tenant)) { [store, audit] tx in
            try store.insert(answer, for: principal, in: tx)
            let facts = [
                "quotes": String(answer.quotes.count), "declined": String(answer.isDeclined),
                "documents": Set(answer.quotes.map(\.document.description)).sorted().joined(separator: " "),
            ]
            let entry = AuditEntry(
                action: "answers.ask", subject: principal.subject, resource: answer.id.description, outcome: .allowed,
                request: request, classification: nil, facts: facts)
            try audit.append(entry, in: tx)
        }
    }
}

extension Citation {
    /// Nil when the span does not fit the text: a defect, never shown as evidence.
    init?(_ quote: Answer.Quote, in source: DocumentText, contextBytes: Int) {
        let text = source.text
        guard quote.start < quote.end, quote.end <= text.count else { return nil }
        self.init(
            number: quote.number, document: quote.document, version: quote.version,
            title: source.document.title ?? source.document.path, path: source.document.path,
            heading: source.layout.headings(at: quote.start), start: quote.start, end: quote.end,
            page: source.layout.page(at: quote.start),
            quote: String(decoding: text[quote.start..<quote.end], as: UTF8.self),
            before: String(
                decoding: text[wholeCharacter(text, quote.start - contextBytes)..<quote.start], as: UTF8.self),
            after: String(decoding: text[quote.end..<wholeCharacter(text, quote.end + contextBytes)], as: UTF8.self),
            parser: source.parser, hash: Hex.encode(source.hash))
    }
}

/// The nearest offset at or above `offset` where a UTF-8 character begins, kept inside `text`.
private func wholeCharacter(_ text: [UInt8], _ offset: Int) -> Int {
    var offset = min(max(offset, 0), text.count)
    while offset < text.count, text[offset] & 0xc0 == 0x80 { offset += 1 }
    return offset
}
