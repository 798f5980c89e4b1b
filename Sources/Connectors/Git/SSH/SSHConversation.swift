import Foundation
import Kit
import Sandbox
import Synchronization

/// How patient a conversation over SSH is.
package struct SSHLimits: Sendable {
    /// For the connection and the server's first words; whole seconds.
    package var connectSeconds = 10
    /// From the command, or the start, to the first byte. A large repository is counted before it comes.
    package var firstByte = Duration.seconds(120)
    /// From one piece to the next.
    package var idle = Duration.seconds(60)
    package var total = Duration.seconds(1800)

    package init() {}
}

/// One run of ssh, with packets out of it and commands into it. All calls block: it lives on a thread of its own.
final class SSHConversation {
    private let process: JailedProcess
    private let limits: SSHLimits
    private let user: String
    private let end: ContinuousClock.Instant
    private var packets = PacketReader()

    private static let readBytesMax = 64 << 10
    private static let farewellMax = Duration.seconds(1)

    fileprivate init(_ process: JailedProcess, _ limits: SSHLimits, user: String) {
        self.process = process
        self.limits = limits
        self.user = user
        end = .now + limits.total
    }

    func send(_ command: [UInt8]) throws {
        do throws(JailFailure) {
            try process.send(command, by: deadline(limits.firstByte))
        } catch {
            throw meaning(of: error)
        }
    }

    /// Feeds packets to `taker` until it is complete; nothing may come behind.
    func read<Taker: PacketTaker>(_ taker: Taker, bytesMax: Int) throws -> Taker {
        var (taker, left, patience) = (taker, bytesMax, limits.firstByte)
        while true {
            while let packet = try packets.next() { try taker.take(packet) }
            guard !taker.isComplete else {
                guard packets.isEmpty else { throw GitFault.badPacket }
                return taker
            }
            let bytes = try more(patience)
            guard bytes.count <= left else { throw SourceFailure.poison(.tooLarge(bytesMax: bytesMax)) }
            left -= bytes.count
            patience = limits.idle
            packets.append(bytes)
        }
    }

    /// Tells the server that there are no more commands, so that it ends by itself.
    fileprivate func farewell() {
        try? process.send(Array("0000".utf8), by: deadline(Self.farewellMax))
        process.closeInput()
        _ = try? process.wait(by: deadline(Self.farewellMax))
    }

    private func more(_ patience: Duration) throws -> [UInt8] {
        do throws(JailFailure) {
            if let bytes = try process.receiveSome(Self.readBytesMax, by: deadline(patience)) { return bytes }
            throw process.failure(by: deadline(limits.idle))
        } catch {
            throw meaning(of: error)
        }
    }

    private func deadline(_ patience: Duration) -> ContinuousClock.Instant { min(end, .now + patience) }

    private func meaning(of failure: JailFailure) -> any Error {
        switch failure {
        case .failed(0, _): GitFault.truncated
        case .failed(let exitCode, let words): SSHFault(exitCode: exitCode, words: words, user: user)
        case .timedOut: SSHFault.timedOut
        case .unavailable: SSHFault.noGit
        default: SSHFault.failed
        }
    }
}

extension SSHConversation {
    /// Runs `body` with a process of `command`. Who is cancelled, and whatever `body` throws, ends the process.
    static func run<Result: Sendable>(
        _ command: [String], _ limits: SSHLimits, user: String,
        _ body: @escaping @Sendable (SSHConversation) throws -> Result
    ) async throws -> Result {
        guard access(command[0], X_OK) == 0 else { throw SSHFault.notInstalled }
        let line = HangUp()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(with: Swift.Result { try converse(command, limits, user, line, body) })
                }
            }
        } onCancel: {
            line.hangUp()
        }
    }

    private static func converse<Result>(
        _ command: [String], _ limits: SSHLimits, _ user: String, _ line: HangUp,
        _ body: (SSHConversation) throws -> Result
    ) throws -> Result {
        let process: JailedProcess
        do { process = try JailedProcess(command: command) } catch { throw SSHFault.notStarted }
        defer { process.end() }
        guard line.begin(process) else { throw CancellationError() }
        do {
            let conversation = SSHConversation(process, limits, user: user)
            let result = try body(conversation)
            conversation.farewell()
            return result
        } catch {
            throw line.isHungUp ? CancellationError() : error
        }
    }
}

/// Kills the process of somebody who does not wait for it any more.
private final class HangUp: Sendable {
    private struct State {
        var process: JailedProcess?
        var isHungUp = false
    }

    private let state = Mutex(State())

    var isHungUp: Bool { state.withLock { $0.isHungUp } }

    /// False when it was too late.
    func begin(_ process: JailedProcess) -> Bool {
        state.withLock { state in
            state.process = process
            return !state.isHungUp
        }
    }

    func hangUp() {
        let process = state.withLock { state in
            state.isHungUp = true
            return state.process
        }
        process?.kill()
    }
}
