import Kit

/// Shares free workers between the tenants that wait, so that a tenant with ten thousand jobs does not keep another's
/// one job waiting.
enum FairShare {
    struct Portion: Equatable {
        let tenant: TenantID
        var jobs: Int
    }

    /// Gives each free slot to the waiting tenant with the fewest jobs running or given, in turn among equals: the
    /// turn starts after `last`. `waiting` is sorted; portions come in the order of the turn, none of them empty.
    static func portions(
        of slots: Int, among waiting: [TenantID], running: [TenantID: Int], after last: TenantID?
    ) -> [Portion] {
        guard slots > 0, !waiting.isEmpty else { return [] }
        let start = last.flatMap { last in waiting.firstIndex { $0 > last } } ?? 0
        let turn = Array(waiting[start...] + waiting[..<start])
        var portions = turn.map { Portion(tenant: $0, jobs: 0) }
        for _ in 0..<slots {
            let load = { (index: Int) in portions[index].jobs + running[portions[index].tenant, default: 0] }
            // `min` gives the first of equals, which is the next in turn.
            guard let next = portions.indices.min(by: { load($0) < load($1) }) else { break }
            portions[next].jobs += 1
        }
        return portions.filter { $0.jobs > 0 }
    }
}
