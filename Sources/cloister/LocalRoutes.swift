import Access
import HTTPKit
import HTTPTypes
import Kit

/// What only the owner of this machine may do, over the 0600 socket or in-process.
struct LocalRoutes: Sendable {
    let access: AccessService

    var routes: [Route] {
        [
            Route(
                .post, "/api/v1/sign-in/links", .localOnly(.usersManage),
                "Make a one-time sign-in link for the operator.", repetition: .refused, handler: mintLink)
        ]
    }

    private struct Link: Encodable {
        let token: String
    }

    private func mintLink(_ exchange: Exchange) async throws -> Reply {
        let principal = try exchange.principal()
        let token = try await access.mintSignInLink(for: principal.subject, as: principal, request: exchange.id)
        return try .json(Link(token: token.reveal()), status: .created)
    }
}
