/// A pack that was read and checked: every object under the name that its own content gives it, so that nothing can
/// stand for something else. The content itself stays packed until it is asked for.
///
/// The names are SHA-1, as Git's are. Who can make two contents of one name controls the server anyway.
struct GitPack: Sendable {
    struct Object: Sendable {
        let kind: GitObjectKind
        let content: [UInt8]
    }

    private let bytes: [UInt8]
    private let entries: [PackEntry]
    private let numbers: [ObjectID: Int]
    private let limits: PackLimits

    /// As it came.
    var bytesCount: Int { bytes.count }

    /// Throws `GitFault` for a pack that is damaged in any part.
    init(_ bytes: [UInt8], _ limits: PackLimits = PackLimits()) throws(GitFault) {
        let inflater = try Inflater()
        var budget = WorkBudget(limits)
        var scanner = try PackScanner(bytes, limits, inflater)
        let found = try scanner.scan(&budget)
        var resolver = PackResolver(found, PackContents(bytes, limits, inflater, budget), chainMax: limits.chainMax)
        (entries, numbers) = try resolver.resolve()
        self.bytes = bytes
        self.limits = limits
    }

    enum Lookup: Sendable {
        case found(Object)
        /// Larger than the limits allow.
        case tooLarge
        case missing
    }

    func object(_ id: ObjectID) throws(GitFault) -> Lookup {
        var objects = try objects()
        return try objects.object(id)
    }

    /// For reading many: what they are made from is kept in between, and all of them share one bound of work.
    func objects() throws(GitFault) -> Objects {
        Objects(pack: self, contents: PackContents(bytes, limits, try Inflater(), WorkBudget(limits)))
    }

    struct Objects {
        fileprivate let pack: GitPack
        fileprivate var contents: PackContents

        mutating func object(_ id: ObjectID) throws(GitFault) -> Lookup {
            guard let number = pack.numbers[id], let kind = pack.entries[number].kind else {
                // Whatever is too large to be put together has no name, and may be this one.
                return pack.entries.contains { $0.id == nil } ? .tooLarge : .missing
            }
            guard let content = try contents.content(of: number, in: pack.entries) else { return .tooLarge }
            // Also for what was kept: to look at it is work, and it may be asked for again and again.
            try contents.budget.charge(content.count)
            return .found(Object(kind: kind, content: content))
        }
    }
}

/// Gives the deltas of a pack their kinds and names. Begins with whole objects and goes on to what is made from them,
/// so that each entry is met once, and what hangs on itself or on nothing is left over.
private struct PackResolver {
    private var entries: [PackEntry]
    private var contents: PackContents
    private let chainMax: Int
    private var numbers: [ObjectID: Int] = [:]
    private var byEntry: [Int: [Int]] = [:]
    private var byID: [ObjectID: [Int]] = [:]

    init(_ entries: [PackEntry], _ contents: PackContents, chainMax: Int) {
        self.entries = entries
        self.contents = contents
        self.chainMax = chainMax
        for (number, entry) in entries.enumerated() {
            switch entry.form {
            case .whole: break
            case .delta(let base): byEntry[base, default: []].append(number)
            case .reference(let id): byID[id, default: []].append(number)
            }
        }
    }

    mutating func resolve() throws(GitFault) -> ([PackEntry], [ObjectID: Int]) {
        for number in entries.indices {
            guard case .whole = entries[number].form else { continue }
            var waiting = [number]
            while let next = waiting.popLast() { waiting += try settle(next) }
        }
        guard entries.allSatisfy({ $0.kind != nil }) else { throw .missingBase }
        return (entries, numbers)
    }

    /// The entries that are made from this one, which are known to be so only now.
    private mutating func settle(_ number: Int) throws(GitFault) -> [Int] {
        let entry = entries[number]
        if let kind = entry.kind, entry.id == nil, let content = try contents.content(of: number, in: entries) {
            entries[number].id = ObjectHash.id(kind, content)
        }
        var children = byEntry.removeValue(forKey: number) ?? []
        if let id = entries[number].id {
            if numbers[id] == nil { numbers[id] = number }
            children += byID.removeValue(forKey: id) ?? []
        }
        guard children.isEmpty || entry.depth < chainMax else { throw .chainTooDeep }
        for child in children {
            entries[child].form = .delta(number)
            entries[child].kind = entry.kind
            entries[child].depth = entry.depth + 1
        }
        return children
    }
}
