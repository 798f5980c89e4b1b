/// Numbers distinct byte strings 0, 1, 2 ... in order of arrival: the dictionary of a part of the index.
///
/// Open addressing over one arena: a string costs its bytes and eight more, where a Swift dictionary of arrays costs
/// a heap object each. Hashing is the standard library's, seeded per process, so that documents cannot be written to
/// collide; no result depends on it.
struct TermTable: Sendable {
    private var arena: [UInt8] = []
    /// `count + 1` offsets into `arena`.
    private var starts: [UInt32] = [0]
    /// Index plus one; 0 is free. The size is a power of two and at least twice the count.
    private var slots = [UInt32](repeating: 0, count: 16)

    var count: Int { starts.count - 1 }

    subscript(index: Int) -> ArraySlice<UInt8> { arena[Int(starts[index])..<Int(starts[index + 1])] }

    func find(_ term: UnsafeRawBufferPointer) -> Int? {
        let entry = slots[slot(of: term)]
        return entry == 0 ? nil : Int(entry) - 1
    }

    mutating func insert(_ term: UnsafeRawBufferPointer) -> Int {
        let slot = slot(of: term)
        if slots[slot] != 0 { return Int(slots[slot]) - 1 }
        arena.append(contentsOf: term)
        starts.append(UInt32(arena.count))
        slots[slot] = UInt32(count)
        if count * 2 >= slots.count { grow() }
        return count - 1
    }

    /// Where `term` is, or the free slot where it belongs.
    private func slot(of term: UnsafeRawBufferPointer) -> Int {
        var slot = Self.hash(term) & (slots.count - 1)
        while slots[slot] != 0, !isEqual(Int(slots[slot]) - 1, term) { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    private func isEqual(_ index: Int, _ term: UnsafeRawBufferPointer) -> Bool {
        let start = Int(starts[index])
        guard Int(starts[index + 1]) - start == term.count else { return false }
        return arena.withUnsafeBytes { $0[start..<start + term.count].elementsEqual(term) }
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        arena.withUnsafeBytes { arena in
            for index in 0..<count {
                let term = UnsafeRawBufferPointer(rebasing: arena[Int(starts[index])..<Int(starts[index + 1])])
                var slot = Self.hash(term) & (slots.count - 1)
                while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
                slots[slot] = UInt32(index + 1)
            }
        }
    }

    private static func hash(_ term: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: term)
        return hasher.finalize()
    }
}
