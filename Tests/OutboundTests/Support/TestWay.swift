import HTTPTypes
import Kit
import Synchronization
import TestKit

@testable import Outbound

/// A client for tests: names of `.test` are on loopback, and every name that is asked for is remembered.
final class TestWay: Sendable {
    private let asked = Mutex<[String]>([])
    private let answers: @Sendable (_ name: String, _ count: Int) -> [String]

    /// In the order of asking.
    var names: [String] { asked.withLock { $0 } }

    /// `answers` gets the name and how many were asked before.
    init(_ answers: @escaping @Sendable (_ name: String, _ count: Int) -> [String] = { _, _ in ["127.0.0.1"] }) {
        self.answers = answers
    }

    func client(
        _ entries: [String], authoritiesPath: String? = nil, clock: WallClock = .system
    ) throws -> OutboundClient {
        try OutboundClient(
            policy: try OutboundPolicy(entries.map { try PolicyEntry($0) }), authoritiesPath: authoritiesPath,
            resolver: HostResolver { name in
                let count = self.asked.withLock { asked in
                    asked.append(name)
                    return asked.count - 1
                }
                return self.answers(name, count).compactMap { NetworkAddress($0) }
            }, clock: clock)
    }
}

extension OutboundRequest {
    static func get(_ url: String, headers: HTTPFields = [:]) throws -> OutboundRequest {
        OutboundRequest(.get, try OutboundURL(url), headers: headers)
    }
}

/// The `OutboundFailure` that `work` throws; nil when it throws none.
func failure(of work: () async throws -> Void) async throws -> OutboundFailure? {
    do {
        try await work()
        return nil
    } catch let failure as OutboundFailure {
        return failure
    }
}

/// Lets virtual time pass, second by second, until `work` ends.
func passingTime<Result>(
    _ clock: VirtualClock, _ work: () async throws -> Result
) async throws -> Result {
    let driver = Task {
        while !Task.isCancelled {
            if clock.sleeping > 0 { clock.advance(by: .seconds(1)) }
            await Task.yield()
        }
    }
    defer { driver.cancel() }
    return try await work()
}

let okay = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

func redirect(_ location: String, status: Int = 302) -> String {
    "HTTP/1.1 \(status) Found\r\nLocation: \(location)\r\nContent-Length: 0\r\n\r\n"
}
