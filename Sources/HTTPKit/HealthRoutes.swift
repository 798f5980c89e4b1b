import HTTPTypes
import Kit

/// The probes of an orchestrator. `/livez` says that the process answers, `/startupz` that start-up is over, `/readyz`
/// that work may be sent; `/healthz` is the old name of `/readyz`.
package enum HealthRoutes {
    private static let open = RoutePolicy.anonymous(
        because: "probes carry no credentials; the answer names checks only")

    package static func routes(_ readiness: Readiness) -> [Route] {
        [
            Route(.get, "/livez", open, "Whether the process is alive.", gives: shape) { _ in
                try reply(true, [:])
            },
            Route(.get, "/startupz", open, "Whether start-up is over.", gives: shape) { _ in
                try reply(readiness.hasStarted, ["startup": readiness.hasStarted])
            },
            Route(.get, "/readyz", open, "Whether work may be sent.", gives: shape) { _ in try await ready(readiness) },
            Route(.get, "/healthz", open, "The same as /readyz.", gives: shape) { _ in try await ready(readiness) },
        ]
    }

    private static let shape = SchemaNode.object([
        .init(name: "status", node: .oneOf(["ok", "unavailable"]), required: true),
        .init(name: "checks", node: .map(.oneOf(["ok", "unavailable"])), required: true),
    ])

    private struct Body: Encodable {
        let status: String
        let checks: [String: String]
    }

    private static func ready(_ readiness: Readiness) async throws -> Reply {
        let report = await readiness.report()
        return try reply(!report.values.contains(false), report)
    }

    private static func reply(_ isFine: Bool, _ checks: [String: Bool]) throws -> Reply {
        func word(_ flag: Bool) -> String { flag ? "ok" : "unavailable" }
        let body = Body(status: word(isFine), checks: checks.mapValues(word))
        return try Reply.json(body, status: isFine ? .ok : .serviceUnavailable)
    }
}
