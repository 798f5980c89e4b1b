import Foundation
import Kit
import Storage

/// An entry in its place. Its canonical bytes are what the leaf commits to.
package struct AuditRecord: Hashable, Sendable {
    package let log: AuditLog
    /// 1, 2, 3 … without holes within the log.
    package let sequence: Int64
    package let time: Timestamp
    package let entry: AuditEntry

    /// JSON with sorted keys. Kept as written, so that a later encoder need not give the same bytes.
    func canonicalBytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = Body(log: log.description, sequence: sequence, time: time.microseconds, entry: entry)
        return Array(try encoder.encode(body))
    }

    /// Nil when `bytes` are not the record of this place.
    init?(canonicalBytes bytes: [UInt8], log: AuditLog, sequence: Int64, time: Timestamp) {
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(bytes)),
            body.log == log.description, body.sequence == sequence, body.time == time.microseconds
        else { return nil }
        self.init(log: log, sequence: sequence, time: time, entry: body.entry)
    }

    init(log: AuditLog, sequence: Int64, time: Timestamp, entry: AuditEntry) {
        self.log = log
        self.sequence = sequence
        self.time = time
        self.entry = entry
    }

    private struct Body: Codable {
        let log: String
        let sequence: Int64
        let time: Int64
        let entry: AuditEntry
    }
}
