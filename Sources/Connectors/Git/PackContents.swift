/// Puts objects of a pack together, from what they are made from up, and keeps some of them on the way.
struct PackContents {
    private let pack: ArraySlice<UInt8>
    private let limits: PackLimits
    private let inflater: Inflater
    private var kept: [Int: [UInt8]] = [:]
    private var keptBytes = 0
    var budget: WorkBudget

    init(_ bytes: [UInt8], _ limits: PackLimits, _ inflater: Inflater, _ budget: WorkBudget) {
        pack = bytes.dropLast(ObjectID.bytesCount)
        self.limits = limits
        self.inflater = inflater
        self.budget = budget
    }

    /// The content of entry `number`, or nil when it or something that it is made from is too large.
    mutating func content(of number: Int, in entries: [PackEntry]) throws(GitFault) -> [UInt8]? {
        var deltas: [Int] = []
        var at = number
        while kept[at] == nil, case .delta(let base) = entries[at].form {
            guard deltas.count < limits.chainMax else { throw .chainTooDeep }
            deltas.append(at)
            at = base
        }
        guard !entries[at].isTooLarge else { return nil }
        var content: [UInt8]
        if let known = kept[at] { content = known } else { content = try data(of: entries[at]) }
        keep(content, at)
        for delta in deltas.reversed() {
            guard !entries[delta].isTooLarge else { return nil }
            let made = try GitDelta(try data(of: entries[delta]))
            guard made.resultSize <= limits.objectBytesMax else { return nil }
            try budget.charge(made.resultSize)
            content = try made.apply(to: content)
            keep(content, delta)
        }
        return content
    }

    private mutating func data(of entry: PackEntry) throws(GitFault) -> [UInt8] {
        try budget.charge(entry.size)
        var data: [UInt8] = []
        data.reserveCapacity(entry.size)
        _ = try inflater.inflate(pack, from: entry.start, size: entry.size) { data += $0 }
        return data
    }

    private mutating func keep(_ content: [UInt8], _ number: Int) {
        guard kept[number] == nil, content.count <= limits.keptBytesMax else { return }
        if keptBytes + content.count > limits.keptBytesMax { (kept, keptBytes) = ([:], 0) }
        kept[number] = content
        keptBytes += content.count
    }
}
