import AuditTrail
import Connectors
import JobQueue
import Kit
import Storage
import Synchronization

// What a source says by itself. It is only a hint: the run that it brings forward was due anyway, has the rights of
// whoever it runs for, and finds out at the source what changed. So a delivery that comes twice, late or never does no
// harm.
extension Intake {
    /// Brings the next run of `source` forward. Throws `hookRefused`, for a source that does not exist as for one
    /// without a secret and for a wrong secret.
    func hint(_ source: SourceID?, by delivery: HookDelivery, request: RequestID?) async throws {
        let found = try await parts.database.read { [self] connection in
            try source.flatMap { try sources.claimed($0, in: connection) }
        }
        guard delivery.proves(found?.record.hookSecret ?? noSecret), let (tenant, record) = found else {
            try await refuse(found?.record.id, of: found?.tenant, request)
            throw IntakeFailure.hookRefused
        }
        guard record.takesHint else { return }
        try await parts.database.write(.tenant(tenant)) { [self] tx in
            guard let record = try sources.claimed(record.id, in: tx)?.record, record.takesHint else { return }
            let now = parts.clock.now()
            try sources.setHint(record.id, of: tenant, at: now, in: tx)
            try parts.jobs.hasten(
                kind: SyncJob.kind, key: record.jobKey, to: max(now, record.earliest(after: settings.hintGap)), in: tx)
            try parts.audit.append(
                AuditEntry(
                    action: "sources.hint", resource: record.id.description, request: request,
                    facts: ["kind": record.settings.kind]),
                in: tx)
        }
    }

    /// In the log of the source's tenant, or of the platform where there is no such source: either is one entry.
    private func refuse(_ source: SourceID?, of tenant: TenantID?, _ request: RequestID?) async throws {
        let now = parts.clock.now()
        guard refusals.withLock({ $0.isNews(source, at: now, gap: settings.refusalGap) }) else { return }
        let entry = AuditEntry(
            action: "sources.hint", resource: source?.description ?? "sources", outcome: .denied, request: request)
        try await parts.audit.record(entry, for: tenant.map(WriteScope.tenant) ?? .platform)
    }
}

extension SourceRecord {
    /// Names the job of its round.
    var jobKey: String { "\(id)/\(round)" }

    /// Nil when it has none: no delivery proves itself then.
    fileprivate var hookSecret: Secret? {
        guard case .text(let secret)? = settings.options[OptionDeclaration.hookSecret.name] else { return nil }
        return Secret(secret)
    }

    /// Not while it keeps a wait that the source asked for, and once is enough until a run has begun.
    fileprivate var takesHint: Bool {
        switch state {
        case .waiting, .running, .held: hintedAt == nil
        case .failing, .paused, .removing: false
        }
    }
}
