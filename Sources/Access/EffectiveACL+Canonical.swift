import Kit

// The canonical form, version 1. All numbers big-endian.
//
//     1 byte   version, 1
//     1 byte   level of the label, 0 ... 4
//     1 byte   0: fits every purpose; 1: a list follows as 4-byte count, then each as 4-byte length and UTF-8
//     4 bytes  number of allow-sets, then each as 4-byte count and grantees
//     4 bytes  number of denied grantees, then these
//
// A grantee is a tag (0 everyone, 1 subject, 2 group) and, but for everyone, the 16 bytes of its identifier.
// Parsing accepts exactly what writing gives: it builds the value by the ordinary initialiser and compares bytes.
extension EffectiveACL {
    private static let version: UInt8 = 1

    /// Injective: two values have equal bytes only when they are equal.
    package var canonicalBytes: [UInt8] {
        var bytes = [Self.version, label.level, purposes == nil ? 0 : 1]
        if let purposes {
            bytes += Self.count(purposes.count)
            for purpose in purposes { bytes += Self.count(purpose.rawValue.utf8.count) + purpose.rawValue.utf8 }
        }
        bytes += Self.count(allowSets.count)
        for set in allowSets { bytes += Self.grantees(set) }
        return bytes + Self.grantees(denied)
    }

    /// Throws `malformedACL` for anything but the canonical bytes of some value, trailing bytes included.
    package init(canonicalBytes bytes: [UInt8]) throws(AccessFailure) {
        var parser = CanonicalParser(rest: bytes[...])
        guard try parser.byte() == Self.version else { throw .malformedACL }
        let level = try parser.byte()
        guard let label = Classification.allCases.first(where: { $0.level == level }) else { throw .malformedACL }
        let purposes = try parser.purposes()
        let allowSets = try parser.list { parser throws(AccessFailure) in Set(try parser.grantees()) }
        let denied = Set(try parser.grantees())
        // The union of denies may ride on any one constraint; without a constraint there is nobody to deny.
        let constraints = allowSets.map { ACLConstraint(allow: $0, deny: denied) }
        self.init(constraints: constraints, label: label, purposes: purposes)
        guard canonicalBytes == bytes else { throw .malformedACL }
    }

    private static func grantees(_ grantees: [Grantee]) -> [UInt8] {
        grantees.reduce(into: count(grantees.count)) { bytes, grantee in
            bytes.append(grantee.rank)
            switch grantee {
            case .everyone: break
            case .subject(let subject): bytes += subject.bytes
            case .group(let group): bytes += group.bytes
            }
        }
    }

    private static func count(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).bigEndian) { Array($0) }
    }
}

/// Reads the form above. A count never reserves memory: it only bounds a loop that consumes bytes.
private struct CanonicalParser {
    var rest: ArraySlice<UInt8>

    mutating func byte() throws(AccessFailure) -> UInt8 {
        guard let byte = rest.popFirst() else { throw .malformedACL }
        return byte
    }

    mutating func number(bytes: Int) throws(AccessFailure) -> UInt64 {
        var value: UInt64 = 0
        for _ in 0..<bytes { value = value << 8 | UInt64(try byte()) }
        return value
    }

    mutating func list<Item>(
        _ item: (inout CanonicalParser) throws(AccessFailure) -> Item
    ) throws(AccessFailure) -> [Item] {
        var items: [Item] = []
        for _ in 0..<(try number(bytes: 4)) { items.append(try item(&self)) }
        return items
    }

    mutating func grantees() throws(AccessFailure) -> [Grantee] {
        try list { parser throws(AccessFailure) in
            switch try parser.byte() {
            case 0: .everyone
            case 1: .subject(SubjectID(high: try parser.number(bytes: 8), low: try parser.number(bytes: 8)))
            case 2: .group(GroupID(high: try parser.number(bytes: 8), low: try parser.number(bytes: 8)))
            default: throw .malformedACL
            }
        }
    }

    mutating func purposes() throws(AccessFailure) -> Set<Purpose>? {
        guard try byte() == 1 else { return nil }
        return Set(try list { parser throws(AccessFailure) in Purpose(rawValue: try parser.text()) })
    }

    mutating func text() throws(AccessFailure) -> String {
        var bytes: [UInt8] = []
        for _ in 0..<(try number(bytes: 4)) { bytes.append(try byte()) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformedACL }
        return text
    }
}
