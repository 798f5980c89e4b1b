import HTTPTypes
import Kit

/// The OpenAPI 3.1 description of a list of routes. It is made from the same table that serves them, so it cannot
/// describe what does not exist nor leave out what does; the golden file in the tests shows every change.
package enum OpenAPIDocument {
    /// `GET /openapi.json`, describing `routes` and itself.
    package static func route(describing routes: [Route], version: String) -> Route {
        let own = Route(
            .get, "/openapi.json", .anonymous(because: "it describes the interface and holds no data"),
            "This description of the interface.", gives: .any
        ) { _ in Reply() }
        let bytes = Array(text(of: routes + [own], version: version).utf8)
        return Route(own.method, own.path, own.policy, own.summary, gives: .any) { _ in
            Reply(headers: [.contentType: "application/json"], body: .bytes(bytes))
        }
    }

    /// Pretty-printed with sorted keys, for the golden file and for readers.
    package static func text(of routes: [Route], version: String) -> String {
        document(of: routes, version: version).text(indent: 0) + "\n"
    }

    private static func document(of routes: [Route], version: String) -> JSONTree {
        let listed = routes.filter { !isLocal($0) }
        let byPath = Dictionary(grouping: listed) { $0.path.replacing("...}", with: "}") }
        let paths = byPath.mapValues { group in
            JSONTree.object(
                Dictionary(
                    uniqueKeysWithValues: group.map {
                        ($0.method.rawValue.lowercased(), operation($0))
                    }))
        }
        return .object([
            "openapi": .string("3.1.0"),
            "info": .object(["title": .string("Cloister"), "version": .string(version)]),
            "paths": .object(paths),
            "components": .object([
                "schemas": .object(["Problem": problem.tree]),
                "securitySchemes": .object([
                    "bearer": .object(["type": .string("http"), "scheme": .string("bearer")]),
                    "apiKey": header("x-api-key"), "plainApiKey": header("api-key"),
                    "session": .object([
                        "type": .string("apiKey"), "in": .string("cookie"),
                        "name": .string(CredentialPlaces.sessionCookieName),
                    ]),
                ]),
            ]),
        ])
    }

    private static func header(_ name: String) -> JSONTree {
        .object(["type": .string("apiKey"), "in": .string("header"), "name": .string(name)])
    }

    private static func isLocal(_ route: Route) -> Bool {
        if case .localOnly = route.policy { true } else { false }
    }

    private static let problem = SchemaNode.object([
        .init(name: "type", node: .string(format: "uri"), required: true),
        .init(name: "title", node: .string(format: nil), required: true),
        .init(name: "status", node: .integer, required: true),
        .init(name: "code", node: .string(format: nil), required: true),
        .init(name: "detail", node: .string(format: nil), required: false),
        .init(name: "instance", node: .string(format: "uri"), required: true),
    ])

    private static func operation(_ route: Route) -> JSONTree {
        var members: [String: JSONTree] = [
            "summary": .string(route.summary),
            "operationId": .string(identifier(of: route)),
            "security": security(of: route),
            "responses": .object(["default": failure, "200": success(of: route)]),
        ]
        let names = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
            String($0.dropFirst().dropLast($0.hasSuffix("...}") ? 4 : 1))
        }
        if !names.isEmpty { members["parameters"] = .array(names.map(parameter)) }
        if let takes = route.takes {
            members["requestBody"] = .object(["required": .boolean(true), "content": content(takes)])
        }
        return .object(members)
    }

    /// `GET /api/v1/documents/{document}` as `get_documents_document`.
    private static func identifier(of route: Route) -> String {
        let words = route.path.split { !$0.isLetter && !$0.isNumber }.filter { $0 != "api" }
        return ([route.method.rawValue.lowercased()] + words.map(String.init)).joined(separator: "_")
    }

    private static func security(of route: Route) -> JSONTree {
        if case .anonymous = route.policy { return .array([]) }
        let schemes =
            ["bearer", "apiKey", "plainApiKey"] + (CredentialPlaces.acceptsCookies(route.path) ? ["session"] : [])
        return .array(schemes.map { .object([$0: .array([])]) })
    }

    private static func parameter(_ name: String) -> JSONTree {
        .object([
            "name": .string(name), "in": .string("path"), "required": .boolean(true),
            "schema": SchemaNode.string(format: nil).tree,
        ])
    }

    private static func success(of route: Route) -> JSONTree {
        var members: [String: JSONTree] = ["description": .string("Done.")]
        if let gives = route.gives { members["content"] = content(gives) }
        return .object(members)
    }

    private static let failure = JSONTree.object([
        "description": .string("What was wrong, and what to do."),
        "content": .object([
            "application/problem+json": .object([
                "schema": .object(["$ref": .string("#/components/schemas/Problem")])
            ])
        ]),
    ])

    private static func content(_ node: SchemaNode) -> JSONTree {
        .object([node.contentType: .object(["schema": node.tree])])
    }
}

/// A JSON text under construction.
indirect enum JSONTree {
    case string(String)
    case boolean(Bool)
    case array([JSONTree])
    case object([String: JSONTree])

    func text(indent: Int) -> String {
        let (inner, outer) = (String(repeating: "  ", count: indent + 1), String(repeating: "  ", count: indent))
        switch self {
        case .string(let text): return Self.quote(text)
        case .boolean(let flag): return flag ? "true" : "false"
        case .array(let items) where items.isEmpty: return "[]"
        case .object(let members) where members.isEmpty: return "{}"
        case .array(let items):
            return "[\n" + items.map { inner + $0.text(indent: indent + 1) }.joined(separator: ",\n") + "\n\(outer)]"
        case .object(let members):
            let lines = members.sorted { $0.key < $1.key }
                .map { inner + Self.quote($0.key) + ": " + $0.value.text(indent: indent + 1) }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
        }
    }

    /// Names and summaries of ours: no control characters.
    private static func quote(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

extension SchemaNode {
    /// The media type that carries a value of this shape.
    var contentType: String {
        switch self {
        case .bytes(let type): type
        case .events: "text/event-stream"
        default: "application/json"
        }
    }

    /// JSON Schema 2020-12.
    var tree: JSONTree {
        switch self {
        case .string(let format):
            .object(["type": .string("string")].merging(format.map { ["format": .string($0)] } ?? [:]) { $1 })
        case .integer: .object(["type": .string("integer")])
        case .number: .object(["type": .string("number")])
        case .boolean: .object(["type": .string("boolean")])
        case .oneOf(let values): .object(["type": .string("string"), "enum": .array(values.map(JSONTree.string))])
        case .array(let item): .object(["type": .string("array"), "items": item.tree])
        case .map(let value): .object(["type": .string("object"), "additionalProperties": value.tree])
        case .bytes, .events: .object(["type": .string("string")])
        case .any: .object([:])
        case .object(let fields): Self.object(of: fields)
        }
    }

    private static func object(of fields: [Field]) -> JSONTree {
        var members: [String: JSONTree] = [
            "type": .string("object"),
            "properties": .object(Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.node.tree) })),
            "additionalProperties": .boolean(false),
        ]
        let required = fields.filter(\.required).map(\.name).sorted()
        if !required.isEmpty { members["required"] = .array(required.map(JSONTree.string)) }
        return .object(members)
    }
}
