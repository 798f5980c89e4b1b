import HTTPKit
import HTTPTypes
import Kit

/// The groups of the caller's tenant and who is in them.
struct GroupRoutes: Sendable {
    let service: AccessService

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/groups", .requires(.groupsRead), "List groups.", gives: Shapes.page(Shapes.group),
                handler: list),
            Route(
                .post, "/api/v1/groups", .requires(.groupsManage), "Make a group.", takes: Shapes.groupDraft,
                gives: Shapes.group, handler: create),
            Route(
                .get, "/api/v1/groups/{group}", .requires(.groupsRead), "One group.", gives: Shapes.group,
                handler: show),
            Route(
                .get, "/api/v1/groups/{group}/members", .requires(.groupsRead), "List direct members.",
                gives: Shapes.page(Shapes.member), handler: members),
            Route(
                .put, "/api/v1/groups/{group}/members/{member}", .requires(.groupsManage),
                "Put a user or a group into the group.", handler: add),
            Route(
                .delete, "/api/v1/groups/{group}/members/{member}", .requires(.groupsManage),
                "Take a user or a group out of the group.", handler: remove),
        ]
    }

    private func list(_ exchange: Exchange) async throws -> Reply {
        let page = try await service.groups(try exchange.page(), as: try exchange.principal())
        return try .page(page.map(GroupView.init))
    }

    private func create(_ exchange: Exchange) async throws -> Reply {
        struct Body: Decodable {
            let name: String
        }
        let body: Body = try exchange.decode()
        let group = try await service.createGroup(
            name: body.name, as: try exchange.principal(), request: exchange.id)
        return try .json(GroupView(group), status: .created)
    }

    private func show(_ exchange: Exchange) async throws -> Reply {
        let group = try await service.group(try exchange.identifier("group"), as: try exchange.principal())
        return try .json(GroupView(group))
    }

    private func members(_ exchange: Exchange) async throws -> Reply {
        let page = try await service.members(
            of: try exchange.identifier("group"), try exchange.page(), as: try exchange.principal())
        return try .page(page.map(MemberView.init))
    }

    private func add(_ exchange: Exchange) async throws -> Reply {
        try await service.addMember(
            try member(exchange), to: try exchange.identifier("group"), as: try exchange.principal(),
            request: exchange.id)
        return Reply(.noContent)
    }

    private func remove(_ exchange: Exchange) async throws -> Reply {
        try await service.removeMember(
            try member(exchange), from: try exchange.identifier("group"), as: try exchange.principal(),
            request: exchange.id)
        return Reply(.noContent)
    }

    private func member(_ exchange: Exchange) throws -> GroupMember {
        guard let text = exchange.parameters["member"], let member = GroupMember(text) else { throw Problem.notFound() }
        return member
    }
}

private struct GroupView: Encodable {
    let id: GroupID
    let name: String
    let memberCount: Int
    let isManaged: Bool
    let created: String

    init(_ group: Group) {
        id = group.id
        name = group.name
        memberCount = group.memberCount
        isManaged = group.isManaged
        created = group.created.text
    }
}

private struct MemberView: Encodable {
    let id: String
    let kind: String
    let name: String

    init(_ named: NamedMember) {
        id = named.member.description
        name = named.name
        kind =
            switch named.member {
            case .subject: "user"
            case .group: "group"
            }
    }
}
