/// What is wrong with an answer of a Git server. Holds nothing of it.
enum GitFault: Error, Hashable, CaseIterable {
    /// Lines that are no pkt-lines, or not those that belong here.
    case badPacket
    /// The server stopped and said why in words of its own.
    case refused
    /// The server does not have, or does not give, an object that was asked for.
    case notGiven
    /// Ends before it is complete.
    case truncated
    /// The pack's head, an entry, or what stands behind the last one.
    case badPack
    case badChecksum
    /// Compressed data or a size that does not fit it.
    case badObject
    case badDelta
    /// A delta to an object that is not in the pack, or to itself.
    case missingBase
    case chainTooDeep
    /// More than the bounds of `PackLimits` once it is unpacked.
    case tooMuch
    /// A commit or tree that cannot be read.
    case badTree

    var failure: SourceFailure {
        switch self {
        case .notGiven: .retryable(after: nil, "The server did not give an object that it had named.")
        case .refused: .misbehaved("The Git server ended its answer with an error.")
        case .truncated: .retryable(after: nil, "The Git server's answer ended too early.")
        case .tooMuch: .misbehaved("The Git server's pack is larger, once unpacked, than is allowed.")
        case .badPacket: .misbehaved("The Git server's answer is not in its protocol's form.")
        case .badChecksum: .misbehaved("The Git server's pack does not have the checksum that it states.")
        case .badPack, .badObject, .badDelta, .missingBase, .chainTooDeep:
            .misbehaved("The Git server's pack is damaged.")
        case .badTree: .misbehaved("A commit or a folder of the repository is damaged.")
        }
    }
}
