import Crypto

/// Bounds of unpacking, against bombs of compressed data and of deltas.
struct PackLimits: Hashable, Sendable {
    /// Of one object; a larger one is passed over.
    var objectBytesMax = 64 << 20
    /// Of all that is unpacked and put together while a pack is read, or one object of it.
    var workBytesMax = 4 << 30
    /// Of one pack.
    var objectsMax = 2_000_000
    /// Deltas on deltas. Git itself makes 50, 250 where asked to try hard.
    var chainMax = 512
    /// Of objects that are kept while others are made from them.
    var keptBytesMax = 64 << 20
}

/// One entry of a pack.
struct PackEntry: Sendable {
    enum Form: Sendable {
        case whole
        /// Made from the entry with this number.
        case delta(Int)
        /// Made from an object that is not known yet.
        case reference(ObjectID)
    }

    /// Of a delta the kind of what it is made from; nil until that is known.
    var kind: GitObjectKind?
    var form: Form
    /// Of its data: the content or the delta.
    let size: Int
    /// Where its compressed data begins.
    let start: Int
    /// Nil while it is a delta that is not put together, or one that is too large for it.
    var id: ObjectID?
    /// Deltas below it.
    var depth = 0
    var isTooLarge: Bool
}

/// Counts what is unpacked.
struct WorkBudget: Sendable {
    private var left: Int

    init(_ limits: PackLimits) { left = limits.workBytesMax }

    mutating func charge(_ bytes: Int) throws(GitFault) {
        guard bytes <= left else { throw .tooMuch }
        left -= bytes
    }
}

/// Goes through a pack once, from entry to entry (gitformat-pack, "pack-*.pack files have the following format"): the
/// only way to find where each ends is to unpack it.
struct PackScanner {
    private static let headBytes = 12
    /// One byte of head and the shortest stream.
    private static let entryBytesMin = 9

    private let pack: ArraySlice<UInt8>
    private let limits: PackLimits
    private let inflater: Inflater
    private var at = Self.headBytes
    private var entries: [PackEntry] = []
    private var numbers: [Int: Int] = [:]

    /// Throws unless `bytes` end with the checksum of what stands before.
    init(_ bytes: [UInt8], _ limits: PackLimits, _ inflater: Inflater) throws(GitFault) {
        guard bytes.count >= Self.headBytes + ObjectID.bytesCount else { throw .truncated }
        guard bytes.starts(with: "PACK".utf8) else { throw .badPack }
        pack = bytes.dropLast(ObjectID.bytesCount)
        var hash = Insecure.SHA1()
        pack.withUnsafeBufferPointer { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        guard bytes.suffix(ObjectID.bytesCount).elementsEqual(hash.finalize()) else { throw .badChecksum }
        self.limits = limits
        self.inflater = inflater
    }

    mutating func scan(_ budget: inout WorkBudget) throws(GitFault) -> [PackEntry] {
        let (version, count) = (number(at: 4), number(at: 8))
        guard version == 2 || version == 3, count <= pack.count / Self.entryBytesMin else { throw .badPack }
        guard count <= limits.objectsMax else { throw .tooMuch }
        entries.reserveCapacity(count)
        for _ in 0..<count { try scanEntry(&budget) }
        guard at == pack.endIndex else { throw .badPack }
        return entries
    }

    private func number(at start: Int) -> Int { pack[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }

    private mutating func scanEntry(_ budget: inout WorkBudget) throws(GitFault) {
        let start = at
        let (type, size) = try head()
        let kind = GitObjectKind(rawValue: type)
        let form: PackEntry.Form =
            switch type {
            case 1...4: .whole
            case 6: .delta(try base(of: start))
            case 7: .reference(try reference())
            default: throw .badPack
            }
        var entry = PackEntry(
            kind: kind, form: form, size: size, start: at, isTooLarge: size > limits.objectBytesMax)
        try budget.charge(size)
        var hash = kind.map { ObjectHash($0, size: size) }
        at = try inflater.inflate(pack, from: at, size: size) { hash?.add($0) }
        entry.id = hash?.end()
        numbers[start] = entries.count
        entries.append(entry)
    }

    private mutating func byte() throws(GitFault) -> UInt8 {
        guard at < pack.endIndex else { throw .truncated }
        defer { at += 1 }
        return pack[at]
    }

    /// Three bits of type and four of size, then seven a byte, the lowest first.
    private mutating func head() throws(GitFault) -> (type: UInt8, size: Int) {
        var byte = try byte()
        let type = byte >> 4 & 7
        var size = Int(byte & 15)
        var shift = 4
        while byte & 0x80 != 0 {
            guard shift < 56 else { throw .badPack }
            byte = try self.byte()
            size |= Int(byte & 0x7f) << shift
            shift += 7
        }
        return (type, size)
    }

    /// The entry that begins so many bytes before: seven bits a byte, the highest first, and one added for each more.
    /// It comes earlier in the pack, so that there are no circles.
    private mutating func base(of start: Int) throws(GitFault) -> Int {
        var byte = try byte()
        var distance = Int(byte & 0x7f)
        while byte & 0x80 != 0 {
            guard distance < 1 << 48 else { throw .badPack }
            byte = try self.byte()
            distance = (distance + 1) << 7 | Int(byte & 0x7f)
        }
        guard distance > 0, let number = numbers[start - distance] else { throw .missingBase }
        return number
    }

    private mutating func reference() throws(GitFault) -> ObjectID {
        guard let id = ObjectID(pack[at...].prefix(ObjectID.bytesCount)) else { throw .truncated }
        at += ObjectID.bytesCount
        return id
    }
}
