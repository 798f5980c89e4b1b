import Kit
import Storage

/// Reading the log. A reading is itself an entry, written before anything is shown.
extension AuditTrail {
    /// Records that one call opens in search of those that are looked for; `next` goes on from there.
    private static let openedMax = 5000
    private static let openedAtOnce = 500

    /// The records of the principal's tenant, newest first. Needs `audit.read`. A page may hold fewer than asked for,
    /// none even, and still have a next one.
    package func entries(
        for principal: Principal, page: PageRequest, matching filter: AuditFilter = AuditFilter()
    ) async throws -> Page<AuditReading> {
        var place = try page.after.map { try AuditPosition(cursor: $0) }
        try await recordReading("audit.read", by: principal)
        let scope = WriteScope.tenant(principal.tenant)
        let step = filter == AuditFilter() ? page.limit : Self.openedAtOnce
        var (found, opened) = ([AuditReading](), 0)
        while opened < Self.openedMax {
            let leaves = try await database.read { [place] connection in
                try AuditStore(connection: connection).newestLeaves(of: scope, before: place, limit: step)
            }
            for leaf in leaves {
                place = AuditPosition(year: leaf.log.year, sequence: leaf.sequence)
                let reading = AuditReading(record: try leaf.open(with: sealer), leafHash: leaf.hash)
                if filter.endsAt(reading.record.time) { return Page(items: found, next: nil) }
                if filter.admits(reading.record) { found.append(reading) }
                if found.count == page.limit { return Page(items: found, next: place?.cursor) }
            }
            opened += leaves.count
            if leaves.count < step { return Page(items: found, next: nil) }
        }
        return Page(items: found, next: place?.cursor)
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
