import Kit

extension SearchIndex {
    /// Whose vectors lie in the sealed segments of a tenant: what a test of their removal asks.
    package func encodersInSegments(_ tenant: TenantID) async throws -> Set<String> {
        var found: Set<String> = []
        let store = segments(of: tenant)
        for row in try await store.active() {
            for entry in try await store.load(row) ?? [] {
                if let form = try? EntryForm(entry.bytes) { found.formUnion(form.sets.map(\.encoder)) }
            }
        }
        return found
    }
}
