import Access
import AuditTrail
import Kit
import Library
import Storage

// From a source to every answer that used it. Who may review answers may ask, about documents that they may see
// themselves: who manages a document learns nothing here of what others ask.
extension AnswerPipeline {
    /// Answers that rest on a document, the newest first.
    package func lineage(
        of document: DocumentID, for principal: Principal, request: RequestID?
    ) async throws -> Lineage {
        try principal.require(.answersReview)
        _ = try await library.document(document, for: principal)
        return try await lineage([document], only: document, resource: document.description, principal, request)
    }

    /// Answers that rest on anything that a source brought and that this reader may see. A source that brought nothing
    /// of the kind and one that does not exist are alike.
    package func lineage(
        ofSource source: SourceID, for principal: Principal, request: RequestID?
    ) async throws -> Lineage {
        try principal.require(.answersReview)
        let documents = try await library.documents(ofSource: source, for: principal)
        guard !documents.isEmpty else { throw LibraryFailure.notFound }
        return try await lineage(documents, only: nil, resource: source.description, principal, request)
    }

    private func lineage(
        _ documents: Set<DocumentID>, only document: DocumentID?, resource: String, _ principal: Principal,
        _ request: RequestID?
    ) async throws -> Lineage {
        let rows = try await database.read {
            try LineageStore(connection: $0).rows(of: principal.tenant, citing: document)
        }
        let lineage = Lineage(rows, of: documents, isWhole: rows.count < LineageStore.rowsMax)
        try await audit.record(
            AuditEntry(
                action: "answers.lineage", subject: principal.subject, resource: resource, request: request,
                facts: ["answers": String(lineage.answers.count)]), for: .tenant(principal.tenant))
        return lineage
    }
}
