import HTTPTypes

/// A route that is declared wrongly; found when the table is built, at start-up and in every test.
package enum RouteTableFailure: Error, Equatable {
    case duplicate(String)
    /// Not `/literal/{name}` with distinct names and `{name...}` last.
    case malformedPath(String)
}

/// Finds the route of a path. Literals win over parameters, parameters over `{rest...}`.
struct RouteTrie: Sendable {
    struct Leaf: Sendable {
        let route: Int
        /// Names of the parameters in order of the path.
        let names: [String]
    }

    struct Match {
        let leaf: Leaf
        let parameters: [String: String]
    }

    enum Finding {
        case found(Match)
        /// The path exists with these methods only.
        case otherMethods([HTTPRequest.Method])
        case nothing
    }

    private struct Node: Sendable {
        var literals: [Substring: Int] = [:]
        var parameter: Int?
        var leaves: [HTTPRequest.Method: Leaf] = [:]
        var restLeaves: [HTTPRequest.Method: Leaf] = [:]
    }

    private var nodes = [Node()]

    /// Throws `RouteTableFailure`.
    mutating func insert(_ method: HTTPRequest.Method, _ path: String, route: Int) throws(RouteTableFailure) {
        guard path.hasPrefix("/") else { throw .malformedPath(path) }
        let segments = path == "/" ? [] : path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        var (node, names, isRest) = (0, [String](), false)
        for segment in segments {
            guard !isRest, !segment.isEmpty else { throw .malformedPath(path) }
            guard segment.hasPrefix("{"), segment.hasSuffix("}") else {
                guard !segment.contains(where: { "{}".contains($0) }) else { throw .malformedPath(path) }
                node = child(of: node, literal: segment)
                continue
            }
            isRest = segment.hasSuffix("...}")
            names.append(String(segment.dropFirst().dropLast(isRest ? 4 : 1)))
            if !isRest { node = child(of: node) }
        }
        guard Set(names).count == names.count, !names.contains("") else { throw .malformedPath(path) }
        let leaf = Leaf(route: route, names: names)
        let old =
            isRest
            ? nodes[node].restLeaves.updateValue(leaf, forKey: method)
            : nodes[node].leaves.updateValue(leaf, forKey: method)
        guard old == nil else { throw .duplicate("\(method.rawValue) \(path)") }
    }

    private mutating func child(of node: Int, literal: Substring? = nil) -> Int {
        if let known = literal.map({ nodes[node].literals[$0] }) ?? nodes[node].parameter { return known }
        nodes.append(Node())
        if let literal {
            nodes[node].literals[literal] = nodes.count - 1
        } else {
            nodes[node].parameter = nodes.count - 1
        }
        return nodes.count - 1
    }

    func find(_ method: HTTPRequest.Method, _ segments: [RequestTarget.Segment]) -> Finding {
        guard let (leaves, values) = descend(0, segments[...], values: []) else { return .nothing }
        guard let leaf = leaves[method] ?? (method == .head ? leaves[.get] : nil) else {
            return .otherMethods(leaves.keys.sorted { $0.rawValue < $1.rawValue })
        }
        return .found(Match(leaf: leaf, parameters: Dictionary(uniqueKeysWithValues: zip(leaf.names, values))))
    }

    private func descend(
        _ node: Int, _ segments: ArraySlice<RequestTarget.Segment>, values: [String]
    ) -> ([HTTPRequest.Method: Leaf], [String])? {
        let node = nodes[node]
        guard let first = segments.first else { return node.leaves.isEmpty ? nil : (node.leaves, values) }
        if let next = node.literals[first.raw], let found = descend(next, segments.dropFirst(), values: values) {
            return found
        }
        if let next = node.parameter, let found = descend(next, segments.dropFirst(), values: values + [first.decoded])
        {
            return found
        }
        guard !node.restLeaves.isEmpty else { return nil }
        return (node.restLeaves, values + [segments.map(\.decoded).joined(separator: "/")])
    }
}
