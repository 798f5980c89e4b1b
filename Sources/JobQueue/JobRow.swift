import Kit
import Storage

/// One row of `jobs` without its payload; sealed columns still sealed.
struct JobRow {
    let id: JobID
    let tenant: TenantID
    let subject: SubjectID
    let purpose: Purpose
    let kind: String
    let resource: String?
    let sealedTitle: [UInt8]?
    var lifecycle: JobLifecycle
    /// The process that holds the lease.
    var owner: String?
    var done: Int
    var total: Int
    var sealedStep: [UInt8]?
    var reasonCode: String?
    var sealedReason: [UInt8]?
    let created: Timestamp
    var updated: Timestamp
    var revision: Int64

    init(_ row: SQLRow) throws {
        id = try row["id"]
        tenant = try row["tenant"]
        subject = try row["subject"]
        purpose = Purpose(rawValue: try row["purpose"])
        kind = try row["kind"]
        resource = try row["resource"]
        sealedTitle = try row["title"]
        guard let state = JobState(rawValue: try row["state"]) else {
            throw StorageFailure.unexpectedValue(column: "state")
        }
        lifecycle = JobLifecycle(
            state: state, attempt: try row["attempt"], fence: try row["fence"], due: try row["due"],
            finished: try row["finished"])
        owner = try row["owner"]
        done = try row["done"]
        total = try row["total"]
        sealedStep = try row["step"]
        reasonCode = try row["reason_code"]
        sealedReason = try row["reason"]
        created = try row["created"]
        updated = try row["updated"]
        revision = try row["revision"]
    }
}

/// Where the sealed columns of one job open.
struct JobSeal {
    enum Column: String { case title, payload, step, reason }

    let sealer: any Sealer
    let tenant: TenantID
    let id: JobID

    func seal(_ bytes: [UInt8], _ column: Column) throws -> [UInt8] {
        try sealer.seal(bytes, under: .tenant(tenant), context: context(column))
    }

    func seal(_ text: String?, _ column: Column) throws -> [UInt8]? {
        try text.map { try seal(Array($0.utf8), column) }
    }

    func open(_ sealed: [UInt8], _ column: Column) throws -> [UInt8] {
        try sealer.open(sealed, under: .tenant(tenant), context: context(column))
    }

    func openText(_ sealed: [UInt8]?, _ column: Column) throws -> String? {
        try sealed.map { String(decoding: try open($0, column), as: UTF8.self) }
    }

    private func context(_ column: Column) -> SealContext {
        SealContext(table: "jobs", column: column.rawValue, row: id.description)
    }
}

extension JobSnapshot {
    init(_ row: JobRow, sealer: any Sealer) throws {
        let seal = JobSeal(sealer: sealer, tenant: row.tenant, id: row.id)
        self.init(
            id: row.id, tenant: row.tenant, subject: row.subject, purpose: row.purpose, kind: row.kind,
            resource: row.resource, title: try seal.openText(row.sealedTitle, .title), state: row.lifecycle.state,
            attempt: row.lifecycle.attempt,
            progress: JobProgress(done: row.done, total: row.total, step: try seal.openText(row.sealedStep, .step)),
            reasonCode: row.reasonCode, reason: try seal.openText(row.sealedReason, .reason), created: row.created,
            updated: row.updated, finished: row.lifecycle.finished, revision: row.revision
        )
    }
}
