import Foundation
import HTTPTypes
import Kit

/// One admitted request, as a handler sees it: authentication, policy and limits are behind it.
package struct Exchange: Sendable {
    package let id: RequestID
    package let request: HTTPRequest
    /// Values of the path's `{names}`, percent-decoded; never empty.
    package let parameters: [String: String]
    /// First value of each query item, percent-decoded.
    package let query: [String: String]
    /// Nil only on anonymous routes.
    package let caller: Principal?
    /// The whole body, at most the route's `bodyBytesMax`.
    package let body: [UInt8]
    package let receivedAt: Timestamp
    /// Remote address for throttling; "local" for the socket and in-process.
    package let peer: String
    /// Ends with a failure when the caller's rights are cut; streams race their body against it.
    package let revoked: @Sendable () async -> Void

    package init(
        id: RequestID, request: HTTPRequest, parameters: [String: String], query: [String: String],
        caller: Principal?, body: [UInt8], receivedAt: Timestamp, peer: String,
        revoked: @escaping @Sendable () async -> Void
    ) {
        self.id = id
        self.request = request
        self.parameters = parameters
        self.query = query
        self.caller = caller
        self.body = body
        self.receivedAt = receivedAt
        self.peer = peer
        self.revoked = revoked
    }
}

extension Exchange {
    /// The caller; a 401 on an anonymous request.
    package func principal() throws -> Principal {
        guard let caller else { throw Problem(.unauthorized, "auth.required", "Sign in or send an API key.") }
        return caller
    }

    /// A path identifier. A malformed one answers like an unknown one.
    package func identifier<Kind>(_ name: String, _: Identifier<Kind>.Type = Identifier<Kind>.self) throws
        -> Identifier<Kind>
    {
        guard let text = parameters[name], let value = Identifier<Kind>(text) else { throw Problem.notFound() }
        return value
    }

    /// The JSON body as `Value`; unknown keys, wrong types, bad JSON and bad UTF-8 are 400 and name the field.
    package func decode<Value: Decodable>(_: Value.Type = Value.self) throws -> Value {
        try RequestBody.decode(Value.self, from: body)
    }

    /// `limit` and `cursor` of the query.
    package func page() throws -> PageRequest {
        try CursorPaging.request(from: query)
    }
}
