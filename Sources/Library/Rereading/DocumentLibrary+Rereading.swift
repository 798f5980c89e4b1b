import Access
import AuditTrail
import Encoder
import JobQueue
import Kit
import Search
import Storage

/// What of a tenant's documents was read in another way than today's, and how far reading them again is.
package struct RereadStatus: Sendable {
    /// What reads documents now, and by what they are searched.
    package let encoder, serving: String
    package let isSwitched: Bool
    package let progress: EncoderProgress
    /// Cut by another chunker, or read by another version of their parser.
    package let outdated: Int
    /// Nil when nothing was ever read again.
    package let state: RereadState?
    package let job: JobID?
    package let done: Int

    package var isUpToDate: Bool { isSwitched && progress.behind == 0 && progress.surplus == 0 && outdated == 0 }
}

struct RereadPayload: Codable, Sendable {
    let run: Int
}

extension DocumentLibrary {
    /// Numbers about the whole tenant, seen or not: for administrators.
    package func rereadStatus(for principal: Principal) async throws -> RereadStatus {
        try principal.require(.libraryMaintain)
        return try await parts.database.read { [self] in try rereadStatus(principal, in: $0) }
    }

    func rereadStatus(_ principal: Principal, in connection: any SQLConnection) throws -> RereadStatus {
        let (tenant, index) = (principal.tenant, parts.index)
        let row = try rereads.row(tenant, in: connection)
        let outdated = try collections.collections(for: principal, in: connection).reduce(0) { sum, collection in
            try sum
                + rereads.outdatedCount(
                    in: collection.id, chunker: chunker(of: collection), for: principal, in: connection)
        }
        return RereadStatus(
            encoder: parts.encoder.fingerprint, serving: try index.serving(of: tenant, in: connection).encoder,
            isSwitched: try index.isSwitched(tenant, in: connection),
            progress: try index.encoderProgress(tenant, in: connection), outdated: outdated, state: row?.state,
            job: row?.job, done: row?.done ?? 0)
    }

    /// Goes on where it was when it was paused or stopped. The job that does it, an old one when it is on its way.
    package func startRereading(by principal: Principal, request: RequestID?) async throws -> RereadStatus {
        try principal.require(.libraryMaintain)
        return try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            try startRereading(by: principal, request: request, in: tx)
            return try rereadStatus(principal, in: tx)
        }
    }

    func startRereading(by principal: Principal, request: RequestID?, in tx: any Transaction) throws {
        var row = try rereads.row(principal.tenant, in: tx) ?? RereadStore.Row(run: 0, state: .done, job: nil, done: 0)
        if row.state == .running { return }
        row.run += 1
        row.done = row.state == .done ? 0 : row.done
        row.state = row.state == .clearing ? .clearing : .running
        let job = JobRequest(
            kind: RereadJob.kind, payload: try StoredJSON.encode(RereadPayload(run: row.run)),
            idempotencyKey: "run \(row.run)", title: "Reading documents again")
        row.job = try parts.jobs.enqueue(job, as: principal, in: tx)
        try rereads.save(row, of: principal.tenant, at: parts.clock.now(), in: tx)
        try parts.index.clearStuck(in: tx)
        try log("library.reread", principal.tenant.description, principal, request, facts: ["act": "start"], in: tx)
    }

    /// The job ends after the document that it is at.
    package func pauseRereading(by principal: Principal, request: RequestID?) async throws -> RereadStatus {
        try principal.require(.libraryMaintain)
        return try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            if var row = try rereads.row(principal.tenant, in: tx), row.state == .running {
                row.state = .paused
                try rereads.save(row, of: principal.tenant, at: parts.clock.now(), in: tx)
                try log(
                    "library.reread", principal.tenant.description, principal, request, facts: ["act": "pause"],
                    in: tx)
            }
            return try rereadStatus(principal, in: tx)
        }
    }

    func chunker(of collection: CollectionRecord) -> Chunker { collection.chunking ?? settings.chunker }
}
