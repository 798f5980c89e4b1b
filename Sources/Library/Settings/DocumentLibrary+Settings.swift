import Access
import AuditTrail
import Kit
import Storage

/// What of a collection's settings is to be otherwise; nil stays.
package struct CollectionChange: Sendable, Equatable {
    /// Of documents that come in without one; those that are there keep theirs.
    package var label: Classification?
    /// For what comes from now on; what waits already keeps waiting for its decision.
    package var quarantine: QuarantineRule?
    /// Documents that were cut otherwise are read again in the background.
    package var chunking: Chunker?

    package init(label: Classification? = nil, quarantine: QuarantineRule? = nil, chunking: Chunker? = nil) {
        self.label = label
        self.quarantine = quarantine
        self.chunking = chunking
    }
}

extension DocumentLibrary {
    /// Changes nothing, and logs nothing, when everything is so already.
    package func change(
        _ id: CollectionID, _ change: CollectionChange, by principal: Principal, request: RequestID?
    ) async throws {
        try principal.require(.collectionsManage)
        if let problem = change.chunking?.problem { throw LibraryFailure.badChunking(problem) }
        if let label = change.label, label > principal.clearance { throw LibraryFailure.labelAboveClearance }
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            let known = try visibleCollection(id, to: principal, in: tx)
            let (label, rule) = (change.label ?? known.label, change.quarantine ?? known.quarantine)
            let cut = change.chunking ?? chunker(of: known)
            let isCutOtherwise = cut != chunker(of: known)
            guard label != known.label || rule != known.quarantine || isCutOtherwise else { return }
            try collections.setSettings(
                label: label, quarantine: rule, chunking: isCutOtherwise ? cut : known.chunking, of: id,
                for: principal, in: tx)
            try log(
                "collections.settings", id.description, principal, request, label,
                facts: ["quarantine": rule.rawValue, "chunking": cut.stored], in: tx)
            if isCutOtherwise { try startRereading(by: principal, request: request, in: tx) }
        }
    }

    package func setQuarantine(
        _ rule: QuarantineRule, ofCollection id: CollectionID, by principal: Principal, request: RequestID?
    ) async throws {
        try await change(id, CollectionChange(quarantine: rule), by: principal, request: request)
    }
}
