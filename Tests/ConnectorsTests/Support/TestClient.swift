import Foundation
import Kit
import TestKit

@testable import Connectors
@testable import Outbound
@testable import TestConnectors

enum TestClient {
    /// May go where `entries` say; every name is this machine.
    static func make(_ entries: [String], authoritiesPath: String? = nil) throws -> RetryingClient {
        let client = try OutboundClient(
            policy: try OutboundPolicy(try entries.map { try PolicyEntry($0) }), authoritiesPath: authoritiesPath,
            resolver: HostResolver { _ in [NetworkAddress("127.0.0.1")].compactMap { $0 } })
        return RetryingClient(
            client, pace: OriginPace(PaceLimit(perMinute: 1_000_000, burst: 100_000)), randomness: .seeded(3))
    }
}

enum FreePort {
    struct None: Error {}

    /// A loopback port that nobody listened on a moment ago.
    static func next() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 ? getsockname(socket, $0, &length) : -1
            }
        }
        guard code == 0 else { throw None() }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
