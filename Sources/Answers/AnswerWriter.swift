import AuditTrail
import Kit
import Storage

/// Writes one answer with a model: each sentence is verified, sealed and kept before anybody sees it.
struct AnswerWriter: Sendable {
    let pipeline: AnswerPipeline
    let model: ChatModel
    let answer: Answer
    let task: AnswerTask
    let principal: Principal

    /// To the end, whatever it is. Cancelling is Stop.
    func run(_ watch: Stopwatch, _ request: RequestID?) async {
        var written = answer
        do {
            if !task.evidence.isEmpty { try await write(&written) }
            written.state = .finished
        } catch is CancellationError {
            written.state = .stopped
        } catch {
            written.state = .failed
        }
        if !written.sentences.isEmpty { written.nearest = [] }
        written.trace.add(.answer, watch.lap(), count: written.sentences.count + written.withheld)
        written.trace.add(.verify, .zero, count: written.sentences.count)
        written.elapsedMilliseconds = watch.elapsedMilliseconds
        let last = written
        // Stop must not stop this.
        await Task { try? await finish(last, request) }.value
    }

    private func write(_ written: inout Answer) async throws {
        let prepared = Verifier.Prepared(task.evidence)
        var numbers = CitationNumbers()
        for try await sentence in model.sentences(for: task) {
            let verdict = try await pipeline.verifier.verdict(on: sentence, from: prepared)
            guard let kept = try sentenceToKeep(sentence, verdict, at: written.sentences.count, &numbers) else {
                written.withheld += 1
                continue
            }
            try await keep(kept, at: written.sentences.count)
            written.sentences.append(kept)
            pipeline.runs.changed(answer.id)
            if written.sentences.count == pipeline.settings.sentencesWrittenMax { break }
        }
    }

    private func sentenceToKeep(
        _ sentence: String, _ verdict: Verdict, at ordinal: Int, _ numbers: inout CitationNumbers
    ) throws -> Answer.Sentence? {
        switch verdict {
        case .unsupported: return nil
        case .quoted(let place):
            return Answer.Sentence(kind: .quoted, quotes: numbers.quotes([place]), sealedText: nil)
        case .supported(let places, _):
            let sealed = try pipeline.store.seal(
                MarkedStatement(sentence).text, of: answer.id, ordinal: ordinal, under: scopes(of: places))
            return Answer.Sentence(kind: .supported, quotes: numbers.quotes(places), sealedText: sealed)
        }
    }

    /// In the order in which `AnswerPipeline.shown` finds them.
    private func scopes(of places: [Answer.Place]) -> [KeyScope] {
        var scopes: [KeyScope] = []
        for place in places {
            guard let evidence = task.evidence.first(where: { $0.document == place.document }) else { continue }
            let scope = KeyScope.document(principal.tenant, evidence.collection, place.document)
            if !scopes.contains(scope) { scopes.append(scope) }
        }
        return scopes
    }

    private func keep(_ sentence: Answer.Sentence, at ordinal: Int) async throws {
        try await pipeline.database.write(.tenant(principal.tenant)) { [pipeline, answer, tenant = principal.tenant] in
            try pipeline.store.append(sentence, at: ordinal, to: answer.id, tenant: tenant, in: $0)
        }
    }

    private func finish(_ written: Answer, _ request: RequestID?) async throws {
        let entry = AuditEntry(
            action: "answers.finish", subject: principal.subject, resource: answer.id.description, outcome: .allowed,
            request: request, classification: nil, facts: AnswerPipeline.facts(of: written))
        try await pipeline.database.write(.tenant(principal.tenant)) { [pipeline] tx in
            try pipeline.store.finish(written, in: tx)
            try pipeline.audit.append(entry, in: tx)
        }
    }
}
