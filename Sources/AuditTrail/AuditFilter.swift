import Kit

/// What somebody looks for in the log. Entries are sealed, so act and person are found by opening; the time is not.
package struct AuditFilter: Sendable, Equatable {
    /// `documents.delete`, or all acts of `documents`.
    package var action: String?
    package var subject: SubjectID?
    package var since: Timestamp?
    /// Not this moment itself.
    package var before: Timestamp?

    package init(
        action: String? = nil, subject: SubjectID? = nil, since: Timestamp? = nil, before: Timestamp? = nil
    ) {
        self.action = action
        self.subject = subject
        self.since = since
        self.before = before
    }

    func admits(_ record: AuditRecord) -> Bool {
        let entry = record.entry
        let isAct = action.map { entry.action == $0 || entry.action.hasPrefix($0 + ".") } ?? true
        return isAct && (subject == nil || entry.subject == subject) && isInTime(record.time)
    }

    private func isInTime(_ time: Timestamp) -> Bool {
        (since.map { time >= $0 } ?? true) && (before.map { time < $0 } ?? true)
    }

    /// Times only grow within the log, so nothing that is looked for comes before this one.
    func endsAt(_ time: Timestamp) -> Bool { since.map { time < $0 } ?? false }
}
