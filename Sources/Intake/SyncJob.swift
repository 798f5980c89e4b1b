import Access
import AuditTrail
import Connectors
import Foundation
import JobQueue
import Kit
import Library
import Outbound
import Storage

struct SyncPayload: Codable, Sendable {
    let source: SourceID
    let round: Int

    var bytes: [UInt8] { get throws { Array(try JSONEncoder().encode(self)) } }
}

/// One run of a source: everything that changed there since the last, taken in here. It ends by enqueuing the next.
package struct SyncJob: Sendable {
    package static let kind = "intake.sync"

    let intake: Intake

    package init(intake: Intake) { self.intake = intake }

    /// Repeating it is harmless. A run that fails is a state of its source, not of its job: the chain goes on.
    package func run(_ job: LeasedJob) async throws {
        let payload = try JSONDecoder().decode(SyncPayload.self, from: Data(job.payload))
        guard let record = try await begin(payload, job) else { return }
        let run = Run(intake: intake, job: job, payload: payload)
        do {
            if record.state == .removing { return try await run.removeAll(record) }
            var sync = try await SyncRun(run, record)
            try await sync.perform()
            intake.watchers.offer(record, for: job.principal, of: intake)
        } catch IntakeFailure.superseded {
            return
        } catch let failure as SourceFailure {
            try await run.fail(failure)
        } catch IntakeFailure.settings(let failure) {
            try await run.fail(failure)
        } catch let error as JobFailure {
            throw error
        } catch  where job.attempt >= Self.attemptsMax && !(error is CancellationError) {
            // The queue has logged what it was and would give up now; the chain goes on.
            try await run.fail(.retryable(after: nil, "The run failed. The server's log says why."))
        }
    }

    private static let attemptsMax = 3

    /// For `JobQueue.whenGivenUp`.
    package func giveUp(_ job: GivenUpJob, in tx: any Transaction) throws {
        guard let id = job.resource.flatMap({ SourceID($0) }) else { return }
        intake.watchers.end(id)
        try intake.sources.giveUp(id, of: job.tenant, in: tx)
    }

    /// Nil when another round has taken over, the source is paused, or it is gone.
    private func begin(_ payload: SyncPayload, _ job: LeasedJob) async throws -> SourceRecord? {
        let principal = job.principal
        return try await intake.parts.database.write(.tenant(principal.tenant)) { [intake] tx in
            guard var record = try intake.sources.source(payload.source, for: principal, in: tx),
                record.round == payload.round, record.state != .paused
            else { return nil }
            try job.confirmLease(in: tx)
            guard record.state != .removing else { return record }
            record.state = .running
            // A listing that goes on where another run broke off is as old as its first page. A new one has a number of
            // its own from the start: what an attempt at it has seen must not count for the next.
            if !record.isListing {
                record.startedAt = intake.parts.clock.now()
                record.listing += 1
                record.hintedAt = nil
            }
            try intake.sources.save(record, for: principal, in: tx)
            return record
        }
    }
}

/// What every step of a run shares.
struct Run: Sendable {
    let intake: Intake
    let job: LeasedJob
    let payload: SyncPayload

    /// The source as it is in this transaction. Throws, and so undoes it, when this run is not the one that counts.
    @discardableResult
    func confirm(in tx: any Transaction) throws -> SourceRecord {
        try job.confirmLease(in: tx)
        guard let record = try intake.sources.source(payload.source, for: job.principal, in: tx),
            record.round == payload.round
        else { throw IntakeFailure.superseded }
        return record
    }

    func write(_ body: @escaping @Sendable (inout SourceRecord, any Transaction) throws -> Void) async throws {
        try await intake.parts.database.write(.tenant(job.principal.tenant)) { tx in
            var record = try confirm(in: tx)
            try body(&record, tx)
            try intake.sources.save(record, for: job.principal, in: tx)
        }
    }

    /// Notes the reason and when to try again. What the source asked for is kept to.
    func fail(_ failure: SourceFailure) async throws {
        let record = try await intake.parts.database.read {
            try intake.require(payload.source, for: job.principal, in: $0)
        }
        let isStale = record.isStale(at: intake.parts.clock.now())
        if isStale { try await hideStale(record) }
        try await write { record, tx in
            if isStale { (record.cursor, record.isListing) = (nil, false) }
            record.failures += 1
            record.state = .failing
            record.problem = failure.sentence + (isStale ? " Its documents are hidden until it can be read." : "")
            if case .cursorExpired = failure { (record.cursor, record.isListing) = (nil, false) }
            try next(&record, after: wait(after: failure, record), in: tx)
        }
    }

    func next(_ record: inout SourceRecord, after wait: Duration, in tx: any Transaction) throws {
        record.round += 1
        let time = intake.parts.clock.now() + wait
        try intake.enqueue(record, at: time, as: job.principal, in: tx)
        try job.complete(in: tx)
    }

    /// The next run after a good one: sooner where something changed while this one ran.
    func next(_ record: inout SourceRecord, every: Int, in tx: any Transaction) throws {
        let now = intake.parts.clock.now()
        let soon = record.hintedAt.map { _ in max(.zero, record.earliest(after: intake.settings.hintGap) - now) }
        try next(&record, after: min(.seconds(every), soon ?? .seconds(every)), in: tx)
    }

    private func wait(after failure: SourceFailure, _ record: SourceRecord) -> Duration {
        let doublings = min(record.failures - 1, 7)
        let own = max(intake.settings.backoff * (1 << max(0, doublings)), .zero)
        guard case .retryable(let asked?, _) = failure else { return min(own, .seconds(3600)) }
        return max(min(own, .seconds(3600)), min(asked, .seconds(86_400)))
    }

    /// Every document of the source, then its groups, then itself.
    func removeAll(_ record: SourceRecord) async throws {
        let (items, principal) = (intake.items(of: record), try await job.principalNow())
        while true {
            let batch = try await intake.parts.database.read {
                try items.unseen(since: .max, after: [], limit: 100, for: principal, in: $0)
            }
            if batch.isEmpty { break }
            for item in batch { try await forget(item, items, principal) }
        }
        try await intake.parts.access.deleteManagedGroups(of: record.id, as: principal)
        try await intake.parts.database.write(.tenant(principal.tenant)) { [intake] tx in
            let record = try confirm(in: tx)
            try intake.sources.delete(record.id, for: principal, in: tx)
            try intake.log("sources.deleted", record, principal, nil, in: tx)
            try job.complete(in: tx)
        }
    }

    /// Deletes what is remembered of an item, with its document.
    func forget(_ item: KnownItem, _ items: SourceItemStore, _ principal: Principal) async throws {
        try job.checkCancelled()
        let also: DocumentLibrary.Also = { _, tx in
            try confirm(in: tx)
            try items.delete(item.index, for: principal, in: tx)
        }
        do {
            guard let document = item.document else { throw LibraryFailure.notFound }
            try await intake.parts.library.withdraw(document, of: payload.source, by: principal, also: also)
        } catch LibraryFailure.notFound {
            // Never taken in, or gone already.
            try await forgetRow(item.index, items, principal)
        }
    }

    func forgetRow(_ index: [UInt8], _ items: SourceItemStore, _ principal: Principal) async throws {
        try await intake.parts.database.write(.tenant(principal.tenant)) { tx in
            try confirm(in: tx)
            try items.delete(index, for: principal, in: tx)
        }
    }

    /// Nobody may read it until the source states its rules again.
    func hide(_ known: KnownItem, _ items: SourceItemStore, _ principal: Principal) async throws {
        if !known.rightsIndex.isEmpty { try await conceal(known, items, principal) }
    }

    func conceal(_ known: KnownItem, _ items: SourceItemStore, _ principal: Principal) async throws {
        guard let document = known.document else { return }
        let row = KnownItem(
            index: known.index, item: known.item, document: document, tagIndex: known.tagIndex, rightsIndex: [],
            problem: known.problem, attempts: known.attempts, retryAt: known.retryAt)
        try await intake.parts.library.settle(
            document, at: nil, under: [ACLConstraint(allow: [])], of: payload.source, by: principal
        ) { _, tx in
            try confirm(in: tx)
            try items.save(row, seen: 0, for: principal, in: tx)
        }
    }

    /// What a source said too long ago about who may read is not obeyed for ever: its documents are hidden, and a full
    /// listing brings them back.
    private func hideStale(_ record: SourceRecord) async throws {
        let (items, principal) = (intake.items(of: record), try await job.principalNow())
        var after: [UInt8] = []
        while true {
            let last = after
            let batch = try await intake.parts.database.read {
                try items.unseen(since: .max, after: last, limit: 100, for: principal, in: $0)
            }
            guard let end = batch.last else { return }
            after = end.index
            for item in batch { try await hide(item, items, principal) }
        }
    }
}
