/// Collections by the name that a person types.
struct CollectionLookup {
    struct Collection: Decodable {
        let id: String
        let name: String
    }

    private struct Listing: Decodable {
        let items: [Collection]
    }

    private struct Draft: Encodable {
        let name: String
        let label: String?
    }

    let client: any PlatformClient

    func find(_ name: String) async throws -> Collection? {
        let listing: Listing = try await client.json(PlatformRequest(path: "/api/v1/collections"))
        return listing.items.first { $0.name == name || $0.id == name }
    }

    func findOrCreate(_ name: String, label: String?) async throws -> Collection {
        if let found = try await find(name) { return found }
        return try await client.json(.post("/api/v1/collections", json: Draft(name: name, label: label)))
    }
}
