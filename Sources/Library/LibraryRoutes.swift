import Access
import Documents
import HTTPKit
import HTTPTypes
import Kit

/// The library over HTTP: collections, documents, access rules.
package struct LibraryRoutes: Sendable {
    let library: DocumentLibrary
    let access: AccessService

    package init(library: DocumentLibrary, access: AccessService) {
        self.library = library
        self.access = access
    }

    package var routes: [Route] {
        collectionRoutes + documentRoutes + accessRoutes + screeningRoutes + FilingRoutes(library: library).routes
            + RereadRoutes(library: library).routes + PageRoutes(library: library).routes
            + ComparisonRoutes(library: library).routes
    }

    private var collectionRoutes: [Route] {
        [
            Route(
                .get, "/api/v1/collections", .requires(.collectionsRead), "The collections you may see.",
                gives: .of(ListBody<CollectionBody>.self), handler: listCollections),
            Route(
                .post, "/api/v1/collections", .requires(.collectionsManage), "Make a collection.",
                takes: .of(CollectionDraft.self), gives: .of(CollectionBody.self), handler: createCollection),
            Route(
                .get, "/api/v1/collections/{collection}", .requires(.collectionsRead), "One collection.",
                gives: .of(CollectionBody.self), handler: getCollection),
            Route(
                .get, "/api/v1/collections/{collection}/progress", .requires(.documentsRead),
                "How many of the documents you may see are in each state.", gives: .of(ProgressBody.self),
                handler: getProgress),
            Route(
                .get, "/api/v1/collections/{collection}/duplicates", .requires(.documentsRead),
                "Groups of documents you may see that are the same, or nearly.", gives: .of(DuplicatesBody.self),
                handler: getDuplicates),
            Route(
                .delete, "/api/v1/collections/{collection}", .requires(.collectionsManage),
                "Delete an empty collection.", handler: deleteCollection),
        ]
    }

    private var documentRoutes: [Route] {
        let bytesMax = library.settings.uploadBytesMax
        return [
            Route(
                .get, "/api/v1/collections/{collection}/documents", .requires(.documentsRead),
                "The documents you may see, newest first.", gives: .of(PageOf<DocumentBody>.self),
                handler: listDocuments),
            Route(
                .post, "/api/v1/collections/{collection}/documents", .requires(.documentsWrite),
                "Upload a document: raw bytes, its place in ?path=.", takes: .bytes(contentType: "text/markdown"),
                gives: .of(UploadBody.self), bodyBytesMax: bytesMax, handler: upload),
            Route(
                .get, "/api/v1/documents/{document}", .requires(.documentsRead), "One document.",
                gives: .of(DocumentBody.self), handler: getDocument),
            Route(
                .get, "/api/v1/documents/{document}/text", .requires(.documentsRead),
                "The normalised text of a version.", gives: .of(TextBody.self), handler: getText),
            Route(
                .delete, "/api/v1/documents/{document}", .requires(.documentsDelete),
                "Delete a document from every store; an event stream tells each step when asked for by Accept.",
                handler: deleteDocument),
            Route(
                .post, "/api/v1/documents/{document}/move", .requires(.documentsWrite),
                "Move a document within its collection.", takes: .of(MoveBody.self), gives: .of(DocumentBody.self),
                handler: move),
        ]
    }

    private var accessRoutes: [Route] {
        [
            Route(
                .put, "/api/v1/collections/{collection}/access", .requires(.collectionsManage),
                "Set who may read a collection.", takes: .of(AccessBody.self), handler: setCollectionAccess),
            Route(
                .put, "/api/v1/collections/{collection}/folders/access", .requires(.collectionsManage),
                "Set who may read a folder.", takes: .of(FolderAccessBody.self), handler: setFolderAccess),
            Route(
                .put, "/api/v1/documents/{document}/access", .requires(.documentsWrite),
                "Set who may read a document.", takes: .of(AccessBody.self), handler: setDocumentAccess),
            Route(
                .get, "/api/v1/documents/{document}/access", .requires(.documentsRead),
                "Why you, or ?subject=, may or may not read a document.", gives: .of(ExplanationBody.self),
                handler: explainAccess),
        ]
    }
}

// MARK: - Collections

extension LibraryRoutes {
    private func listCollections(_ exchange: Exchange) async throws -> Reply {
        let found = try await library.collections(for: exchange.principal())
        return try .json(ListBody(items: found.map(CollectionBody.init)))
    }

    private func createCollection(_ exchange: Exchange) async throws -> Reply {
        let draft = try exchange.decode(CollectionDraft.self)
        let record = try await library.createCollection(
            named: draft.name, label: draft.label ?? .internal, access: draft.access?.constraint,
            quarantine: draft.quarantine ?? .off, chunking: draft.chunking?.chunker, by: exchange.principal(),
            request: exchange.id)
        let summary = CollectionSummary(record: record, documents: 0, chunker: library.chunker(of: record))
        return try .json(CollectionBody(summary), status: .created)
    }

    private func getCollection(_ exchange: Exchange) async throws -> Reply {
        let id: CollectionID = try exchange.identifier("collection")
        return try .json(CollectionBody(try await library.collection(id, for: exchange.principal())))
    }

    private func getProgress(_ exchange: Exchange) async throws -> Reply {
        let id: CollectionID = try exchange.identifier("collection")
        return try .json(ProgressBody(try await library.progress(of: id, for: exchange.principal())))
    }

    private func deleteCollection(_ exchange: Exchange) async throws -> Reply {
        let id: CollectionID = try exchange.identifier("collection")
        try await library.deleteCollection(id, by: exchange.principal(), request: exchange.id)
        return Reply(.noContent)
    }
}

// MARK: - Documents

extension LibraryRoutes {
    private func listDocuments(_ exchange: Exchange) async throws -> Reply {
        let id: CollectionID = try exchange.identifier("collection")
        let page = try await library.documents(of: id, exchange.page(), for: exchange.principal())
        return try .page(page.map(DocumentBody.init))
    }

    private func upload(_ exchange: Exchange) async throws -> Reply {
        let collection: CollectionID = try exchange.identifier("collection")
        // First of all: what is wrong with a file is nobody's business who may not see the collection.
        try await library.checkVisible(collection, to: exchange.principal())
        guard let text = exchange.query["path"] else {
            throw Problem.invalid("path", "Name the document: ?path=handbook/leave.md")
        }
        let path = try DocumentPath(text)
        let receipt = try await library.upload(
            Upload(
                collection: collection, path: path, declaredType: exchange.request.headerFields[.contentType],
                label: label(exchange), bytes: exchange.body),
            by: exchange.principal(), request: exchange.id)
        return try .json(UploadBody(receipt), status: .accepted)
    }

    private func label(_ exchange: Exchange) throws -> Classification? {
        guard let text = exchange.query["label"] else { return nil }
        guard let label = Classification(rawValue: text) else {
            let known = Classification.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.invalid("label", "One of \(known).")
        }
        return label
    }

    private func getDocument(_ exchange: Exchange) async throws -> Reply {
        let id: DocumentID = try exchange.identifier("document")
        let (record, findings) = try await library.screened(id, for: exchange.principal())
        return try .json(DocumentBody(record, findings: findings))
    }

    private func getText(_ exchange: Exchange) async throws -> Reply {
        let id: DocumentID = try exchange.identifier("document")
        let version = try exchange.query["version"].map { text in
            guard let version = VersionID(text) else { throw LibraryFailure.notFound }
            return version
        }
        return try .json(TextBody(try await library.text(of: id, version: version, for: exchange.principal())))
    }

    private func deleteDocument(_ exchange: Exchange) async throws -> Reply {
        let id: DocumentID = try exchange.identifier("document")
        if exchange.request.headerFields[.accept]?.contains("text/event-stream") == true {
            let events = ErasureEvents(library: library)
            return .events(try await events.stream(id, by: exchange.principal(), request: exchange.id))
        }
        try await library.delete(id, by: exchange.principal(), request: exchange.id)
        return Reply(.noContent)
    }

    private func move(_ exchange: Exchange) async throws -> Reply {
        let id: DocumentID = try exchange.identifier("document")
        let path = try DocumentPath(exchange.decode(MoveBody.self).path)
        try await library.move(id, to: path, by: exchange.principal(), request: exchange.id)
        return try await getDocument(exchange)
    }
}

// MARK: - Access

extension LibraryRoutes {
    private func setCollectionAccess(_ exchange: Exchange) async throws -> Reply {
        let id: CollectionID = try exchange.identifier("collection")
        let rule = try exchange.decode(AccessBody.self).constraint
        try await library.setAccess(rule, ofCollection: id, by: exchange.principal(), request: exchange.id)
        return Reply(.noContent)
    }

    private func setFolderAccess(_ exchange: Exchange) async throws -> Reply {
        let id: CollectionID = try exchange.identifier("collection")
        let body = try exchange.decode(FolderAccessBody.self)
        let rule = AccessBody(allow: body.allow, deny: body.deny).constraint
        try await library.setAccess(
            rule, ofFolder: DocumentPath(body.path), in: id, by: exchange.principal(), request: exchange.id)
        return Reply(.noContent)
    }

    private func setDocumentAccess(_ exchange: Exchange) async throws -> Reply {
        let id: DocumentID = try exchange.identifier("document")
        let rule = try exchange.decode(AccessBody.self).constraint
        try await library.setAccess(rule, ofDocument: id, by: exchange.principal(), request: exchange.id)
        return Reply(.noContent)
    }

    private func explainAccess(_ exchange: Exchange) async throws -> Reply {
        let id: DocumentID = try exchange.identifier("document")
        let principal = try exchange.principal()
        let reader = try await reader(exchange.query["subject"], asked: principal)
        return try .json(ExplanationBody(try await library.explainAccess(to: id, of: reader, for: principal)))
    }

    /// Somebody else's rights are for those who may read users.
    private func reader(_ text: String?, asked principal: Principal) async throws -> Principal {
        guard let text else { return principal }
        guard let subject = SubjectID(text) else { throw LibraryFailure.notFound }
        return try await access.principal(of: subject, askedBy: principal)
    }
}

extension LibraryFailure: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .notFound: .notFound("library.not_found")
        case .nameTaken: Problem(.conflict, "library.name_taken", "A collection of this name exists already.")
        case .badName:
            Problem(.badRequest, "library.bad_name", "A name has 1 to 200 bytes and no control characters.")
        case .badPath(let reason): Problem(.badRequest, "library.bad_path", "The path is refused: \(reason).")
        case .unreadable(let failure):
            Problem(
                .unsupportedMediaType, "library.unreadable", "This file cannot be read.", detail: failure.sentence)
        case .empty: Problem(.badRequest, "library.empty", "The file is empty.")
        case .tooLarge(_, let bytesMax):
            Problem(.contentTooLarge, "library.too_large", "The file is over \(bytesMax) bytes.")
        case .labelAboveClearance:
            Problem(.forbidden, "library.label_above_clearance", "The label is above your own clearance.")
        case .collectionNotEmpty:
            Problem(.conflict, "library.collection_not_empty", "Delete the collection's documents first.")
        case .badFiling(let reason):
            Problem(.badRequest, "library.bad_filing", "This filing is refused.", detail: reason)
        case .badChunking(let reason): .invalid("chunking", reason)
        case .collectionFed:
            Problem(.conflict, "library.collection_fed", "Delete the sources that feed the collection first.")
        case .belongsToSource:
            Problem(
                .conflict, "library.belongs_to_source", "A source brought this document.",
                detail: "Change it in the system that it comes from, or leave it out in the settings of the source.")
        case .badCursor: .invalid("cursor", "Send the `next` of the page before, unchanged.")
        case .notWaiting:
            Problem(.conflict, "library.not_waiting", "Nobody has to decide about this document now. Look again.")
        case .busy: Problem(.conflict, "library.busy", "Somebody else changes this now. Try again.")
        case .noPicture(let failure):
            Problem(
                .unprocessableContent, "library.no_picture", "This page cannot be shown as a picture.",
                detail: failure == .timedOut || failure == .outOfMemory
                    ? "It would take too long. Its text can be read." : "Its text can be read.")
        case .painterBusy:
            Problem(
                .serviceUnavailable, "library.painter_busy", "Too many pages are being shown at this moment.",
                retryAfterSeconds: 1)
        }
    }
}

extension Grantee: SchemaDescribed {
    package static var schema: SchemaNode { .string(format: "everyone, sub_... or grp_...") }
    package static var schemaSample: Grantee { .everyone }
}
