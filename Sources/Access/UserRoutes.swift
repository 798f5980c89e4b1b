import HTTPKit
import HTTPTypes
import Kit

/// The users of the caller's tenant.
struct UserRoutes: Sendable {
    let service: AccessService

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/users", .requires(.usersRead), "List users.", gives: Shapes.page(Shapes.user),
                handler: list),
            Route(
                .post, "/api/v1/users", .requires(.usersManage), "Make a user.", takes: Shapes.userDraft,
                gives: Shapes.user, handler: create),
            Route(
                .get, "/api/v1/users/{user}", .authenticated, "One user; everybody may see themselves.",
                gives: Shapes.user, handler: show),
            Route(
                .patch, "/api/v1/users/{user}", .authenticated,
                "Change roles, clearance, suspension or display name; one's own display name only.",
                takes: Shapes.userChange, gives: Shapes.user, handler: update),
            Route(
                .delete, "/api/v1/users/{user}", .requires(.usersManage),
                "Remove a user with every session and key.", handler: delete),
            Route(
                .put, "/api/v1/users/{user}/password", .requires(.usersManage),
                "Set a user's password; ends the user's sessions.", takes: Shapes.password, handler: setPassword),
            Route(
                .post, "/api/v1/users/{user}/sign-in-link", .localOnly(.usersManage),
                "Mint a one-time sign-in link.", gives: Shapes.link, repetition: .refused, handler: mintLink),
        ]
    }

    private func list(_ exchange: Exchange) async throws -> Reply {
        let page = try await service.users(try exchange.page(), as: try exchange.principal())
        return try .page(page.map(UserView.init))
    }

    private func create(_ exchange: Exchange) async throws -> Reply {
        struct Body: Decodable {
            let name: String
            let displayName: String?
            let password: String?
            let roles: Set<Role>?
            let clearance: Classification?
        }
        let body: Body = try exchange.decode()
        let draft = UserDraft(
            name: body.name, displayName: body.displayName, password: body.password.map(Secret.init),
            roles: body.roles ?? [.user], clearance: body.clearance ?? .internal)
        let user = try await service.createUser(draft, as: try exchange.principal(), request: exchange.id)
        return try .json(UserView(user), status: .created)
    }

    private func show(_ exchange: Exchange) async throws -> Reply {
        let user = try await service.user(try exchange.identifier("user"), as: try exchange.principal())
        return try .json(UserView(user))
    }

    private func update(_ exchange: Exchange) async throws -> Reply {
        struct Body: Decodable {
            let displayName: String?
            let roles: Set<Role>?
            let clearance: Classification?
            let suspended: Bool?
        }
        let body: Body = try exchange.decode()
        let change = UserChange(
            displayName: body.displayName, roles: body.roles, clearance: body.clearance, isSuspended: body.suspended)
        let user = try await service.updateUser(
            try exchange.identifier("user"), change, as: try exchange.principal(), request: exchange.id)
        return try .json(UserView(user))
    }

    private func delete(_ exchange: Exchange) async throws -> Reply {
        let user = try exchange.identifier("user", SubjectID.self)
        try await service.deleteUser(user, as: try exchange.principal(), request: exchange.id)
        return Reply(.noContent)
    }

    private func setPassword(_ exchange: Exchange) async throws -> Reply {
        struct Body: Decodable {
            let password: String
        }
        let body: Body = try exchange.decode()
        try await service.setPassword(
            Secret(body.password), of: try exchange.identifier("user"), as: try exchange.principal(),
            request: exchange.id)
        return Reply(.noContent)
    }

    private func mintLink(_ exchange: Exchange) async throws -> Reply {
        let token = try await service.mintSignInLink(
            for: try exchange.identifier("user"), as: try exchange.principal(), request: exchange.id)
        return try .json(["token": token.reveal()], status: .created)
    }
}

private struct UserView: Encodable {
    let id: SubjectID
    let name: String
    let displayName: String?
    let roles: [String]
    let clearance: Classification
    let suspended: Bool
    let hasPassword: Bool
    let created: String

    init(_ user: User) {
        id = user.id
        name = user.name
        displayName = user.displayName
        roles = user.roles.map(\.rawValue).sorted()
        clearance = user.clearance
        suspended = user.isSuspended
        hasPassword = user.hasPassword
        created = user.created.text
    }
}
