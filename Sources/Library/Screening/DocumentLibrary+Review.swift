import Access
import Documents
import JobQueue
import Keyring
import Kit
import Search
import Storage

/// What a person says about a document that waits. Stored and sent under its raw value.
package enum ReviewDecision: String, Sendable, Codable, CaseIterable {
    case approve, reject
}

/// A document that waits, as its reviewer sees it.
package struct WaitingDocument: Sendable {
    package let document: DocumentRecord
    /// The version that waits, to be named with the decision.
    package let version: VersionID
    package let findings: [ScreenFinding]
}

extension DocumentLibrary {
    /// The most that `quarantine` gives at once; the rest moves up as these are decided.
    package static let waitingShownMax = 200

    /// Those that wait and that the reviewer may see, oldest first; what the reviewer may not see waits for another.
    package func quarantine(
        of collection: CollectionID, for principal: Principal
    ) async throws -> (waiting: [WaitingDocument], total: Int) {
        try principal.require(.collectionsManage)
        return try await parts.database.read { [self] connection in
            _ = try visibleCollection(collection, to: principal, in: connection)
            let acls = try visibleACLs(of: collection, to: principal, in: connection).keys.sorted()
            let (ids, total) = try screenings.waiting(
                in: collection, acls: acls, limit: Self.waitingShownMax, for: principal, in: connection)
            let waiting = try visible(ids, to: principal, in: connection).compactMap { document in
                try versions.newest(of: document.id, for: principal, in: connection).map { version in
                    WaitingDocument(
                        document: document, version: version.id,
                        findings: try screenings.report(of: document, for: principal, in: connection)?.findings ?? [])
                }
            }
            return (waiting, total)
        }
    }

    /// What waits, for the person who decides: read from its original anew, because nothing of it is kept as text
    /// before it is let in.
    package func heldText(
        of id: DocumentID, for principal: Principal
    ) async throws -> (waiting: WaitingDocument, parsed: ParsedDocument) {
        try principal.require(.collectionsManage)
        let (document, version, findings) = try await parts.database.read { [self] connection in
            let (document, version) = try waiting(id, nil, principal, in: connection)
            let report = try screenings.report(of: document, for: principal, in: connection)
            return (document, version, report?.findings ?? [])
        }
        guard !(await confirmed([document], for: principal)).isEmpty else { throw LibraryFailure.notFound }
        do {
            let parsed = try await read(version, of: document, for: principal)
            // Whoever lost the right to it while it was read sees nothing of it.
            _ = try await parts.database.read { [self] in try waiting(id, version.id, principal, in: $0) }
            return (WaitingDocument(document: document, version: version.id, findings: findings), parsed)
        } catch let failure as ParseFailure {
            throw LibraryFailure.unreadable(failure)
        }
    }

    /// `version` says what was looked at: a newer upload is not decided about by mistake. Nil: whichever waits.
    package func review(
        _ id: DocumentID, _ decision: ReviewDecision, of version: VersionID? = nil, by principal: Principal,
        request: RequestID?
    ) async throws {
        try principal.require(.collectionsManage)
        let goes = try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            let (document, waiting) = try waiting(id, version, principal, in: tx)
            switch decision {
            case .approve: try approve(waiting, of: document, principal, request, in: tx)
            case .reject where document.source == nil && document.currentVersion == nil: return true
            case .reject: try reject(waiting, of: document, principal, request, in: tx)
            }
            return false
        }
        guard goes else { return }
        try await erase(id, by: principal, request: request) { [self] tx in
            let (document, waiting) = try waiting(id, version, principal, in: tx)
            try logReview(.reject, waiting, of: document, principal, request, in: tx)
            return document
        }
    }

    private func waiting(
        _ id: DocumentID, _ version: VersionID?, _ principal: Principal, in connection: any SQLConnection
    ) throws -> (DocumentRecord, VersionRecord) {
        let document = try visibleDocument(id, to: principal, in: connection)
        guard let newest = try versions.newest(of: id, for: principal, in: connection), newest.state == .quarantined,
            version ?? newest.id == newest.id
        else { throw LibraryFailure.notWaiting }
        return (document, newest)
    }

    /// Ingested again with the reviewer's rights: whoever lets content in answers for it.
    private func approve(
        _ version: VersionRecord, of document: DocumentRecord, _ principal: Principal, _ request: RequestID?,
        in tx: any Transaction
    ) throws {
        try principal.require(.documentsWrite)
        let job = try enqueue(
            document.id, version.id, DocumentPath(document.path), principal, again: "/approved", in: tx)
        try screenings.decide(.approve, about: version.id, state: .queued, job: job, for: principal, in: tx)
        try documents.setState(.queued, of: document.id, at: parts.clock.now(), for: principal, in: tx)
        try logReview(.approve, version, of: document, principal, request, in: tx)
    }

    private func reject(
        _ version: VersionRecord, of document: DocumentRecord, _ principal: Principal, _ request: RequestID?,
        in tx: any Transaction
    ) throws {
        try screenings.decide(.reject, about: version.id, state: .failed, job: nil, for: principal, in: tx)
        try documents.setState(
            .failed, reason: .rejected, of: document.id, at: parts.clock.now(), for: principal, in: tx)
        try logReview(.reject, version, of: document, principal, request, in: tx)
    }

    private func logReview(
        _ decision: ReviewDecision, _ version: VersionRecord, of document: DocumentRecord, _ principal: Principal,
        _ request: RequestID?, in tx: any Transaction
    ) throws {
        let facts = ["decision": decision.rawValue, "version": version.id.description]
        try log("documents.review", document.id.description, principal, request, document.label, facts: facts, in: tx)
    }

    /// Sets a version aside when its collection says so and nobody approved it; false when it goes on. An earlier
    /// version stays what its readers see.
    func hold(
        _ version: VersionRecord, of document: DocumentRecord, _ parsed: ParsedDocument, _ report: ScreenReport,
        for principal: Principal, in tx: any Transaction
    ) throws -> Bool {
        guard version.review != .approve,
            try collections.quarantine(of: document.collection, for: principal, in: tx).holds(report.findings)
        else { return false }
        try screenings.setReport(report, of: version.id, in: document, for: principal, in: tx)
        try screenings.hold(version.id, notes: parsed.notes, for: principal, in: tx)
        try documents.setState(.quarantined, of: document.id, at: parts.clock.now(), for: principal, in: tx)
        try log(
            "documents.quarantine", document.id.description, principal, nil, document.label,
            facts: ["version": version.id.description], in: tx)
        return true
    }
}
