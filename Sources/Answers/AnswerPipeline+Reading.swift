import Documents
import Kit
import Library
import Storage

// Showing an answer: everything is read again, with the rights that the reader has now.
extension AnswerPipeline {
    /// An answer of this person, or of a conversation that was shared with them.
    package func answer(_ id: AnswerID, for principal: Principal) async throws -> Answer {
        let found = try await database.read { [self] connection -> Answer? in
            guard let answer = try store.answer(id, tenant: principal.tenant, in: connection),
                try conversations.isOpen(answer.conversation, to: principal, in: connection)
            else { return nil }
            return answer
        }
        guard let found else { throw AnswerFailure.notFound }
        return found
    }

    /// The same, where a run that nobody goes on with any more counts as broken off.
    func settled(_ id: AnswerID, for principal: Principal) async throws -> Answer {
        let answer = try await answer(id, for: principal)
        let isDead = runs.version(of: id) == nil && clock.now() - answer.created >= settings.writingTimeMax
        return answer.state == .writing && isDead ? answer.abandoned : answer
    }

    /// The answer as soon as it has more than `count` sentences or is at its end.
    package func progress(
        of id: AnswerID, beyond count: Int, for principal: Principal
    ) async throws -> Answer {
        while true {
            try Task.checkCancellation()
            let seen = runs.version(of: id)
            let answer = try await answer(id, for: principal)
            guard answer.state == .writing, answer.sentences.count <= count else { return answer }
            if let seen {
                await runs.wait(for: id, beyond: seen)
            } else {
                // Another node writes it, or did until it died.
                guard clock.now() - answer.created < settings.writingTimeMax else { return answer.abandoned }
                try await clock.sleep(.milliseconds(250))
            }
        }
    }

    /// One sentence with its evidence, or nil when this reader may no longer see some of it or it is gone.
    package func shown(
        _ sentence: Answer.Sentence, at ordinal: Int, of answer: Answer, for principal: Principal
    ) async throws -> ShownSentence? {
        var citations: [Citation] = []
        var scopes: [KeyScope] = []
        for quote in sentence.quotes {
            guard let source = try await source(of: quote.place, for: principal),
                let citation = Citation(quote, in: source, contextBytes: settings.contextBytes)
            else { return nil }
            citations.append(citation)
            let scope = KeyScope.document(principal.tenant, source.document.collection, quote.place.document)
            if !scopes.contains(scope) { scopes.append(scope) }
        }
        guard let first = citations.first else { return nil }
        guard let sealed = sentence.sealedText else {
            return ShownSentence(text: first.quote, kind: sentence.kind, citations: citations)
        }
        guard let text = try store.open(sealed, of: answer.id, ordinal: ordinal, under: scopes) else { return nil }
        return ShownSentence(text: text, kind: sentence.kind, citations: citations)
    }

    /// The evidence of one quote, or nil when this reader may no longer see it or it is gone.
    package func citation(_ quote: Answer.Quote, for principal: Principal) async throws -> Citation? {
        guard let source = try await source(of: quote.place, for: principal) else { return nil }
        return Citation(quote, in: source, contextBytes: settings.contextBytes)
    }

    /// What came nearest to a declined question, as far as this reader may see it now.
    package func nearest(of answer: Answer, for principal: Principal) async throws -> [Citation] {
        guard answer.isDeclined else { return [] }
        var found: [Citation] = []
        for (index, place) in answer.nearest.enumerated() {
            let quote = Answer.Quote(place: place, number: index + 1)
            if let citation = try await citation(quote, for: principal) { found.append(citation) }
        }
        return found
    }

    func source(of place: Answer.Place, for principal: Principal) async throws -> DocumentText? {
        do {
            return try await library.text(of: place.document, version: place.version, for: principal)
        } catch LibraryFailure.notFound {
            return nil
        }
    }
}

/// A sentence that its reader may see, with its evidence.
package struct ShownSentence: Sendable {
    package let text: String
    package let kind: Answer.Sentence.Kind
    package let citations: [Citation]
}

extension Answer {
    /// Of a process that ended while it wrote.
    fileprivate var abandoned: Answer {
        var answer = self
        answer.state = .failed
        return answer
    }
}

extension Citation {
    /// Nil when the span does not fit the text: a defect, never shown as evidence.
    init?(_ quote: Answer.Quote, in source: DocumentText, contextBytes: Int) {
        let (text, place) = (source.text, quote.place)
        guard place.start < place.end, place.end <= text.count else { return nil }
        self.init(
            number: quote.number, document: place.document, version: place.version,
            title: source.document.title ?? source.document.path, path: source.document.path,
            heading: source.layout.headings(at: place.start), start: place.start, end: place.end,
            page: source.layout.page(at: place.start),
            quote: String(decoding: text[place.start..<place.end], as: UTF8.self),
            before: String(
                decoding: text[wholeCharacter(text, place.start - contextBytes)..<place.start], as: UTF8.self),
            after: String(decoding: text[place.end..<wholeCharacter(text, place.end + contextBytes)], as: UTF8.self),
            parser: source.parser, hash: Hex.encode(source.hash))
    }
}

/// The nearest offset at or above `offset` where a UTF-8 character begins, kept inside `text`.
private func wholeCharacter(_ text: [UInt8], _ offset: Int) -> Int {
    var offset = min(max(offset, 0), text.count)
    while offset < text.count, text[offset] & 0xc0 == 0x80 { offset += 1 }
    return offset
}
