extension IMAPSession {
    /// Whether the server tells by itself what changes (RFC 2177). Asks again, because more is offered to those
    /// who are signed in.
    func offersIdle() async throws -> Bool {
        if !capabilities.contains("IDLE") { try await askCapabilities() }
        return capabilities.contains("IDLE")
    }

    /// Waits in the open folder and calls `changed` when messages come or go. `isOver` is asked whenever the server
    /// says something, so that the command is given anew before the server takes us for gone (section 3: 29 minutes).
    func idle(until isOver: () -> Bool, _ changed: () -> Void) async throws {
        let tag = begin("IDLE")
        var (isIdling, isDone) = (false, false)
        while true {
            switch IMAPResponse(try await response()) {
            case .goOn where !isIdling: isIdling = true
            case .data(let pieces): if Self.isNews(pieces) { changed() }
            case .status(.bye, _): throw Self.bye
            case .status: break
            case .tagged(tag, .ok, _) where isDone: return
            case .tagged, .goOn, nil: throw Self.malformed
            }
            if isIdling, !isDone, isOver() {
                isDone = true
                say("DONE")
            }
        }
    }

    /// `* 4 EXISTS`, `* 3 EXPUNGE`, and `* VANISHED 1:3` (RFC 7162 section 3.2.10). Flags are no news: a message stays
    /// what it is.
    private static func isNews(_ pieces: [IMAPPiece]) -> Bool {
        guard case .text(let line) = pieces.first else { return false }
        let words = String(decoding: line.prefix(64), as: UTF8.self).uppercased().split(separator: " ").prefix(2)
        return words.contains { ["EXISTS", "EXPUNGE", "VANISHED"].contains($0) }
    }
}
