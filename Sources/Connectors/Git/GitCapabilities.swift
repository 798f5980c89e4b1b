/// What a server offers (gitprotocol-v2, "Capability Advertisement").
struct GitCapabilities: Hashable, Sendable {
    private var values: [String: String] = [:]

    static let linesMax = 256

    /// Capabilities that every command of ours names.
    var common: [String] {
        (values["agent"] == nil ? [] : ["agent=cloister"])
            + (values["object-format"] == nil ? [] : ["object-format=sha1"])
    }

    var hasFilter: Bool { features("fetch").contains("filter") }
    var saysUnborn: Bool { features("ls-refs").contains("unborn") }

    private func features(_ command: String) -> [Substring] { (values[command] ?? "").split(separator: " ") }

    /// Throws `.misconfigured` for a server that lacks what is needed.
    func check() throws(SourceFailure) {
        guard values["object-format"] ?? "sha1" == "sha1" else {
            throw .misconfigured("The repository names its objects by SHA-256, which is not supported.")
        }
        guard values["ls-refs"] != nil, features("fetch").contains("shallow") else {
            throw .misconfigured("The Git server does not offer ls-refs and shallow fetch.")
        }
    }
}

/// Reads the advertisement. Some servers put a line with the service and a flush before it, as older versions have to.
struct CapabilitiesReader: PacketTaker {
    private enum Place { case start, afterService, older, lines, done }

    private(set) var capabilities = GitCapabilities()
    private var place = Place.start
    private var lines = 0

    var isComplete: Bool { place == .done || place == .older }
    /// Whether it speaks a version before 2.
    var isOlder: Bool { place == .older }

    /// Throws `.misconfigured` for a server that cannot be used; `hint` is for one that could be set up otherwise.
    func checked(_ hint: String? = nil) throws(SourceFailure) -> GitCapabilities {
        guard !isOlder else {
            let sentence = "The Git server does not speak version 2 of its protocol."
            throw .misconfigured([sentence, hint].compactMap { $0 }.joined(separator: " "))
        }
        try capabilities.check()
        return capabilities
    }

    mutating func take(_ packet: Packet) throws(GitFault) {
        if let error = packet.error { throw error }
        switch (place, packet) {
        case (.start, .line), (.afterService, .line):
            let text = packet.text ?? ""
            if place == .start, text == "# service=git-upload-pack" { return }
            place = text == "version 2" ? .lines : .older
        case (.start, .flush): place = .afterService
        case (.lines, .line): try capabilities.add(packet, &lines)
        case (.lines, .flush): place = .done
        case (.older, _), (.done, .end): break
        default: throw .badPacket
        }
    }
}

extension GitCapabilities {
    fileprivate mutating func add(_ packet: Packet, _ lines: inout Int) throws(GitFault) {
        lines += 1
        guard lines <= Self.linesMax, let text = packet.text else { throw .badPacket }
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        values[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
}
