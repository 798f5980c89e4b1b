import HTTPKit

/// The JSON shapes of this capability's routes, for the OpenAPI document.
enum Shapes {
    static let signIn = object([("tenant", text, false), ("name", text, true), ("password", text, true)])
    static let link = object([("token", text, true)])
    static let passwordChange = object([("current", text, true), ("new", text, true)])
    static let signedIn = object([("csrf", text, true), ("session", session, true)])
    static let session = object([
        ("subject", text, true), ("name", text, true), ("displayName", text, false), ("tenant", text, true),
        ("tenantName", text, false), ("roles", .array(text), true), ("permissions", .array(text), true),
        ("clearance", clearance, true), ("csrf", text, false),
    ])

    static let userDraft = object([
        ("name", text, true), ("displayName", text, false), ("password", text, false), ("roles", .array(role), false),
        ("clearance", clearance, false),
    ])
    static let userChange = object([
        ("displayName", text, false), ("roles", .array(role), false), ("clearance", clearance, false),
        ("suspended", .boolean, false),
    ])
    static let user = object([
        ("id", text, true), ("name", text, true), ("displayName", text, false), ("roles", .array(role), true),
        ("clearance", clearance, true), ("suspended", .boolean, true), ("hasPassword", .boolean, true),
        ("created", time, true),
    ])
    static let password = object([("password", text, true)])

    static let groupDraft = object([("name", text, true)])
    static let group = object([
        ("id", text, true), ("name", text, true), ("memberCount", .integer, true),
        ("isManaged", .boolean, true), ("created", time, true),
    ])
    static let member = object([("id", text, true), ("kind", .oneOf(["group", "user"]), true), ("name", text, true)])

    static let keyDraft = object([
        ("name", text, true), ("scopes", .array(text), false), ("expiresInDays", .integer, false),
    ])
    static let key = object(keyFields)
    static let mintedKey = object(keyFields + [("key", text, true)])

    static func page(_ item: SchemaNode) -> SchemaNode {
        object([("items", .array(item), true), ("next", text, false)])
    }

    private static let text = SchemaNode.string(format: nil)
    private static let time = SchemaNode.string(format: "date-time")
    private static let role = SchemaNode.oneOf(["admin", "developer", "user", "viewer"])
    private static let clearance = SchemaNode.oneOf(["public", "internal", "confidential", "restricted", "top_secret"])
    private static let keyFields: [(String, SchemaNode, Bool)] = [
        ("id", text, true), ("subject", text, true), ("name", text, true), ("scopes", .array(text), true),
        ("created", time, true), ("expires", time, true), ("revoked", time, false),
    ]

    private static func object(_ fields: [(String, SchemaNode, Bool)]) -> SchemaNode {
        .object(fields.map { SchemaNode.Field(name: $0.0, node: $0.1, required: $0.2) })
    }
}
