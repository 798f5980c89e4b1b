import HTTPKit
import Kit

/// Requests made from the route table itself, so that a new route is tested from its first day.
enum Samples {
    /// The kind of identifier that stands in each place of an address.
    static let prefixes = [
        "user": "sub", "group": "grp", "member": "sub", "key": "key", "collection": "col", "document": "doc",
        "answer": "ans", "job": "job", "version": "ver",
        "earlier": "ver",
    ]

    /// The route's address; names not in `values` get a well-formed identifier of nothing.
    static func path(of route: Route, _ values: [String: String] = [:]) -> String {
        names(of: route).reduce(route.path) { path, name in
            let unknown = prefixes[name].map { $0 + "_" + String(repeating: "7", count: 26) } ?? "unknown"
            return path.replacing("{\(name)...}", with: unknown).replacing("{\(name)}", with: values[name] ?? unknown)
        }
    }

    static func names(of route: Route) -> [String] {
        route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
            String($0.dropFirst().dropLast($0.hasSuffix("...}") ? 4 : 1))
        }
    }

    /// A value of the shape, as small as can be.
    static func value(of node: SchemaNode) -> JSON {
        switch node {
        case .string, .bytes, .events, .any: "a sample long enough"
        case .integer, .number: 1
        case .boolean: true
        case .oneOf(let names): .text(names.first ?? "")
        case .array: []
        case .map: [:]
        case .object(let fields):
            .object(Dictionary(uniqueKeysWithValues: fields.map { ($0.name, value(of: $0.node)) }))
        }
    }

    /// Values that are not of the shape.
    static func wrongValues(of node: SchemaNode) -> [JSON] {
        let all: [JSON] = ["x", 1, true, [], [:], [["x": 1]], .number(1.5), .number(1e300), .number(-1)]
        return all.filter { !fits($0, node) }
    }

    private static func fits(_ value: JSON, _ node: SchemaNode) -> Bool {
        switch (node, value) {
        case (.any, _), (.string, .text), (.boolean, .boolean), (.number, .number): true
        // Which integers are allowed, and whether a list may be empty, is the route's business.
        case (.integer, .number(let number)): number == number.rounded() && abs(number) < 1e15
        case (.array, .list(let items)): items.isEmpty
        case (.map, .object(let members)): members.isEmpty
        case (.object(let fields), .object(let members)): members.isEmpty && !fields.contains(where: \.required)
        default: false
        }
    }
}
