import Access
import Documents
import Kit
import Search
import Storage

/// What was found in the documents of a collection that one reader may see. Kinds and counts only.
package struct FindingsSummary: Sendable, Equatable {
    package struct Tally: Sendable, Equatable {
        package var documents = 0
        package var occurrences = 0
    }

    /// How many documents were looked through for this summary, and whether these were all.
    package var documents = 0
    package var isComplete = true
    /// On their way, unreadable, or from before documents were looked at.
    package var unscreened = 0
    package var findings: [FindingKind: Tally] = [:]
    /// Documents by BCP 47 code.
    package var languages: [String: Int] = [:]
    package var notes: [ParseNote: Int] = [:]
    /// Documents whose newest upload could not be read, by the code of the reason.
    package var failures: [String: Int] = [:]

    mutating func add(_ screened: ScreeningStore.Screened) {
        documents += 1
        if screened.state == .failed { failures[screened.reason?.code ?? "unknown", default: 0] += 1 }
        for note in screened.notes { notes[note, default: 0] += 1 }
        guard let report = screened.report else { return unscreened += 1 }
        if let language = report.language { languages[language, default: 0] += 1 }
        for finding in report.findings {
            findings[finding.kind, default: Tally()].documents += 1
            findings[finding.kind, default: Tally()].occurrences += finding.count
        }
    }
}

extension DocumentLibrary {
    /// More documents than one summary looks through.
    package static let summaryDocumentsMax = 50_000
    private static let summaryPage = 500

    /// A document with what was found in the version that waits or is shown; nil when that was not looked at.
    package func screened(
        _ id: DocumentID, for principal: Principal
    ) async throws -> (DocumentRecord, [ScreenFinding]?) {
        try await parts.database.read { [self] connection in
            let document = try visibleDocument(id, to: principal, in: connection)
            return (document, try screenings.report(of: document, for: principal, in: connection)?.findings)
        }
    }

    /// Of the documents that this reader may see; the others do not show in any number.
    package func findings(of collection: CollectionID, for principal: Principal) async throws -> FindingsSummary {
        var summary = FindingsSummary()
        var last: DocumentID?
        repeat {
            let start = last
            let page = try await parts.database.read { [self] connection in
                _ = try visibleCollection(collection, to: principal, in: connection)
                let acls = try visibleACLs(of: collection, to: principal, in: connection).keys.sorted()
                return try screenings.screened(
                    of: collection, acls: acls, after: start, limit: Self.summaryPage, for: principal, in: connection)
            }
            page.forEach { summary.add($0) }
            last = page.count < Self.summaryPage ? nil : page.last?.document
            if last != nil, summary.documents >= Self.summaryDocumentsMax {
                summary.isComplete = false
                return summary
            }
        } while last != nil
        return summary
    }
}
