/// Reads the answer to `fetch` (gitprotocol-v2, "fetch"): sections, of which only the pack counts, and that comes in
/// bands: 1 data, 2 progress, 3 the server's last words.
struct FetchReader: PacketTaker {
    private enum Place { case betweenSections, section, pack, done }

    private(set) var pack: [UInt8] = []
    private var place = Place.betweenSections
    private let bytesMax: Int

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    var isComplete: Bool { place == .done }

    mutating func take(_ packet: Packet) throws(GitFault) {
        if place != .pack, let error = packet.error { throw error }
        switch (place, packet) {
        case (.betweenSections, .line):
            switch packet.text {
            case "packfile": place = .pack
            case "acknowledgments", "shallow-info", "wanted-refs": place = .section
            default: throw .badPacket
            }
        case (.section, .line): break
        case (.section, .delimiter): place = .betweenSections
        case (.pack, .line(let bytes)): try takeBand(bytes)
        case (.pack, .flush): place = .done
        case (.done, .end): break
        default: throw .badPacket
        }
    }

    private mutating func takeBand(_ bytes: [UInt8]) throws(GitFault) {
        switch bytes.first {
        case 1:
            guard bytes.count - 1 <= bytesMax - pack.count else { throw .tooMuch }
            pack += bytes.dropFirst()
        case 2: break
        case 3: throw Packet.fault(bytes.dropFirst())
        default: throw .badPacket
        }
    }
}
