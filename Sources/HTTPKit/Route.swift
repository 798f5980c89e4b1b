import HTTPTypes
import Kit

/// What a caller must be to reach a route. There is no default: a route without a policy cannot be written (ATT-30).
package enum RoutePolicy: Hashable, Sendable {
    /// Open to everybody, with the reason why that is safe; printed in the golden route table.
    case anonymous(because: String)
    /// Any authenticated principal, whatever its roles.
    case authenticated
    case requires(Permission)
    /// Only through the 0600 socket or in-process, with this permission.
    case localOnly(Permission)
}

/// What a request gets that comes again with the `Idempotency-Key` of one that succeeded.
package enum Repetition: Hashable, Sendable {
    /// The reply of the first, kept for a day.
    case repliesAgain
    /// A new run with the rights of this moment: for what only reads, whose reply may hold content (DESIGN 7.4).
    case runsAgain
    /// A refusal: for what happens once and replies with a secret, which is kept nowhere.
    case refused
}

/// One line of a capability's route table: what it is, who may call it, what it takes and gives, and what it does.
package struct Route: Sendable {
    package let method: HTTPRequest.Method
    /// `/api/v1/documents/{document}`: literal segments and `{name}`; a last `{name...}` takes the rest.
    package let path: String
    package let policy: RoutePolicy
    package let summary: String
    /// JSON body, when the route takes one; for the OpenAPI document.
    package let takes: SchemaNode?
    package let gives: SchemaNode?
    /// Bytes; over it the answer is 413 before the rest is read.
    package private(set) var bodyBytesMax: Int
    private let hasOwnBound: Bool
    package let repetition: Repetition
    package let handler: @Sendable (Exchange) async throws -> Reply

    package init(
        _ method: HTTPRequest.Method, _ path: String, _ policy: RoutePolicy, _ summary: String,
        takes: SchemaNode? = nil, gives: SchemaNode? = nil, bodyBytesMax: Int? = nil,
        repetition: Repetition = .repliesAgain,
        handler: @escaping @Sendable (Exchange) async throws -> Reply
    ) {
        self.method = method
        self.path = path
        self.policy = policy
        self.summary = summary
        self.takes = takes
        self.gives = gives
        self.bodyBytesMax = bodyBytesMax ?? HTTPSettings().bodyBytesMax
        hasOwnBound = bodyBytesMax != nil
        self.repetition = repetition
        self.handler = handler
    }

    /// With the operator's bound, unless it has its own.
    func bounded(by settings: HTTPSettings) -> Route {
        var route = self
        if !hasOwnBound { route.bodyBytesMax = settings.bodyBytesMax }
        return route
    }
}
