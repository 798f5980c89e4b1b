/// One line of the answer to `ls-refs`.
struct GitReference: Hashable, Sendable {
    let name: String
    /// What it leads to, a tag's commit for a tag; nil for a `HEAD` that leads to a branch which is not there.
    let id: ObjectID?
    /// Of `HEAD`: the branch.
    let target: String?
}

/// Reads the answer to `ls-refs` (gitprotocol-v2, "ls-refs").
struct ReferencesReader: PacketTaker {
    static let countMax = 100_000

    private(set) var references: [GitReference] = []
    private(set) var isComplete = false

    mutating func take(_ packet: Packet) throws(GitFault) {
        if let error = packet.error { throw error }
        switch packet {
        case .flush where !isComplete: isComplete = true
        case .end where isComplete: break
        case .line where !isComplete: references.append(try reference(packet))
        default: throw .badPacket
        }
    }

    private func reference(_ packet: Packet) throws(GitFault) -> GitReference {
        guard references.count < Self.countMax, let text = packet.text else { throw .badPacket }
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count >= 2 else { throw .badPacket }
        func value(_ name: String) -> String? {
            parts.dropFirst(2).first { $0.hasPrefix(name) }.map { String($0.dropFirst(name.count)) }
        }
        let target = value("symref-target:")
        if parts[0] == "unborn" { return GitReference(name: String(parts[1]), id: nil, target: target) }
        guard let id = ObjectID(hex: value("peeled:") ?? String(parts[0])) else { throw .badPacket }
        return GitReference(name: String(parts[1]), id: id, target: target)
    }
}
