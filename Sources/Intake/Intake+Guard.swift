import Connectors
import Kit
import Library
import Storage

// The second guard: where a source can be asked and its settings say so, it is asked at the moment of use.
extension Intake {
    /// Those of `documents` that may be shown to `principal` as far as their sources are concerned. A source that
    /// does not answer in time confirms nothing.
    package func confirmed(_ documents: [DocumentRecord], for principal: Principal) async -> Set<DocumentID> {
        var shown: Set<DocumentID> = []
        for (source, records) in Dictionary(grouping: documents, by: \.source) {
            guard let source else { continue }
            let ids = records.map(\.id)
            shown.formUnion((try? await confirmed(ids, of: source, for: principal)) ?? [])
        }
        return shown
    }

    private func confirmed(
        _ documents: [DocumentID], of source: SourceID, for principal: Principal
    ) async throws -> [DocumentID] {
        let now = parts.clock.now()
        let asked = try await parts.database.read { [self] connection -> Asked? in
            let record = try require(source, for: principal, in: connection)
            // Also where no run comes any more to hide them.
            guard !record.isStale(at: now) else { throw IntakeFailure.notFound }
            guard record.settings.people.obeysSource, record.settings.people.asksSource else { return nil }
            return Asked(
                connector: try connector(for: record.settings),
                keys: try items(of: record).keys(of: documents, for: principal, in: connection),
                accounts: try sources.accounts(of: principal.subject, at: source, for: principal, in: connection))
        }
        guard let asked else { return documents }
        let limit = settings.askingTimeMax
        return try await withThrowingTaskGroup(of: [DocumentID].self) { group in
            group.addTask { try await asked.readable() }
            group.addTask { [clock = parts.clock] in
                try await clock.sleep(limit)
                return []
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }

    private struct Asked: Sendable {
        let connector: any Connector
        let keys: [DocumentID: ExactText]
        let accounts: [ExactText]

        /// What any of the reader's accounts may read; everything where the source cannot be asked.
        func readable() async throws -> [DocumentID] {
            var confirmed: Set<ExactText> = []
            for account in accounts {
                let wanted = Array(Set(keys.values).subtracting(confirmed))
                guard let readable = try await connector.readable(wanted, by: account) else { return Array(keys.keys) }
                confirmed.formUnion(readable)
            }
            return keys.filter { confirmed.contains($0.value) }.map(\.key)
        }
    }
}
