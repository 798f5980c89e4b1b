import HTTPKit
import HTTPTypes
import Kit
import Search

/// Reading documents again over HTTP: where it stands, starting it, pausing it.
struct RereadRoutes: Sendable {
    let library: DocumentLibrary

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/library/reread", .requires(.libraryMaintain),
                "Which documents were read by another encoder, chunker or parser than today's.",
                gives: .of(RereadBody.self), handler: status),
            Route(
                .post, "/api/v1/library/reread", .requires(.libraryMaintain),
                "Read them again, in the background.", gives: .of(RereadBody.self), handler: start),
            Route(
                .post, "/api/v1/library/reread/pause", .requires(.libraryMaintain),
                "Stop after the document that is being read; starting it again goes on there.",
                gives: .of(RereadBody.self), handler: pause),
        ]
    }

    private func status(_ exchange: Exchange) async throws -> Reply {
        try .json(RereadBody(try await library.rereadStatus(for: exchange.principal())))
    }

    private func start(_ exchange: Exchange) async throws -> Reply {
        let status = try await library.startRereading(by: exchange.principal(), request: exchange.id)
        return try .json(RereadBody(status), status: .accepted)
    }

    private func pause(_ exchange: Exchange) async throws -> Reply {
        try .json(RereadBody(try await library.pauseRereading(by: exchange.principal(), request: exchange.id)))
    }
}

struct RereadBody: Codable, Sendable {
    /// Fingerprints of what reads documents now, and of what they are searched by.
    let encoder, serving: String
    /// False until every document has been read by `encoder`.
    let switched: Bool
    let documents: Int
    /// Not read by `encoder` yet; with vectors of another one still; that could not be read again.
    let behind, surplus, stuck: Int
    /// Cut by another chunker or read by an older parser.
    let outdated: Int
    let upToDate: Bool
    let state: RereadState?
    let job: JobID?
    /// Documents that this run has read again.
    let done: Int
    /// In words.
    let advice: String

    init(_ status: RereadStatus) {
        encoder = status.encoder
        serving = status.serving
        switched = status.isSwitched
        documents = status.progress.documents
        behind = status.progress.behind
        surplus = status.progress.surplus
        stuck = status.progress.stuck
        outdated = status.outdated
        upToDate = status.isUpToDate
        state = status.state
        job = status.job
        done = status.done
        advice = status.advice
    }
}

extension RereadStatus {
    var advice: String {
        if isUpToDate {
            return progress.stuck == 0
                ? "Every document is read as it would be read today."
                : "What could not be read again is found by its words only. Upload it again."
        }
        let waits = "Start reading again: documents wait for it."
        if state == .running || state == .clearing { return "Documents are being read again." }
        if isSwitched || serving != encoder { return waits }
        return "The encoder of before is not loaded, so meaning is looked for only in what today's has read; words "
            + "are found everywhere. Set encoder.earlier_directory, and start reading again."
    }
}
