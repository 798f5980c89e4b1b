import Crypto
import Kit

/// Kinds of objects by their number in a pack (gitformat-pack, "Object types").
enum GitObjectKind: UInt8, Sendable {
    case commit = 1
    case tree, blob, tag

    /// As it stands before the content that is hashed.
    var word: String {
        switch self {
        case .commit: "commit"
        case .tree: "tree"
        case .blob: "blob"
        case .tag: "tag"
        }
    }
}

/// The name of an object: SHA-1 over kind, size and content. Kept in numbers, because a repository has a million.
struct ObjectID: Hashable, Sendable {
    static let bytesCount = 20

    private let high: UInt64
    private let middle: UInt64
    private let low: UInt32

    /// Nil unless these are 20 bytes.
    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.bytesCount else { return nil }
        func number(_ from: Int, _ count: Int) -> UInt64 {
            bytes.dropFirst(from).prefix(count).reduce(0) { $0 << 8 | UInt64($1) }
        }
        high = number(0, 8)
        middle = number(8, 8)
        low = UInt32(number(16, 4))
    }

    /// Nil unless these are 40 lower-case digits.
    init?(hex: String) {
        guard hex.utf8.count == 2 * Self.bytesCount, let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes)
    }

    var bytes: [UInt8] {
        withUnsafeBytes(of: high.bigEndian, Array.init) + withUnsafeBytes(of: middle.bigEndian, Array.init)
            + withUnsafeBytes(of: low.bigEndian, Array.init)
    }

    var hex: String { Hex.encode(bytes) }
}

/// Makes the name of an object while its content goes by.
struct ObjectHash {
    private var hash = Insecure.SHA1()

    init(_ kind: GitObjectKind, size: Int) { hash.update(data: Array("\(kind.word) \(size)\0".utf8)) }

    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
    }

    /// Nil never: SHA-1 has 20 bytes.
    func end() -> ObjectID? { ObjectID(Array(hash.finalize())) }

    static func id(_ kind: GitObjectKind, _ content: [UInt8]) -> ObjectID? {
        var hash = ObjectHash(kind, size: content.count)
        content.withUnsafeBufferPointer { hash.add($0) }
        return hash.end()
    }
}
