import Access
import AuditTrail
import Connectors
import JobQueue
import Kit
import Library
import Storage

/// A source with the number of its documents.
package struct SourceSummary: Sendable {
    package let record: SourceRecord
    package let documents: Int
    package let problems: Int
}

/// A document of a source that is not here as it is there.
package struct SourceProblem: Sendable {
    package let path: String
    package let sentence: String
    package let attempts: Int
    package let retryAt: Timestamp?
}

// What people do with sources.
extension Intake {
    static let nameBytesMax = 200

    /// Checks everything that can be checked without connecting, then begins the first run. Throws `settings`.
    package func create(_ draft: SourceSettings, by principal: Principal, request: RequestID?) async throws
        -> SourceSummary
    {
        try principal.require(.sourcesManage)
        try check(draft)
        let now = parts.clock.now()
        let record = SourceRecord(
            id: parts.randomness.identifier(), settings: draft, state: .waiting, problem: nil, failures: 0, round: 1,
            listing: 0, cursor: nil, currentAt: nil, startedAt: nil, heldCount: 0, isRemovalConfirmed: false,
            created: now)
        try await parts.library.checkVisible(draft.collection, to: principal)
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            guard try sources.source(named: draft.name, for: principal, in: tx) == nil else {
                throw IntakeFailure.nameTaken
            }
            guard try sources.sources(for: principal, in: tx).count < settings.sourcesMax else {
                throw IntakeFailure.tooMany(limit: settings.sourcesMax)
            }
            try sources.insert(record, for: principal, in: tx)
            try enqueue(record, at: nil, as: principal, in: tx)
            try log("sources.create", record, principal, request, in: tx)
        }
        return SourceSummary(record: record, documents: 0, problems: 0)
    }

    /// Secrets that `change` does not name stay as they are. What decides which documents it has begins a new listing.
    package func update(
        _ id: SourceID, to draft: SourceSettings, by principal: Principal, request: RequestID?
    ) async throws -> SourceSummary {
        try await change(id, "sources.update", by: principal, request) { [self] record, tx in
            guard draft.kind == record.settings.kind else { throw IntakeFailure.cannotChange("kind") }
            guard draft.collection == record.settings.collection else {
                throw IntakeFailure.cannotChange("collection")
            }
            var draft = draft
            try checkSecrets(draft, record.settings)
            for secret in try kind(draft.kind).secrets where draft.options[secret] == nil {
                draft.options[secret] = record.settings.options[secret]
            }
            try check(draft)
            if draft.name != record.settings.name {
                guard try sources.source(named: draft.name, for: principal, in: tx) == nil else {
                    throw IntakeFailure.nameTaken
                }
            }
            let isOther = draft.people != record.settings.people || draft.label != record.settings.label
            if isOther { try items(of: record).forgetRights(for: principal, in: tx) }
            record.settings = draft
            (record.cursor, record.isListing) = (nil, false)
            if record.state != .paused { record.state = .waiting }
        }
        return try await source(id, for: principal)
    }

    package func sources(for principal: Principal) async throws -> [SourceSummary] {
        try principal.require(.sourcesRead)
        return try await parts.database.read { [self] connection in
            try sources.sources(for: principal, in: connection).map { try summary($0, principal, connection) }
        }
    }

    package func source(_ id: SourceID, for principal: Principal) async throws -> SourceSummary {
        try principal.require(.sourcesRead)
        return try await parts.database.read { [self] connection in
            try summary(try require(id, for: principal, in: connection), principal, connection)
        }
    }

    /// Documents that could not be taken in, with the reason. Names them, so it is for those who manage sources.
    package func problems(of id: SourceID, for principal: Principal) async throws -> [SourceProblem] {
        try principal.require(.sourcesManage)
        return try await parts.database.read { [self] connection in
            let record = try require(id, for: principal, in: connection)
            return try items(of: record).problems(limit: 200, for: principal, in: connection).map {
                SourceProblem(
                    path: $0.item.path, sentence: $0.problem ?? "", attempts: $0.attempts, retryAt: $0.retryAt)
            }
        }
    }

    /// "Sync now". The run is this person's.
    package func sync(_ id: SourceID, by principal: Principal, request: RequestID?) async throws -> SourceSummary {
        try await change(id, "sources.sync", by: principal, request) { record, _ in
            if record.state != .running { record.state = .waiting }
        }
        return try await source(id, for: principal)
    }

    package func pause(_ id: SourceID, by principal: Principal, request: RequestID?) async throws -> SourceSummary {
        try await change(id, "sources.pause", by: principal, request) { record, _ in record.state = .paused }
        return try await source(id, for: principal)
    }

    /// Documents that the source does not name any more may go, although they are many.
    package func confirmRemovals(
        _ id: SourceID, by principal: Principal, request: RequestID?
    ) async throws -> SourceSummary {
        try await change(id, "sources.confirm", by: principal, request) { record, _ in
            guard record.state == .held else { throw IntakeFailure.nothingHeld }
            record.isRemovalConfirmed = true
            record.state = .waiting
        }
        return try await source(id, for: principal)
    }

    /// Deletes a source with every document it brought, from every store, and its groups.
    package func remove(_ id: SourceID, by principal: Principal, request: RequestID?) async throws {
        try await change(id, "sources.delete", by: principal, request) { record, _ in record.state = .removing }
    }

    /// Tries a source that need not exist yet.
    package func test(_ draft: SourceSettings, for principal: Principal) async throws -> ConnectionReport {
        try principal.require(.sourcesManage)
        return try await connector(for: draft).test()
    }

    package func test(_ id: SourceID, for principal: Principal) async throws -> ConnectionReport {
        try principal.require(.sourcesManage)
        let record = try await parts.database.read { [self] in try require(id, for: principal, in: $0) }
        return try await connector(for: record.settings).test()
    }

    /// "What would X see": how many of the source's documents the rules of this moment let `reader` see.
    package func visible(
        _ id: SourceID, to reader: Principal, for principal: Principal
    ) async throws -> (visible: Int, documents: Int) {
        try principal.require(.sourcesManage)
        _ = try await source(id, for: principal)
        return try await parts.library.visible(ofSource: id, to: reader, for: principal)
    }

    package var now: Timestamp { parts.clock.now() }

    private func change(
        _ id: SourceID, _ action: String, by principal: Principal, _ request: RequestID?,
        _ body: @escaping @Sendable (inout SourceRecord, any Transaction) throws -> Void
    ) async throws {
        try principal.require(.sourcesManage)
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            var record = try require(id, for: principal, in: tx)
            guard record.state != .removing || action == "sources.delete" else { throw IntakeFailure.isRemoved }
            try body(&record, tx)
            record.round += 1
            try sources.save(record, for: principal, in: tx)
            if record.state != .paused { try enqueue(record, at: nil, as: principal, in: tx) }
            try log(action, record, principal, request, in: tx)
        }
        // The next run gives it a new line, where it has one.
        watchers.end(id)
    }

    /// A secret that is kept goes nowhere but where it went.
    private func checkSecrets(_ draft: SourceSettings, _ old: SourceSettings) throws(IntakeFailure) {
        let kind = try kind(draft.kind)
        let sent = kind.secrets.filter { $0 != OptionDeclaration.hookSecret.name }
        let isKept = sent.contains { draft.options[$0] == nil && old.options[$0] != nil }
        let isElsewhere = kind.options.contains { option in
            let values = [draft.options[option.name], old.options[option.name]]
            let names = values.contains { $0.map { "\($0)".contains("://") } ?? false }
            return values[0] != values[1] && (option.isRequired || names) && !option.isSecret
        }
        guard isKept, isElsewhere else { return }
        throw .settings(.misconfigured("Give the secrets again: where they would be sent has changed."))
    }

    private func check(_ draft: SourceSettings) throws(IntakeFailure) {
        let isClean = !draft.name.unicodeScalars.contains { $0.properties.generalCategory == .control }
        // The name is the first part of its documents' paths.
        guard (1...Self.nameBytesMax).contains(draft.name.utf8.count), isClean, !draft.name.contains("/"),
            draft.name != ".", draft.name != ".."
        else { throw .badName }
        guard SourceSettings.everyRange.contains(draft.every),
            PeopleSettings.staleRange.contains(draft.people.staleHours)
        else { throw .badInterval }
        if case .text(let secret)? = draft.options[OptionDeclaration.hookSecret.name] {
            guard secret.utf8.count >= HookDelivery.secretBytesMin else { throw .settings(.weakHookSecret) }
        }
        guard draft.people.accounts.count <= PeopleSettings.accountsMax else { throw .tooManyAccounts }
        _ = try connector(for: draft)
    }

    private func summary(
        _ record: SourceRecord, _ principal: Principal, _ connection: any SQLConnection
    ) throws -> SourceSummary {
        let counts = try items(of: record).counts(listing: record.listing, for: principal, in: connection)
        return SourceSummary(record: record, documents: counts.documents, problems: counts.problems)
    }

    func log(
        _ action: String, _ record: SourceRecord, _ principal: Principal, _ request: RequestID?,
        facts: [String: String] = [:], in tx: any Transaction
    ) throws {
        let all = facts.merging(["kind": record.settings.kind, "obeys": "\(record.settings.people.obeysSource)"]) {
            a, _ in a
        }
        try parts.audit.append(
            AuditEntry(
                action: action, subject: principal.subject, resource: record.id.description, outcome: .allowed,
                request: request, classification: record.settings.label, facts: all),
            in: tx)
    }

    /// The job of the record's round.
    func enqueue(
        _ record: SourceRecord, at time: Timestamp?, as principal: Principal, in tx: any Transaction
    ) throws {
        let payload = SyncPayload(source: record.id, round: record.round)
        try parts.jobs.enqueue(
            JobRequest(
                kind: SyncJob.kind, payload: try payload.bytes, idempotencyKey: record.jobKey,
                resource: record.id.description, title: record.settings.name, notBefore: time),
            as: principal, in: tx)
    }
}

extension ConnectorKind {
    /// Names of settings that are never shown.
    package var secrets: [String] { options.filter(\.isSecret).map(\.name) }
}
