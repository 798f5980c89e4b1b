import CZlib
import Crypto
import Kit

@testable import Connectors
@testable import TestConnectors

/// Makes packs by hand, also such as no Git would make.
struct PackForge {
    private(set) var bytes: [UInt8] = []
    private var count = 0
    private var starts: [Int] = []

    private static let headBytes = 12

    mutating func whole(_ kind: GitObjectKind, _ content: [UInt8], size: Int? = nil) {
        begin(kind.rawValue, size ?? content.count)
        bytes += Self.packed(content)
    }

    /// From the entry with that number, counted from 0.
    mutating func delta(from base: Int, _ delta: [UInt8]) {
        let distance = Self.headBytes + bytes.count - starts[base]
        begin(6, delta.count)
        bytes += Self.distance(distance) + Self.packed(delta)
    }

    /// Not by number: backwards by so many bytes.
    mutating func delta(distance: Int, _ delta: [UInt8]) {
        begin(6, delta.count)
        bytes += Self.distance(distance) + Self.packed(delta)
    }

    mutating func delta(from base: ObjectID, _ delta: [UInt8]) {
        begin(7, delta.count)
        bytes += base.bytes + Self.packed(delta)
    }

    private mutating func begin(_ type: UInt8, _ size: Int) {
        starts.append(Self.headBytes + bytes.count)
        count += 1
        var rest = size >> 4
        var head = [type << 4 | UInt8(size & 15)]
        while rest > 0 {
            head[head.count - 1] |= 0x80
            head.append(UInt8(rest & 0x7f))
            rest >>= 7
        }
        bytes += head
    }

    private static func distance(_ distance: Int) -> [UInt8] {
        var digits = [UInt8(distance & 0x7f)]
        var rest = distance >> 7
        while rest > 0 {
            rest -= 1
            digits.insert(0x80 | UInt8(rest & 0x7f), at: 0)
            rest >>= 7
        }
        return digits
    }

    func pack(count: Int? = nil, version: UInt8 = 2) -> [UInt8] {
        let number = withUnsafeBytes(of: UInt32(count ?? self.count).bigEndian, Array.init)
        return Self.signed(Array("PACK".utf8) + [0, 0, 0, version] + number + bytes)
    }

    static func signed(_ bytes: [UInt8]) -> [UInt8] { bytes + Array(Insecure.SHA1.hash(data: bytes)) }

    static func packed(_ content: [UInt8]) -> [UInt8] {
        var room = [UInt8](repeating: 0, count: Int(compressBound(UInt(content.count))))
        var size = uLongf(room.count)
        _ = compress2(&room, &size, content, UInt(content.count), 9)
        return Array(room.prefix(Int(size)))
    }

    /// A delta of these sizes; the rest are instructions.
    static func delta(_ base: Int, _ result: Int, _ instructions: [UInt8]) -> [UInt8] {
        size(base) + size(result) + instructions
    }

    private static func size(_ size: Int) -> [UInt8] {
        var rest = size
        var bytes: [UInt8] = []
        repeat {
            bytes.append(UInt8(rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return bytes
    }

    /// Copies `count` bytes, at most 65,535, from the beginning.
    static func copy(_ count: Int) -> [UInt8] { [0xb0, UInt8(count & 0xff), UInt8(count >> 8)] }

    static func insert(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count)] + bytes }

    /// A tree object.
    static func tree(_ entries: [(mode: String, name: [UInt8], id: ObjectID)]) -> [UInt8] {
        entries.flatMap { Array("\($0.mode) ".utf8) + $0.name + [0] + $0.id.bytes }
    }

    static func commit(_ tree: ObjectID) -> [UInt8] {
        Array("tree \(tree.hex)\nauthor T <t@test> 1 +0000\ncommitter T <t@test> 1700000000 +0200\n\nx".utf8)
    }

    /// What a server answers to `fetch`.
    static func answer(_ pack: [UInt8]) -> [UInt8] {
        var answer = line(Array("packfile\n".utf8)) + line([2] + Array("counting\n".utf8))
        for start in stride(from: 0, to: pack.count, by: 60_000) {
            answer += line([1] + pack[start...].prefix(60_000))
        }
        return answer + Array("0000".utf8)
    }

    static func line(_ bytes: [UInt8]) -> [UInt8] {
        let digits = String(bytes.count + 4, radix: 16)
        return Array((String(repeating: "0", count: 4 - digits.count) + digits).utf8) + bytes
    }
}
