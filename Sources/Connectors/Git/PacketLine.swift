/// One pkt-line (gitprotocol-common, "pkt-line Format"; gitprotocol-v2, "Packet-Line Framing").
enum Packet: Hashable, Sendable {
    /// 0000: the message ends.
    case flush
    /// 0001: a section ends.
    case delimiter
    /// 0002: the answer of a stateless connection ends.
    case end
    case line([UInt8])

    /// The four digits count themselves.
    static let bytesMax = 65_520

    /// A line without its line feed, or nil when it is none or not UTF-8.
    var text: String? {
        guard case .line(let bytes) = self else { return nil }
        return String(validating: bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }

    /// The server's word that it stops: `ERR` and a reason.
    var error: GitFault? {
        guard case .line(let bytes) = self, bytes.starts(with: "ERR ".utf8) else { return nil }
        return Self.fault(bytes)
    }

    /// git says "not our ref", JGit "not valid" and "not found", of objects that may not be asked for.
    static func fault(_ message: some Collection<UInt8>) -> GitFault {
        let text = String(decoding: message.prefix(512), as: UTF8.self)
        return ["not our ref", "not valid", "not found", "unadvertised"].contains { text.contains($0) }
            ? .notGiven : .refused
    }
}

/// Cuts a stream into packets, whatever pieces it comes in.
struct PacketReader {
    private var buffer: [UInt8] = []
    private var at = 0

    /// Whether nothing is left that is not a whole packet.
    var isEmpty: Bool { at == buffer.count }

    mutating func append(_ chunk: [UInt8]) {
        buffer.removeFirst(at)
        at = 0
        buffer += chunk
    }

    /// Nil until more has come.
    mutating func next() throws(GitFault) -> Packet? {
        guard buffer.count - at >= 4 else { return nil }
        let length = try Self.length(buffer[at..<at + 4])
        switch length {
        case 0: return marker(.flush)
        case 1: return marker(.delimiter)
        case 2: return marker(.end)
        case 4...Packet.bytesMax:
            guard buffer.count - at >= length else { return nil }
            defer { at += length }
            return .line(Array(buffer[at + 4..<at + length]))
        default: throw .badPacket
        }
    }

    private mutating func marker(_ packet: Packet) -> Packet {
        at += 4
        return packet
    }

    private static func length(_ digits: ArraySlice<UInt8>) throws(GitFault) -> Int {
        var length = 0
        for digit in digits {
            switch digit {
            case 0x30...0x39: length = length << 4 | Int(digit - 0x30)
            case 0x61...0x66: length = length << 4 | Int(digit - 0x61 + 10)
            case 0x41...0x46: length = length << 4 | Int(digit - 0x41 + 10)
            default: throw .badPacket
            }
        }
        return length
    }
}

/// A request in pkt-lines. Lines are short: commands, identifiers, and names whose length is checked.
struct PacketWriter {
    private(set) var bytes: [UInt8] = []

    mutating func line(_ text: String) {
        let digits = String(text.utf8.count + 5, radix: 16)
        bytes += Array((String(repeating: "0", count: max(0, 4 - digits.count)) + digits + text + "\n").utf8)
    }

    mutating func delimiter() { bytes += Array("0001".utf8) }
    mutating func flush() { bytes += Array("0000".utf8) }

    /// A command of protocol version 2 with its arguments.
    static func command(_ name: String, _ capabilities: [String], _ arguments: [String]) -> [UInt8] {
        var writer = PacketWriter()
        writer.line("command=\(name)")
        for capability in capabilities { writer.line(capability) }
        writer.delimiter()
        for argument in arguments { writer.line(argument) }
        writer.flush()
        return writer.bytes
    }
}

/// Makes something of the packets of one answer.
protocol PacketTaker: Sendable {
    mutating func take(_ packet: Packet) throws(GitFault)

    /// Whether nothing is missing.
    var isComplete: Bool { get }
}
