import Kit
import Storage

/// Reading the log. A reading is itself an entry, written before anything is shown.
extension AuditTrail {
    /// The records of the principal's tenant, newest first. Needs `audit.read`.
    package func entries(for principal: Principal, page: PageRequest) async throws -> Page<AuditReading> {
        let start = try page.after.map { try AuditPosition(cursor: $0) }
        try await recordReading("audit.read", by: principal)
        let scope = WriteScope.tenant(principal.tenant)
        let leaves = try await database.read { connection in
            try AuditStore(connection: connection).newestLeaves(of: scope, before: start, limit: page.limit)
        }
        let items = try leaves.map { AuditReading(record: try $0.open(with: sealer), leafHash: $0.hash) }
        let last = leaves.count == page.limit ? leaves.last : nil
        return Page(items: items, next: last.map { AuditPosition(year: $0.log.year, sequence: $0.sequence).cursor })
    }

    /// `verify` for a principal's own tenant. Needs `audit.read`.
    package func verification(for principal: Principal) async throws -> AuditVerification {
        try await recordReading("audit.verify", by: principal)
        return try await verify(.tenant(principal.tenant))
    }

    private func recordReading(_ action: String, by principal: Principal) async throws {
        guard principal.permissions.contains(.auditRead) else { throw AuditFailure.forbidden }
        let entry = AuditEntry(action: action, subject: principal.subject, resource: "\(principal.tenant)")
        try await record(entry, for: .tenant(principal.tenant))
    }
}

/// A record as it is shown.
package struct AuditReading: Sendable, Hashable {
    package let record: AuditRecord
    package let leafHash: [UInt8]
}

/// Where a page ends. The cursor is `2026/17`.
struct AuditPosition: Hashable, Sendable {
    let year: Int
    let sequence: Int64

    var cursor: String { "\(year)/\(sequence)" }

    init(year: Int, sequence: Int64) {
        self.year = year
        self.sequence = sequence
    }

    init(cursor: String) throws(AuditFailure) {
        let parts = cursor.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let year = Int(parts[0]), let sequence = Int64(parts[1]) else { throw .unknownPage }
        self.init(year: year, sequence: sequence)
    }
}

extension AuditStore {
    /// Descending over the owner's logs, from the record before `start`.
    func newestLeaves(of scope: WriteScope, before start: AuditPosition?, limit: Int) throws -> [AuditLeaf] {
        var found: [AuditLeaf] = []
        for log in try heads(of: scope).map(\.log).reversed() where log.year <= start?.year ?? .max {
            let bound = log.year == start?.year ? start?.sequence : nil
            found += try leaves(of: log, before: bound ?? .max, limit: limit - found.count)
            if found.count == limit { break }
        }
        return found
    }
}
