import Kit
import Outbound
import Synchronization

extension MailConnector {
    package var canWatch: Bool { true }

    /// One folder has a line: the inbox where it is wanted, else the first. The others are looked at in each run.
    ///
    /// A server that says nothing for so long that a firewall may have forgotten the connection is connected to anew.
    package func watch(_ changed: @escaping @Sendable () -> Void) async throws {
        let seen = Mutex<OpenedFolder?>(nil)
        while true {
            do {
                let isOffered = try await talking(watchLimits) { session in
                    guard try await session.offersIdle(), let folder = try await watched(session),
                        let opened = try await session.examine(folder)
                    else { return false }
                    // What happened while nobody listened; at first, everything did.
                    let isOther = seen.withLock { seen in
                        defer { seen = opened }
                        return seen != opened
                    }
                    if isOther { changed() }
                    try await idle(session, changed)
                    return true
                }
                guard isOffered else { return }
            } catch SourceFailure.poison(.tooLarge) {
                throw SourceFailure.misbehaved("The mail server says more than it was asked for.")
            } catch is IMAPSilence {
                continue
            }
        }
    }

    /// Until the connection breaks, which it says by throwing.
    private func idle(_ session: IMAPSession, _ changed: () -> Void) async throws {
        while true {
            let end = clock.now() + Self.watchMax
            try await session.idle(until: { clock.now() >= end }, changed)
        }
    }

    private func watched(_ session: IMAPSession) async throws -> ExactText? {
        let folders = try await session.folders(selection).wanted
        return (folders.first { $0.name.text.uppercased() == "INBOX" } ?? folders.first)?.name
    }

    /// Silence of this length after a command of this age at most: together less than the 29 minutes of RFC 2177.
    private static let watchMax = Duration.seconds(840)

    private var watchLimits: OutboundLimits {
        var limits = OutboundLimits()
        limits.idle = Self.watchMax
        limits.total = .seconds(86_400)
        limits.bodyBytesMax = 16 << 20
        return limits
    }
}

/// Nothing was said on a line for as long as it is waited for.
struct IMAPSilence: Error {}
