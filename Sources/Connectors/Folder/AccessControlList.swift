/// A POSIX access control list as Linux stores it in `system.posix_acl_access`: version 2 in four bytes, then eight
/// bytes per entry, all little-endian (`posix_acl_xattr.h` of the kernel's interface).
struct AccessControlList: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        enum Tag: UInt16, Sendable {
            case owner = 0x01
            case user = 0x02
            case owningGroup = 0x04
            case group = 0x08
            case mask = 0x10
            case other = 0x20
        }

        let tag: Tag
        let bits: UInt16
        let id: UInt32
    }

    /// 65,536 bytes are the largest attribute of the kernel.
    static let bytesMax = 64 << 10
    private static let version: UInt32 = 2
    private static let headerBytes = 4
    private static let entryBytes = 8

    let entries: [Entry]

    init(entries: [Entry]) { self.entries = entries }

    /// Nil for anything that the kernel would not accept: what is not understood must not open anything.
    init?(bytes: [UInt8]) {
        guard bytes.count <= Self.bytesMax, bytes.count >= Self.headerBytes,
            (bytes.count - Self.headerBytes).isMultiple(of: Self.entryBytes), Self.number(bytes[..<4]) == Self.version
        else { return nil }
        var entries: [Entry] = []
        for start in stride(from: Self.headerBytes, to: bytes.count, by: Self.entryBytes) {
            let bits = UInt16(Self.number(bytes[start + 2..<start + 4]))
            guard let tag = Entry.Tag(rawValue: UInt16(Self.number(bytes[start..<start + 2]))), bits <= 7 else {
                return nil
            }
            entries.append(Entry(tag: tag, bits: bits, id: Self.number(bytes[start + 4..<start + 8])))
        }
        self.init(checked: entries)
    }

    /// One owner, one owning group, one for others; a mask where anybody is named; nobody named twice.
    private init?(checked entries: [Entry]) {
        func count(_ tag: Entry.Tag) -> Int { entries.count { $0.tag == tag } }
        let named = entries.filter { $0.tag == .user || $0.tag == .group }
        guard count(.owner) == 1, count(.owningGroup) == 1, count(.other) == 1, count(.mask) <= 1,
            named.isEmpty || count(.mask) == 1,
            Set(named.map { UInt64($0.tag.rawValue) << 32 | UInt64($0.id) }).count == named.count
        else { return nil }
        self.entries = entries
    }

    /// What the nine mode bits say (`mode_t`).
    init(mode: UInt32) {
        entries = [
            Entry(tag: .owner, bits: UInt16(mode >> 6 & 7), id: 0),
            Entry(tag: .owningGroup, bits: UInt16(mode >> 3 & 7), id: 0),
            Entry(tag: .other, bits: UInt16(mode & 7), id: 0),
        ]
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

extension AccessControlList {
    /// Who has `bit` (4 to read a file, 1 to go through a folder), by the algorithm of acl(5).
    ///
    /// Where the list lets somebody in by one group and not by another, we keep them out: an allow-set and a deny-set
    /// cannot say "unless". It is never wider than the list. The superuser gets nothing of its own.
    func constraint(bit: UInt16, owner: UInt32, group: UInt32) -> SourceConstraint {
        let mask = entries.first { $0.tag == .mask }?.bits ?? 7
        var rule = SourceConstraint(allow: [])
        let others = entries.contains { $0.tag == .other && $0.bits & bit != 0 }
        for entry in entries {
            guard let principal = Self.principal(entry, owner, group) else { continue }
            let bits = entry.tag == .owner ? entry.bits : entry.bits & mask
            // The owner's entry comes before one that names the owner.
            if entry.tag == .user, entry.id == owner { continue }
            if bits & bit != 0 { rule.allow?.insert(principal) } else { rule.deny.insert(principal) }
        }
        if others {
            rule.allow?.insert(.authenticated)
        } else {
            rule.deny = rule.deny.filter(Self.isUser)
        }
        return Self.settled(rule)
    }

    /// Not having the bit as a group keeps out only those whom a wider entry would let in; a group that is named twice
    /// (the owning one) is in when one of its entries says so.
    private static func settled(_ rule: SourceConstraint) -> SourceConstraint {
        SourceConstraint(allow: rule.allow, deny: rule.deny.subtracting(rule.allow ?? []))
    }

    private static func isUser(_ principal: SourcePrincipal) -> Bool {
        if case .user = principal { true } else { false }
    }

    private static func principal(_ entry: Entry, _ owner: UInt32, _ group: UInt32) -> SourcePrincipal? {
        switch entry.tag {
        case .owner: .user(ExactText(String(owner)))
        case .user: .user(ExactText(String(entry.id)))
        case .owningGroup: .group(ExactText(String(group)))
        case .group: .group(ExactText(String(entry.id)))
        case .mask, .other: nil
        }
    }
}
