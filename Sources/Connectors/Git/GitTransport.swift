/// A way to a Git server that speaks version 2 of the protocol (gitprotocol-v2): one conversation for each command.
protocol GitTransport: Sendable {
    /// What the server can do. Throws `GitFault`, `SourceFailure`.
    func advertisement() async throws -> GitCapabilities

    /// Sends a command and feeds the answer to `taker`. Throws `GitFault`, and `.poison(.tooLarge)` beyond `bytesMax`.
    func send<Taker: PacketTaker>(_ command: [UInt8], bytesMax: Int, to taker: Taker) async throws -> Taker

    /// Goes the way to the server step by step. False when it ended before the repository was asked for.
    func reach(_ report: inout ConnectionReport) async -> Bool
}

enum GitTalk {
    /// What a server may say of itself, and about its references.
    static let bytesMax = 16 << 20
}
