import Access
import Crypto
import Documents
import Encoder
import JobQueue
import Keyring
import Kit
import Search
import Storage

// One document, read again as it is shown: under the rights it has, by nobody's leave but its tenant's.
extension DocumentLibrary {
    /// A document as it stands before it is read again.
    private struct Known: Sendable {
        let record: DocumentRecord
        let version: VersionRecord
        let text: DocumentText
        let chunker: Chunker
        let entry: IndexedState?
        /// A newer upload waits or was refused: the bytes of this version are not the last word.
        let isNewest: Bool

        var mustCut: Bool { (version.chunker ?? RereadStore.firstChunker) != chunker.fingerprint }
        var mustParse: Bool { isNewest && !RereadStore.parsers.contains(version.parser ?? "") }

        func mustRead(by encoder: String) -> Bool {
            mustCut || mustParse || !(entry?.encoders.contains(encoder) ?? false)
        }

        var stored: ParsedDocument {
            ParsedDocument(
                title: record.title ?? record.path, text: text.text, layout: text.layout, parser: text.parser,
                notes: text.notes)
        }
    }

    private struct Again: Sendable {
        let parsed: ParsedDocument
        let chunks: [Chunk]
        /// Set when another parser read it: what was cited from the version before stays as it was.
        let version: VersionID?
        let prepared: PreparedDocument
    }

    /// `also` is part of the transaction that shows the outcome. A document that was deleted or replaced meanwhile is
    /// left alone; one that cannot be read is marked and stays findable by its words.
    func readAgain(
        _ id: DocumentID, _ job: LeasedJob, also: @escaping @Sendable (any Transaction) throws -> Void
    ) async throws {
        let principal = job.principal
        do {
            let known = try await parts.database.read { [self] in try lookUp(id, principal, in: $0) }
            guard let known, known.mustRead(by: parts.encoder.fingerprint) else { return }
            let again = try await reading(known, job)
            try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
                try also(tx)
                try show(again, of: known, principal, in: tx)
            }
        } catch SealFailure.noKey {
            // It is being erased.
        } catch is Overtaken {
            // Somebody wrote the entry meanwhile; what that left to do is met in the next round.
        } catch let reason where Self.isOfContent(reason) {
            try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
                try also(tx)
                try parts.index.markStuck(id, "unreadable", in: tx)
            }
        }
    }

    private struct Overtaken: Error {}

    /// Whether another attempt would fail alike.
    private static func isOfContent(_ error: any Error) -> Bool {
        if case EncoderFailure.degenerateVector = error { return true }
        return error is SealFailure || error is IngestFailure || error is DecodingError
            || error is LayoutCodec.Failure || error is SearchFailure
    }

    private func lookUp(
        _ id: DocumentID, _ principal: Principal, in connection: any SQLConnection
    ) throws -> Known? {
        guard let record = try documents.document(id, for: principal, in: connection),
            let shown = record.currentVersion,
            let version = try versions.version(shown, for: principal, in: connection),
            let collection = try collections.collection(record.collection, for: principal, in: connection),
            let text = try versions.text(of: shown, in: record, for: principal, in: connection)
        else { return nil }
        let newest = try versions.newest(of: id, for: principal, in: connection)?.id
        // An entry that is damaged is made anew.
        let entry = try? parts.index.state(of: id, tenant: principal.tenant, in: connection)
        return Known(
            record: record, version: version, text: text, chunker: chunker(of: collection), entry: entry,
            isNewest: newest == shown)
    }

    private func reading(_ known: Known, _ job: LeasedJob) async throws -> Again {
        let fresh = known.mustParse ? try await parsedAnew(known, job.principal) : nil
        let parsed = fresh ?? known.stored
        let mustCut = known.mustCut || fresh != nil
        let chunks =
            mustCut
            ? try await known.chunker.chunks(
                of: parsed, tokens: parts.encoder.tokens(of: parsed.text), embed: parts.encoder.embed)
            : known.text.chunks
        guard chunks.count <= settings.chunksPerDocumentMax else { throw IngestFailure.tooManyChunks }
        let earlier = try await earlierInUse(job.principal.tenant)
        // Vectors of the same chunks are taken over; others are made by both encoders.
        let second = earlier.flatMap { earlier in
            !mustCut && known.entry?.encoders.contains(earlier.fingerprint) ?? false ? nil : earlier
        }
        var indexed: [IndexedChunk] = []
        for start in stride(from: 0, to: chunks.count, by: IngestJob.chunksAtOnce) {
            try job.checkCancelled()
            let some = chunks[start..<min(start + IngestJob.chunksAtOnce, chunks.count)]
            indexed += try await self.indexed(some, of: parsed, also: second)
        }
        let version = fresh.map { _ in parts.randomness.identifier(VersionID.self) }
        let entry = IndexedDocument(
            document: known.record.id, version: version ?? known.version.id, collection: known.record.collection,
            acl: known.record.acl, chunks: indexed)
        return Again(
            parsed: parsed, chunks: chunks, version: version,
            prepared: try parts.index.prepare(entry, carrying: known.entry))
    }

    /// Nil when today's parser cannot read what an earlier one could: the text of then stays.
    private func parsedAnew(_ known: Known, _ principal: Principal) async throws -> ParsedDocument? {
        do {
            return try await read(known.version, of: known.record, for: principal)
        } catch is ParseFailure {
            return nil
        } catch is IngestFailure {
            return nil
        }
    }

    private func show(_ again: Again, of known: Known, _ principal: Principal, in tx: any Transaction) throws {
        guard let now = try documents.document(known.record.id, for: principal, in: tx),
            now.currentVersion == known.version.id,
            let collection = try collections.collection(now.collection, for: principal, in: tx),
            chunker(of: collection) == known.chunker
        else { return }
        if let version = again.version {
            guard try versions.newest(of: now.id, for: principal, in: tx)?.id == known.version.id else { return }
            try insert(version, again, after: known, now, principal, in: tx)
        } else if known.mustCut {
            try versions.replaceChunks(
                again.chunks, chunker: known.chunker.fingerprint, of: known.version.id, in: now, for: principal,
                in: tx)
            try documents.setChunks(again.chunks.count, of: now.id, for: principal, in: tx)
        }
        guard let entry = known.entry else {
            try parts.index.publish(again.prepared, in: tx)
            return try parts.index.assign(now.acl, to: [now.id], in: tx)
        }
        guard try parts.index.replace(entry.sequence, by: again.prepared, in: tx) else { throw Overtaken() }
    }

    /// A version of the same bytes: its original is that of the version before.
    private func insert(
        _ id: VersionID, _ again: Again, after known: Known, _ now: DocumentRecord, _ principal: Principal,
        in tx: any Transaction
    ) throws {
        let (before, clock) = (known.version, parts.clock)
        let record = VersionRecord(
            id: id, document: now.id, number: before.number + 1, state: .queued, format: before.format,
            original: before.original, contentIndex: before.contentIndex, job: nil, parser: nil, textHash: nil,
            originalOf: before.originalOf ?? before.id)
        try versions.insert(record, for: principal, at: clock.now(), in: tx)
        try versions.publish(
            again.parsed, chunks: again.chunks, chunker: known.chunker.fingerprint,
            hash: Array(SHA256.hash(data: again.parsed.text)), sketch: Sketch(of: again.parsed.text), as: id, of: now,
            for: principal, in: tx)
        try documents.publish(
            id, title: again.parsed.title, chunks: again.chunks.count, of: now, at: clock.now(), for: principal,
            in: tx)
        try screenings.copy(from: before.id, to: id, in: now, for: principal, in: tx)
        try log(
            "documents.reread", now.id.description, principal, nil, now.label,
            facts: ["version": id.description, "parser": again.parsed.parser], in: tx)
    }
}
