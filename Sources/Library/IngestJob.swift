import AuditTrail
import Crypto
import Documents
import Encoder
import JobQueue
import Keyring
import Kit
import Search
import Storage

struct IngestPayload: Codable, Sendable {
    let document: DocumentID
    let version: VersionID
}

/// Original -> text -> chunks -> vectors -> visible, in one publishing transaction at the end: until it commits, no
/// reader sees anything of the version, and after it everything (RAG-8).
package struct IngestJob: Sendable {
    package static let kind = "library.ingest"
    /// Chunks that are embedded together: enough to keep every thread of the encoder busy, few enough to stop between.
    static let chunksAtOnce = 16

    let library: DocumentLibrary

    package init(library: DocumentLibrary) { self.library = library }

    /// Repeating it is harmless: a version that is ready is left alone.
    package func run(_ job: LeasedJob) async throws {
        let payload = try StoredJSON.decode(IngestPayload.self, from: job.payload)
        guard let work = try await start(payload, job) else { return }
        do {
            let parsed = try await library.read(work.version, of: work.document, for: job.principal)
            let findings = try await library.settings.screening(parsed)
            let report = ScreenReport(findings, language: parsed.layout.language)
            if work.mayHold(report), try await isHeld(parsed, report, of: work, job) { return }
            let prepared = try await prepare(parsed, report, of: work, job)
            try await publish(prepared, of: work, job)
        } catch let reason as ParseFailure {
            try await fail(work, .unreadable(reason), job)
        } catch let reason as IngestFailure {
            try await fail(work, reason, job)
        }
    }

    /// What one run works on.
    private struct Work: Sendable {
        let document: DocumentRecord
        let version: VersionRecord
        let chunker: Chunker
        let quarantine: QuarantineRule

        /// Whether it is worth a transaction to ask. That of the publication asks in any case.
        func mayHold(_ report: ScreenReport) -> Bool {
            version.review != .approve && quarantine.holds(report.findings)
        }
    }

    private struct Prepared: Sendable {
        let parsed: ParsedDocument
        let report: ScreenReport
        let chunks: [Chunk]
        let indexed: [IndexedChunk]
        let chunker: Chunker
        let hash: [UInt8]
        let sketch: Sketch
    }

    private func start(_ payload: IngestPayload, _ job: LeasedJob) async throws -> Work? {
        let principal = job.principal
        return try await library.parts.database.write(.tenant(principal.tenant)) { [library] tx in
            guard let work = try current(payload, principal, in: tx) else { return nil }
            try job.confirmLease(in: tx)
            try library.versions.setState(.processing, of: payload.version, for: principal, in: tx)
            try library.documents.setState(
                .processing, of: payload.document, at: library.parts.clock.now(), for: principal, in: tx)
            return work
        }
    }

    /// Nil when the document was deleted, a newer upload took its place or the work is already done. A version that
    /// failed is met again only when a person retries its job.
    private func current(_ payload: IngestPayload, _ principal: Principal, in tx: any Transaction) throws -> Work? {
        guard let document = try library.documents.document(payload.document, for: principal, in: tx),
            let version = try library.versions.newest(of: payload.document, for: principal, in: tx),
            version.id == payload.version, version.state != .ready
        else { return nil }
        let chunker = try library.collections.chunking(of: document.collection, for: principal, in: tx)
        let quarantine = try library.collections.quarantine(of: document.collection, for: principal, in: tx)
        return Work(
            document: document, version: version, chunker: chunker ?? library.settings.chunker, quarantine: quarantine)
    }

    /// Whether the version waits for a person now.
    private func isHeld(
        _ parsed: ParsedDocument, _ report: ScreenReport, of work: Work, _ job: LeasedJob
    ) async throws -> Bool {
        let payload = IngestPayload(document: work.document.id, version: work.version.id)
        return try await library.parts.database.write(.tenant(job.principal.tenant)) { [library] tx in
            try job.confirmLease(in: tx)
            guard let now = try current(payload, job.principal, in: tx),
                try library.hold(now.version, of: now.document, parsed, report, for: job.principal, in: tx)
            else { return false }
            try job.complete(in: tx)
            return true
        }
    }

    private func prepare(
        _ parsed: ParsedDocument, _ report: ScreenReport, of work: Work, _ job: LeasedJob
    ) async throws -> Prepared {
        let encoder = library.parts.encoder
        let earlier = try await library.earlierInUse(job.principal.tenant)
        let chunks = try await work.chunker.chunks(
            of: parsed, tokens: encoder.tokens(of: parsed.text), embed: encoder.embed)
        guard chunks.count <= library.settings.chunksPerDocumentMax else { throw IngestFailure.tooManyChunks }
        var indexed: [IndexedChunk] = []
        for start in stride(from: 0, to: chunks.count, by: Self.chunksAtOnce) {
            try job.checkCancelled()
            // The last step is told by the end of the job.
            if start > 0 { try await job.report(JobProgress(done: start, total: chunks.count)) }
            let some = chunks[start..<min(start + Self.chunksAtOnce, chunks.count)]
            indexed += try await library.indexed(some, of: parsed, also: earlier)
        }
        return Prepared(
            parsed: parsed, report: report, chunks: chunks, indexed: indexed, chunker: work.chunker,
            hash: Array(SHA256.hash(data: parsed.text)), sketch: Sketch(of: parsed.text))
    }

    private func publish(_ prepared: Prepared, of work: Work, _ job: LeasedJob) async throws {
        // The vectors of a long document took a while: whoever lost their rights meanwhile publishes nothing.
        let principal = try await job.principalNow()
        let payload = IngestPayload(document: work.document.id, version: work.version.id)
        let entry = IndexedDocument(
            document: payload.document, version: payload.version, collection: work.document.collection,
            acl: work.document.acl, chunks: prepared.indexed)
        let indexed = try library.parts.index.prepare(entry)
        try await library.parts.database.write(.tenant(principal.tenant)) { [library] tx in
            try job.confirmLease(in: tx)
            guard let now = try current(payload, principal, in: tx) else { return }
            try checkRights(of: principal, to: now.document, in: tx)
            // The collection may have begun to hold such content while the vectors were made.
            let (parsed, report) = (prepared.parsed, prepared.report)
            if try library.hold(now.version, of: now.document, parsed, report, for: principal, in: tx) {
                return try job.complete(in: tx)
            }
            try library.screenings.setReport(report, of: payload.version, in: now.document, for: principal, in: tx)
            try library.versions.publish(
                prepared.parsed, chunks: prepared.chunks, chunker: prepared.chunker.fingerprint, hash: prepared.hash,
                sketch: prepared.sketch, as: payload.version, of: now.document, for: principal, in: tx)
            try library.documents.publish(
                payload.version, title: prepared.parsed.title, chunks: prepared.chunks.count, of: now.document,
                at: library.parts.clock.now(), for: principal, in: tx)
            try library.parts.index.publish(indexed, in: tx)
            try library.settlePending(of: now.document, by: principal, in: tx)
            // The rule may have changed while the vectors were made, or with this version.
            let acl =
                try now.document.pending == nil
                ? now.document.acl : library.documents.document(payload.document, for: principal, in: tx)?.acl
            if let acl, acl != work.document.acl {
                try library.parts.index.assign(acl, to: [payload.document], in: tx)
            }
            try library.log(
                "documents.publish", payload.document.description, principal, nil, now.document.label,
                facts: ["version": payload.version.description, "chunks": String(prepared.chunks.count)], in: tx)
            // The way of cutting may have changed as well.
            if now.chunker != prepared.chunker { try library.startRereading(by: principal, request: nil, in: tx) }
            try job.complete(done: prepared.chunks.count, in: tx)
        }
    }

    private func checkRights(of principal: Principal, to document: DocumentRecord, in tx: any Transaction) throws {
        let collection = try? library.visibleCollection(document.collection, to: principal, in: tx)
        guard collection != nil, principal.permissions.contains(.documentsWrite) else { throw IngestFailure.rightsLost }
    }

    /// A failure of the content is final: the state says why and what to do, an older version stays readable.
    private func fail(_ work: Work, _ reason: IngestFailure, _ job: LeasedJob) async throws {
        let principal = job.principal
        try await library.parts.database.write(.tenant(principal.tenant)) { [library] tx in
            try job.confirmLease(in: tx)
            try library.versions.setState(.failed, of: work.version.id, for: principal, in: tx)
            try library.documents.setState(
                .failed, reason: reason, of: work.document.id, at: library.parts.clock.now(), for: principal, in: tx)
            try library.log(
                "documents.fail", work.document.id.description, principal, nil, work.document.label,
                facts: ["reason": reason.code], in: tx)
            try job.complete(in: tx)
        }
    }
}

extension IngestJob {
    /// A job that will not run again must not leave its document waiting; for `JobQueue.whenGivenUp`.
    package func giveUp(_ job: GivenUpJob, in tx: any Transaction) throws {
        guard let document = try library.versions.giveUp(job.id, of: job.tenant, in: tx) else { return }
        let now = library.parts.clock.now()
        guard try library.documents.giveUp(document, of: job.tenant, at: now, in: tx) else { return }
        let entry = AuditEntry(
            action: "documents.fail", subject: job.subject, resource: document.description, outcome: .failed,
            request: nil, classification: nil, facts: ["reason": IngestFailure.givenUp.code])
        try library.parts.audit.append(entry, in: tx)
    }
}

extension DocumentLibrary {
    /// The text of an upload, from its original. Throws `ParseFailure` and `IngestFailure` for what is wrong with it.
    func read(
        _ version: VersionRecord, of document: DocumentRecord, for principal: Principal
    ) async throws -> ParsedDocument {
        let bytes = try await original(version, of: document, for: principal)
        let name = document.path.split(separator: "/").last.map(String.init) ?? document.path
        let source = SourceFile(bytes: bytes, name: name, format: version.format)
        return try await parts.reader.read(source, principal.tenant)
    }

    /// The bytes as they were uploaded.
    func original(
        _ version: VersionRecord, of document: DocumentRecord, for principal: Principal
    ) async throws -> [UInt8] {
        let sealed: [UInt8]
        do {
            sealed = try await parts.blobs.get(version.original)
        } catch StorageFailure.blobMissing {
            throw IngestFailure.originalMissing
        } catch StorageFailure.blobCorrupt {
            throw IngestFailure.originalCorrupt
        }
        let scope = KeyScope.document(principal.tenant, document.collection, document.id)
        return try parts.keyring.open(
            sealed, under: scope, context: Self.originalContext(version.originalOf ?? version.id))
    }
}

extension ParsedDocument {
    /// Title and heading path as a line before the chunk, unless the chunk begins with them itself, and the header of a
    /// table that the chunk begins in the middle of.
    package func context(of chunk: Chunk) -> [UInt8] {
        let path = chunk.headings.first == title ? chunk.headings : [title] + chunk.headings
        let own = text[chunk.range]
        let missing = path.filter { !own.starts(with: $0.utf8) }
        let header = chunk.tableHeader.map { text[$0] + [0x0a] } ?? []
        return (missing.isEmpty ? [] : Array((missing.joined(separator: " / ") + "\n").utf8)) + header
    }
}
