import Access
import AuditTrail
import Encoder
import JobQueue
import Kit
import Search
import Storage

/// Reads again, document by document, what was read by another encoder, chunker or parser than today's; then searches
/// the tenant by today's encoder, at once; then takes the old vectors out (docs/decisions/0009-two-encoders.md).
///
/// What is left to do is asked of the tables, so it goes on after a crash wherever that was. After each document it
/// steps back behind other jobs that wait.
package struct RereadJob: Sendable {
    package static let kind = "library.reread"
    private static let batch = 32
    /// Documents may come in while others are read: so often is looked again.
    private static let roundsMax = 8
    /// Its place goes back after this long even when nobody of its tenant waits: another tenant may.
    private static let turn = Duration.seconds(30)

    let library: DocumentLibrary

    package init(library: DocumentLibrary) { self.library = library }

    package func run(_ job: LeasedJob) async throws {
        let payload = try StoredJSON.decode(RereadPayload.self, from: job.payload)
        try job.principal.require(.collectionsManage)
        do {
            try await readAll(payload, job)
            try await clearAll(payload, job)
        } catch is Halted {
            // Paused, or another run has taken over: the queue notes that this one is over.
        }
    }

    /// Thrown out of a transaction of a run that is not wanted any more.
    private struct Halted: Error {}

    private func readAll(_ payload: RereadPayload, _ job: LeasedJob) async throws {
        let since = library.parts.clock.now()
        for _ in 0..<Self.roundsMax {
            try await pass(payload, job, since) { try await outdated(after: $0, for: job.principal) }
            try await pass(payload, job, since) { try await behind(after: $0, for: job.principal) }
            if try await hasSwitched(payload, job) { return }
        }
        throw JobFault(
            code: "library.reread_behind", reason: "Documents of another encoder keep coming in.", isPermanent: false)
    }

    /// Through the documents in order, so that one that cannot be read is met once.
    private func pass(
        _ payload: RereadPayload, _ job: LeasedJob, _ since: Timestamp,
        _ next: (DocumentID?) async throws -> [DocumentID]
    ) async throws {
        var batch = try await next(nil)
        while let last = batch.last {
            var counter = try await counted(job)
            for document in batch {
                try await read(document, payload, job)
                counter = counter.next
                try await job.report(JobProgress(done: counter.done, total: counter.total))
                try await step(back: since, job)
            }
            batch = try await next(last)
        }
    }

    private func outdated(after: DocumentID?, for principal: Principal) async throws -> [DocumentID] {
        try await library.parts.database.read { [library] connection in
            var found: [DocumentID] = []
            for collection in try library.collections.collections(for: principal, in: connection) {
                found += try library.rereads.outdated(
                    in: collection.id, chunker: library.chunker(of: collection), after: after, limit: Self.batch,
                    for: principal, in: connection)
            }
            return Array(found.sorted { $0.description < $1.description }.prefix(Self.batch))
        }
    }

    private func behind(after: DocumentID?, for principal: Principal) async throws -> [DocumentID] {
        try await library.parts.database.read { [library] connection in
            try library.parts.index.documentsBehind(
                principal.tenant, after: after, limit: Self.batch, in: connection)
        }
    }

    private func read(_ document: DocumentID, _ payload: RereadPayload, _ job: LeasedJob) async throws {
        try await library.readAgain(document, job) { [library] tx in
            var row = try wanted(payload, job, in: tx)
            row.done += 1
            try library.rereads.save(row, of: job.principal.tenant, at: library.parts.clock.now(), in: tx)
        }
        // Whoever lost the right to it meanwhile goes on with nothing.
        try await job.principalNow().require(.collectionsManage)
    }

    private func step(back since: Timestamp, _ job: LeasedJob) async throws {
        try await job.giveWay(always: library.parts.clock.now() - since >= Self.turn)
    }

    /// The row of this run. Throws `Halted` when it is paused or over, and `leaseLost` when another worker has it.
    private func wanted(
        _ payload: RereadPayload, _ job: LeasedJob, in tx: any Transaction
    ) throws -> RereadStore.Row {
        try job.confirmLease(in: tx)
        guard let row = try library.rereads.row(job.principal.tenant, in: tx), row.run == payload.run,
            row.state == .running || row.state == .clearing
        else { throw Halted() }
        return row
    }

    private struct Counter {
        let done, total: Int
        var next: Counter { Counter(done: min(done + 1, total), total: total) }
    }

    /// Zero for whoever may not see the tenant's numbers: how many documents there are is told to nobody else.
    private func counted(_ job: LeasedJob) async throws -> Counter {
        guard job.principal.permissions.contains(.libraryMaintain) else { return Counter(done: 0, total: 0) }
        let status = try await library.parts.database.read { [library] in
            try library.rereadStatus(job.principal, in: $0)
        }
        let left = max(status.progress.behind, status.outdated)
        return Counter(done: status.done, total: status.done + left)
    }

    private func hasSwitched(_ payload: RereadPayload, _ job: LeasedJob) async throws -> Bool {
        try await library.parts.database.write(.tenant(job.principal.tenant)) { [library] tx in
            var row = try wanted(payload, job, in: tx)
            let (index, tenant) = (library.parts.index, job.principal.tenant)
            let wasSwitched = try index.isSwitched(tenant, in: tx)
            guard try index.switchEncoder(in: tx) else { return false }
            let surplus = try index.encoderProgress(tenant, in: tx).surplus
            if row.state == .running { row.state = surplus > 0 ? .clearing : .done }
            try library.rereads.save(row, of: tenant, at: library.parts.clock.now(), in: tx)
            if !wasSwitched {
                let facts = ["act": "switch", "encoder": library.parts.encoder.fingerprint]
                try library.log("library.reread", tenant.description, job.principal, nil, facts: facts, in: tx)
            }
            return true
        }
    }

    private func surplus(after: DocumentID?, of tenant: TenantID) async throws -> [DocumentID] {
        try await library.parts.database.read { [library] in
            try library.parts.index.documentsWithSurplus(tenant, after: after, limit: Self.batch, in: $0)
        }
    }

    /// From the switch on nobody looks at the old vectors; now they go from entries, segments and memory.
    private func clearAll(_ payload: RereadPayload, _ job: LeasedJob) async throws {
        let (tenant, index, database) = (job.principal.tenant, library.parts.index, library.parts.database)
        guard try await database.read({ [library] in try library.rereads.row(tenant, in: $0) })?.state == .clearing
        else { return }
        let since = library.parts.clock.now()
        var batch = try await surplus(after: nil, of: tenant)
        while let last = batch.last {
            for document in batch {
                try job.checkCancelled()
                try await database.write(.tenant(tenant)) { tx in
                    _ = try wanted(payload, job, in: tx)
                    _ = try index.strip(document, in: tx)
                }
                try await step(back: since, job)
            }
            batch = try await surplus(after: last, of: tenant)
        }
        try await index.settle(tenant)
        try await database.write(.tenant(tenant)) { [library] tx in
            var row = try wanted(payload, job, in: tx)
            row.state = .done
            try library.rereads.save(row, of: tenant, at: library.parts.clock.now(), in: tx)
            try library.log("library.reread", tenant.description, job.principal, nil, facts: ["act": "end"], in: tx)
        }
    }

    /// For `JobQueue.whenGivenUp`: a run that nobody does is not shown as running.
    package func giveUp(_ job: GivenUpJob, in tx: any Transaction) throws {
        guard var row = try library.rereads.row(job.tenant, in: tx), row.job == job.id, row.state == .running else {
            return
        }
        row.state = .stopped
        try library.rereads.save(row, of: job.tenant, at: library.parts.clock.now(), in: tx)
    }
}
