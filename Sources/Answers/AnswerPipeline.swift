import AuditTrail
import Documents
import Encoder
import Kit
import Library
import Search
import Storage

/// Question -> understood -> passages -> evidence -> sentences -> verified -> kept and audited -> shown.
///
/// The answer and its audit entry are durable before the first byte leaves (DESIGN 7.10). What is shown is always read
/// back through the rights of the moment, the first time too: live stream, resumed stream and a later look are the
/// same code.
package final class AnswerPipeline: Sendable {
    let database: any Database
    let store: AnswerStore
    let conversations: ConversationStore
    let audit: AuditTrail
    let library: DocumentLibrary
    let encoder: Encoder
    let model: ChatModel?
    let verifier: Verifier
    let runs: AnswerRuns
    let settings: AnswerSettings
    let clock: WallClock
    let randomness: Randomness

    package init(
        database: any Database, sealer: any Sealer, audit: AuditTrail, library: DocumentLibrary, encoder: Encoder,
        model: ChatModel? = nil, settings: AnswerSettings, clock: WallClock, randomness: Randomness
    ) {
        self.database = database
        store = AnswerStore(sealer: sealer)
        conversations = ConversationStore(sealer: sealer)
        self.audit = audit
        self.library = library
        self.encoder = encoder
        self.model = model
        verifier = Verifier(encoder: encoder)
        runs = AnswerRuns(clock: clock, grace: settings.graceOfAbandoned, runsMax: settings.runsMax)
        self.settings = settings
        self.clock = clock
        self.randomness = randomness
    }

    /// What a person asks, and where in which conversation.
    package struct Asking: Sendable {
        package var question: String
        /// Nil looks everywhere the reader may.
        package var collections: Set<CollectionID>?
        /// Nil begins one.
        package var conversation: ConversationID?
        /// The turn that it follows; nil where it is the first, or an edited first.
        package var parent: AnswerID?
        package var answerer: AnswererChoice?

        package init(
            _ question: String, in collections: Set<CollectionID>? = nil, conversation: ConversationID? = nil,
            after parent: AnswerID? = nil, by answerer: AnswererChoice? = nil
        ) {
            self.question = question
            self.collections = collections
            self.conversation = conversation
            self.parent = parent
            self.answerer = answerer
        }
    }

    /// With the reader, the whole answer. With a model, its beginning: `progress` tells when there is more.
    package func ask(_ asking: Asking, by principal: Principal, request: RequestID?) async throws -> Answer {
        try check(asking.question)
        let choice = try choice(asking.answerer)
        let watch = Stopwatch(clock)
        var trace = AnswerTrace()
        let turns = try await history(of: asking, for: principal)
        let question = UnderstoodQuestion(asking.question, after: turns.map(\.question))
        trace.add(.understand, watch.lap())
        let found = try await library.asking(question.searched, for: principal) { [settings, library] asked in
            let embedded = watch.lap()
            let query = asked.query(limit: settings.passagesMax, collections: asking.collections)
            let (result, passages) = try await library.search(query, for: principal)
            return (asked, embedded, result, passages)
        }
        guard let (asked, embedded, result, passages) = found else { throw AnswerFailure.emptyQuestion }
        trace.add(.embed, embedded)
        trace.add(.retrieve, watch.lap(), count: passages.count)
        let evidence = ContextAssembly(encoder: encoder, tokensMax: settings.contextTokensMax).evidence(from: passages)
        trace.add(.assemble, watch.lap(), count: evidence.count)
        let answer = Answer(
            id: randomness.identifier(), subject: principal.subject,
            conversation: asking.conversation ?? randomness.identifier(), parent: asking.parent,
            question: asking.question, collections: asking.collections, sequence: result.sequence,
            answerer: choice.name(model), state: .writing, sentences: [], withheld: 0,
            nearest: evidence.prefix(Self.nearestMax).map { $0.place($0.range) }, elapsedMilliseconds: 0,
            created: clock.now(), trace: trace)
        let task = AnswerTask(question: question, asked: asked, found: result, evidence: evidence, turns: turns)
        return choice == .model
            ? try await write(answer, task, by: principal, watch, request)
            : try await quote(answer, task, by: principal, watch, request)
    }

    static let nearestMax = 3

    private func check(_ question: String) throws(AnswerFailure) {
        guard question.contains(where: { !$0.isWhitespace }) else { throw .emptyQuestion }
        guard question.count <= settings.questionCharactersMax else {
            throw .questionTooLong(charactersMax: settings.questionCharactersMax)
        }
    }

    private func choice(_ wanted: AnswererChoice?) throws(AnswerFailure) -> AnswererChoice {
        if wanted == .model, model == nil { throw .noModel }
        return wanted ?? (model == nil ? .reader : .model)
    }

    // MARK: Without a model

    /// Sentences are compared with the question, so the encoder of its vector reads both.
    func reader(by asked: AskedQuestion) -> ExtractiveReader {
        ExtractiveReader(encoder: asked.encoder, settings: settings)
    }

    /// All of it at once: answer, sentences and audit entry are one transaction.
    private func quote(
        _ answer: Answer, _ task: AnswerTask, by principal: Principal, _ watch: Stopwatch, _ request: RequestID?
    ) async throws -> Answer {
        var answer = answer
        var numbering = CitationNumbers()
        let reader = reader(by: task.asked)
        for selection in try await reader.select(task.question, from: task.evidence, rarity: task.found.rarity) {
            answer.sentences.append(
                Answer.Sentence(kind: .quoted, quotes: numbering.quotes([selection.place]), sealedText: nil))
        }
        answer.trace.add(.answer, watch.lap(), count: answer.sentences.count)
        answer.state = .finished
        if !answer.sentences.isEmpty { answer.nearest = [] }
        answer.elapsedMilliseconds = watch.elapsedMilliseconds
        try await keep(&answer, by: principal, request, watch)
        return answer
    }

    // MARK: With a model

    /// The entry names every document whose text goes to the model, before it goes.
    private func write(
        _ answer: Answer, _ task: AnswerTask, by principal: Principal, _ watch: Stopwatch, _ request: RequestID?
    ) async throws -> Answer {
        guard let model else { throw AnswerFailure.noModel }
        var answer = answer
        try runs.enter(answer.id)
        do {
            try await keep(&answer, reading: task.evidence, by: principal, request, watch)
        } catch {
            runs.leave(answer.id)
            throw error
        }
        let writer = AnswerWriter(pipeline: self, model: model, answer: answer, task: task, principal: principal)
        runs.start(answer.id) { await writer.run(watch, request) }
        return answer
    }

    // MARK: Keeping

    /// Conversation, answer and audit entry in one durable transaction.
    private func keep(
        _ answer: inout Answer, reading evidence: [Evidence] = [], by principal: Principal, _ request: RequestID?,
        _ watch: Stopwatch
    ) async throws {
        let draft = answer
        let entry = AuditEntry(
            action: "answers.ask", subject: principal.subject, resource: answer.id.description, outcome: .allowed,
            request: request, classification: nil, facts: Self.facts(of: answer, reading: evidence))
        answer = try await database.write(.tenant(principal.tenant)) { [self, draft] tx in
            var kept = draft
            try placeTurn(kept, by: principal, in: tx)
            let receipt = try audit.append(entry, in: tx)
            (kept.trace.auditEntry, kept.trace.auditLog) = (receipt.sequence, receipt.log.description)
            try store.insert(kept, in: tx, tenant: principal.tenant)
            return kept
        }
        answer.trace.add(.commit, watch.lap())
    }

    static func facts(of answer: Answer, reading evidence: [Evidence] = []) -> [String: String] {
        let quotes = answer.sentences.flatMap(\.quotes)
        let documents = Set(quotes.map(\.place.document.description) + evidence.map(\.document.description))
        return [
            "answerer": answer.answerer, "state": answer.state.rawValue, "sentences": String(answer.sentences.count),
            "withheld": String(answer.withheld), "declined": String(answer.isDeclined),
            "documents": documents.sorted().joined(separator: " "),
        ]
    }
}

/// Who writes the answer.
package enum AnswererChoice: String, Codable, Sendable, CaseIterable {
    /// The built-in extractive reader: no language model.
    case reader
    case model

    func name(_ model: ChatModel?) -> String { self == .model ? model?.name ?? rawValue : rawValue }
}

/// What an answerer works from.
struct AnswerTask: Sendable {
    let question: UnderstoodQuestion
    let asked: AskedQuestion
    let found: SearchResult
    let evidence: [Evidence]
    /// The turns before, oldest first, with only what the asker may still see.
    let turns: [Turn]
}

/// A turn of a conversation, as the next one may rest on it.
struct Turn: Sendable {
    let question: String
    let sentences: [String]
}

/// Gives each place one number, in the order of their appearance.
struct CitationNumbers {
    private var numbers: [Answer.Place: Int] = [:]

    mutating func quotes(_ places: [Answer.Place]) -> [Answer.Quote] {
        places.map { place in
            let number = numbers[place] ?? numbers.count + 1
            numbers[place] = number
            return Answer.Quote(place: place, number: number)
        }
    }
}

/// Laps between the steps of one answer.
final class Stopwatch: @unchecked Sendable {  // Used by one task at a time.
    private let clock: WallClock
    private let began: Timestamp
    private var last: Timestamp

    init(_ clock: WallClock) {
        self.clock = clock
        began = clock.now()
        last = began
    }

    func lap() -> Duration {
        let now = clock.now()
        defer { last = now }
        return now - last
    }

    var elapsedMilliseconds: Int { Int((clock.now() - began).wholeMicroseconds / 1000) }
}
