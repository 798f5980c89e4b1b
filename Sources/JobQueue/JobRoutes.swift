import HTTPKit
import HTTPTypes
import Kit

/// Jobs over HTTP: what people see and do of them, and the stream of their changes.
package struct JobRoutes: Sendable {
    private let queue: JobQueue

    package init(_ queue: JobQueue) { self.queue = queue }

    package var routes: [Route] {
        [
            Route(.get, "/api/v1/jobs", .requires(.jobsRead), "List jobs, newest first.", gives: Self.pageShape) {
                try await list($0)
            },
            Route(.get, "/api/v1/jobs/{job}", .requires(.jobsRead), "Read a job.", gives: Self.shape) {
                try await read($0)
            },
            Route(.post, "/api/v1/jobs/{job}/cancel", .requires(.jobsCancel), "Cancel a job.", gives: Self.shape) {
                try await cancel($0)
            },
            Route(
                .post, "/api/v1/jobs/{job}/retry", .requires(.jobsCancel), "Queue a dead or cancelled job again.",
                gives: Self.shape
            ) { try await retry($0) },
            Route(
                .get, "/api/v1/events", .requires(.jobsRead), "Follow jobs as they change (server-sent events).",
                gives: .events
            ) { try await events($0) },
        ]
    }

    private func list(_ exchange: Exchange) async throws -> Reply {
        let state = try exchange.query["state"].map { text in
            guard let state = JobState(rawValue: text) else {
                throw Problem.invalid("state", "One of \(JobState.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return state
        }
        let page = try await queue.list(for: exchange.principal(), state: state, exchange.page())
        let reader = try exchange.principal().subject
        return try .page(page.map { JobBody($0, for: reader) })
    }

    private func read(_ exchange: Exchange) async throws -> Reply {
        let principal = try exchange.principal()
        let job = try await queue.job(exchange.identifier("job"), for: principal)
        return try .json(JobBody(job, for: principal.subject))
    }

    private func cancel(_ exchange: Exchange) async throws -> Reply {
        let (id, principal): (JobID, Principal) = (try exchange.identifier("job"), try exchange.principal())
        let job = try await queue.cancel(id, by: principal, request: exchange.id)
        return try .json(JobBody(job, for: principal.subject))
    }

    private func retry(_ exchange: Exchange) async throws -> Reply {
        let (id, principal): (JobID, Principal) = (try exchange.identifier("job"), try exchange.principal())
        let job = try await queue.retry(id, by: principal, request: exchange.id)
        return try .json(JobBody(job, for: principal.subject))
    }

    /// An event's id is the job's revision; `Last-Event-ID` goes on after it.
    private func events(_ exchange: Exchange) async throws -> Reply {
        let last = HTTPField.Name("Last-Event-ID").flatMap { exchange.request.headerFields[$0] }.flatMap { Int64($0) }
        let principal = try exchange.principal()
        let source = try JobEventSource(queue, for: principal, after: last)
        return .feed(
            AsyncThrowingStream(unfolding: {
                guard let event = await source.next() else { return nil }
                let body = JobBody(event.job, for: principal.subject)
                return try ServerEvent(id: String(event.revision), name: "job", payload: body)
            }))
    }
}

/// A job in JSON. Title and step are content, a document's name for example: an administrator who looks after the
/// queue has no right to it, so only the job's own subject gets them.
struct JobBody: Encodable, Sendable {
    let id: JobID
    let kind: String
    let state: JobState
    let title: String?
    let resource: String?
    let done: Int
    let total: Int
    let step: String?
    let attempt: Int
    let reason: String?
    let reasonCode: String?
    let subject: SubjectID
    let created: String
    let updated: String
    let finished: String?

    init(_ job: JobSnapshot, for reader: SubjectID) {
        let isOwn = job.subject == reader
        id = job.id
        kind = job.kind
        state = job.state
        title = isOwn ? job.title : nil
        resource = job.resource
        done = job.progress.done
        total = job.progress.total
        step = isOwn ? job.progress.step : nil
        attempt = job.attempt
        reason = job.reason
        reasonCode = job.reasonCode
        subject = job.subject
        created = job.created.text
        updated = job.updated.text
        finished = job.finished?.text
    }
}

extension JobRoutes {
    static let pageShape = SchemaNode.object([
        .init(name: "items", node: .array(shape), required: true),
        .init(name: "next", node: .string(format: nil), required: false),
    ])

    static let shape = SchemaNode.object([
        .init(name: "id", node: .string(format: nil), required: true),
        .init(name: "kind", node: .string(format: nil), required: true),
        .init(name: "state", node: .oneOf(JobState.allCases.map(\.rawValue)), required: true),
        .init(name: "title", node: .string(format: nil), required: false),
        .init(name: "resource", node: .string(format: nil), required: false),
        .init(name: "done", node: .integer, required: true),
        .init(name: "total", node: .integer, required: true),
        .init(name: "step", node: .string(format: nil), required: false),
        .init(name: "attempt", node: .integer, required: true),
        .init(name: "reason", node: .string(format: nil), required: false),
        .init(name: "reasonCode", node: .string(format: nil), required: false),
        .init(name: "subject", node: .string(format: nil), required: true),
        .init(name: "created", node: .string(format: "date-time"), required: true),
        .init(name: "updated", node: .string(format: "date-time"), required: true),
        .init(name: "finished", node: .string(format: "date-time"), required: false),
    ])

    /// What a handler threw, in words for the job's owner. A capability's own problem speaks for itself; whether
    /// another attempt helps follows from its status: a request that was wrong stays wrong.
    package static func fault(of error: any Error) -> JobFault {
        guard let problem = (error as? any ProblemConvertible)?.problem ?? error as? Problem else { return .failed }
        let mayPass = [408, 409, 423, 425, 429].contains(problem.status.code) || problem.status.code >= 500
        let reason = [problem.title, problem.detail].compactMap(\.self).joined(separator: " ")
        return JobFault(code: problem.code, reason: reason, isPermanent: !mayPass)
    }
}

extension JobFailure: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .unknownJob: .notFound()
        case .notPermitted:
            Problem(.forbidden, "auth.forbidden", "Your role or the key's scope does not allow this.")
        case .alreadyFinished(let state):
            Problem(
                .conflict, "jobs.finished", "The job has finished already.", detail: "Its state is \(state.rawValue).")
        case .notRetryable(let state):
            Problem(
                .conflict, "jobs.not_retryable", "Only a dead or cancelled job can be queued again.",
                detail: "Its state is \(state.rawValue).")
        case .leaseLost: Problem(.conflict, "jobs.lease_lost", "Another worker has taken the job over.")
        case .requestTooLarge(let field):
            Problem(.contentTooLarge, "jobs.too_large", "The job is too large.", detail: "Its \(field) is too long.")
        case .badCursor: .invalid("cursor", "Use the value of next from the page before.")
        case .wrongScope: Problem(.internalServerError, "request.failed", "The server could not do this.")
        }
    }
}
