/// Makes ZIP files of stored members (PKWARE APPNOTE 4.3), so that a test shows what its fixture holds.
struct ZipWriter {
    private var file: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// In the given order: `mimetype` has to come first where a format demands it.
    static func archive(_ members: [(path: String, content: String)]) -> [UInt8] {
        var writer = ZipWriter()
        for member in members { writer.add(member.path, Array(member.content.utf8)) }
        return writer.finished()
    }

    /// `isEncrypted` only sets the flag; the content stays as it is.
    mutating func add(_ path: String, _ content: [UInt8], isEncrypted: Bool = false) {
        let name = Array(path.utf8)
        let fields =
            Self.bytes(20, 2) + Self.bytes(isEncrypted ? 1 : 0, 2) + Self.bytes(0, 2) + Self.bytes(0, 2)
            + Self.bytes(0x21, 2) + Self.bytes(Int(Self.checksum(content)), 4) + Self.bytes(content.count, 4)
            + Self.bytes(content.count, 4) + Self.bytes(name.count, 2) + Self.bytes(0, 2)
        directory += Self.bytes(0x0201_4b50, 4) + Self.bytes(20, 2) + fields + Self.bytes(0, 2) + Self.bytes(0, 2)
        directory += Self.bytes(0, 2) + Self.bytes(0, 4) + Self.bytes(file.count, 4) + name
        file += Self.bytes(0x0403_4b50, 4) + fields + name + content
        count += 1
    }

    func finished() -> [UInt8] {
        file + directory + Self.bytes(0x0605_4b50, 4) + Self.bytes(0, 2) + Self.bytes(0, 2) + Self.bytes(count, 2)
            + Self.bytes(count, 2) + Self.bytes(directory.count, 4) + Self.bytes(file.count, 4) + Self.bytes(0, 2)
    }

    /// Little-endian.
    private static func bytes(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// CRC-32 of ISO 3309, as ZIP and PNG have it.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
    }
}
