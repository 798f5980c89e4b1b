import CPostgres
import Foundation
import Kit
import Synchronization

/// The thread that hears what other nodes publish.
///
/// It asks the server once a second whether it is still there. When a connection was lost, signals may have been too:
/// every tenant then gets all three kinds, so that subscribers look. `silence` is the seam for "a node without
/// heartbeat serves nothing" (DESIGN 7.4): readiness compares it with its bound.
final class PostgresListener: Sendable {
    private static let pollMilliseconds: Int32 = 1000

    private struct State {
        var isClosed = false
        var heardAt = ContinuousClock.now
        var closing: [CheckedContinuation<Void, Never>] = []
        var hasEnded = false
    }

    private let address: PostgresAddress
    private let node: String
    private let hub: SignalHub
    private let state = Mutex(State())
    private let wakeRead: Int32
    private let wakeWrite: Int32

    /// Listens when this returns. Blocks.
    init(_ address: PostgresAddress, node: String, hub: SignalHub) throws {
        self.address = address
        self.node = node
        self.hub = hub
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw StorageFailure.io(path: "pipe", code: errno) }
        (wakeRead, wakeWrite) = (ends[0], ends[1])
        let connection: PostgresConnection
        do {
            connection = try listen()
        } catch {
            for end in ends { Glibc.close(end) }
            throw error
        }
        // Handed over to the thread and never touched here again.
        nonisolated(unsafe) let first = connection
        let thread = Thread { self.work(first) }
        thread.name = "postgres-listener"
        thread.start()
    }

    deinit {
        Glibc.close(wakeRead)
        Glibc.close(wakeWrite)
    }

    /// Time since the server last answered.
    var silence: Duration { state.withLock { ContinuousClock.now - $0.heardAt } }

    func close() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                state.isClosed = true
                if !state.hasEnded { state.closing.append(continuation) }
                return state.hasEnded
            }
            write(wakeWrite, [1], 1)
            if hasEnded { continuation.resume() }
        }
    }

    private func listen() throws -> PostgresConnection {
        let connection = try PostgresConnection(address)
        try connection.command("LISTEN \"\(address.channel)\"")
        return connection
    }

    /// Asks for something that changes nothing: to listen to what is listened to already.
    private func isAlive(_ connection: PostgresConnection) -> Bool {
        (try? connection.command("LISTEN \"\(address.channel)\"")) != nil
    }

    private func work(_ first: PostgresConnection) {
        var connection: PostgresConnection? = first
        while !state.withLock({ $0.isClosed }) {
            if let current = connection {
                if !hear(current) { connection = nil }
            } else if let fresh = try? listen() {
                connection = fresh
                hub.deliver((try? resync(fresh)) ?? [])
            } else {
                wait(on: [])
            }
        }
        let closing = state.withLock { state in
            state.hasEnded = true
            return state.closing
        }
        for continuation in closing { continuation.resume() }
    }

    /// Waits for news and delivers it. False when the connection is lost.
    private func hear(_ connection: PostgresConnection) -> Bool {
        if !wait(on: [connection.socket]), !isAlive(connection) { return false }
        let notices = connection.notifications().compactMap { PostgresNotice(text: $0) }
        hub.deliver(notices.filter { $0.node != node }.map(\.signal))
        guard connection.isConnected else { return false }
        state.withLock { $0.heardAt = .now }
        return true
    }

    /// True when a descriptor is readable before the poll time is over.
    @discardableResult
    private func wait(on descriptors: [Int32]) -> Bool {
        var polled = (descriptors + [wakeRead]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        return poll(&polled, UInt(polled.count), Self.pollMilliseconds) > 0
    }

    private func resync(_ connection: PostgresConnection) throws -> [Signal] {
        try connection.tenantCounters().flatMap { tenant, last -> [Signal] in
            [
                .revoked(Revocation(tenant: tenant, reach: .tenant)), .changed(tenant, last), .jobs(tenant),
            ]
        }
    }
}
