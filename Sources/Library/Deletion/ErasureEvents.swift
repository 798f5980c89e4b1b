import HTTPKit
import Kit
import Search

/// A deletion as server-sent events. Who stops listening does not stop it.
struct ErasureEvents: Sendable {
    let library: DocumentLibrary

    /// The document is gone for readers when this returns; what is refused throws before.
    func stream(
        _ id: DocumentID, by principal: Principal, request: RequestID?
    ) async throws -> AsyncThrowingStream<ServerEvent, any Error> {
        let erasure = try await library.beginDeletion(of: id, by: principal, request: request)
        let (events, continuation) = AsyncThrowingStream.makeStream(of: ServerEvent.self)
        Task { [library] in
            do {
                try await library.finish(erasure) { continuation.yield(try Self.event($0)) }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        return events
    }

    private static func event(_ step: ErasureStep) throws -> ServerEvent {
        let (id, name) = place(of: step)
        return try ServerEvent(id: String(id), name: "erasure.\(name)", payload: ErasureBody(step))
    }

    private static func place(of step: ErasureStep) -> (Int, String) {
        switch step {
        case .rowsGone: (1, "rows")
        case .keyDestroyed: (2, "key")
        case .originalsDeleted: (3, "originals")
        case .indexCleared: (4, "index")
        case .tested: (5, "tested")
        case .recorded: (6, "recorded")
        }
    }
}

/// What a step tells; the rest is left out.
struct ErasureBody: Encodable, Sendable {
    var versions, passages, originals, vectors, postings, segments: Int?
    var auditEntry: Int64?
    var auditLog: String?

    init(_ step: ErasureStep) {
        switch step {
        case .rowsGone(let versions, let passages): (self.versions, self.passages) = (versions, passages)
        case .originalsDeleted(let count): originals = count
        case .indexCleared(let counts, let segments):
            (vectors, postings, self.segments) = (counts.vectors, counts.postings, segments)
        case .recorded(let sequence, let log): (auditEntry, auditLog) = (sequence, log)
        case .keyDestroyed, .tested: break
        }
    }
}
