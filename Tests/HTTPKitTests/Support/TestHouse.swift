import HTTPTypes
import Kit
import Logging
import Synchronization
import TestKit

@testable import HTTPKit

/// A caller with the given permissions, made from a number so that equal numbers are equal callers.
func caller(_ number: UInt64, _ permissions: Set<Permission> = Set(Permission.allCases)) -> Principal {
    Principal(
        tenant: TenantID(high: 1, low: 1), subject: SubjectID(high: 0, low: number), groups: [], roles: [.user],
        clearance: .internal, purpose: .general, permissions: permissions,
        credential: .apiKey(APIKeyID(high: 0, low: number)))
}

/// Knows tokens, one session and the local operator. `cached` answers only what `authenticate` has found before.
final class TestAuthenticator: Authenticator {
    private struct State {
        var cache: [PresentedCredentials: Principal] = [:]
        var slowCalls = 0
    }

    let tokens: [String: Principal]
    let session = (cookie: "session-1", csrf: "csrf-1")
    private let state = Mutex(State())

    init(tokens: [String: Principal]) { self.tokens = tokens }

    var slowCalls: Int { state.withLock { $0.slowCalls } }

    func cached(_ credentials: PresentedCredentials) -> Principal? { state.withLock { $0.cache[credentials] } }

    func authenticate(_ credentials: PresentedCredentials) async throws -> Principal {
        let principal = try find(credentials)
        state.withLock {
            $0.slowCalls += 1
            $0.cache[credentials] = principal
        }
        return principal
    }

    private func find(_ credentials: PresentedCredentials) throws(AuthenticationFailure) -> Principal {
        if let token = credentials.token {
            guard let principal = tokens[token] else { throw .invalid }
            return principal
        }
        if let cookie = credentials.sessionCookie {
            guard cookie == session.cookie, let principal = tokens["good"] else { throw .invalid }
            guard credentials.isSafeMethod || credentials.csrfToken == session.csrf else { throw .csrf }
            return principal
        }
        guard credentials.localTenant != nil, let principal = tokens["good"] else { throw .missing }
        return principal
    }
}

/// Ends streams and sockets on demand.
final class TestRevocation: Sendable {
    private let buffer = ReplayBuffer()

    func cut() { buffer.finish() }

    func wait() async {
        guard let events = try? buffer.events(after: nil) else { return }
        do { for try await _ in events {} } catch {}
    }
}

/// Lets other tasks run until `condition` holds; the suite's time limit ends it when that never happens.
func eventually(_ condition: () -> Bool) async throws {
    while !condition() {
        try Task.checkCancellation()
        await Task.yield()
    }
}

extension RouteTable {
    static let good = "good"
    static let weak = "weak"

    /// A table over `routes` with the tokens `good` (every permission) and `weak` (none).
    static func testing(
        _ routes: [Route], settings: HTTPSettings = HTTPSettings(),
        change: (inout RouteTableServices) -> Void = { _ in }
    ) throws -> RouteTable {
        let authenticator = TestAuthenticator(tokens: [good: caller(1), weak: caller(2, [])])
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        var services = RouteTableServices(
            authenticator: authenticator, clock: VirtualClock().clock, randomness: .seeded(7), logger: logger)
        change(&services)
        return try RouteTable(routes, settings: settings, services: services)
    }
}

extension HTTPRequest {
    /// A request over TCP to the allowed host.
    static func test(
        _ method: HTTPRequest.Method = .get, _ path: String, token: String? = RouteTable.good,
        headers: HTTPFields = [:]
    ) -> HTTPRequest {
        var fields = headers
        if let token { fields[.authorization] = "Bearer \(token)" }
        return HTTPRequest(
            method: method, scheme: "http", authority: "localhost:8080", path: path, headerFields: fields)
    }
}

extension ExchangeEntry {
    static let test = ExchangeEntry.network(peer: "192.0.2.1")
}

extension Reply {
    /// The whole body; a stream is read to its end.
    var text: String {
        get async throws {
            switch body {
            case .empty: return ""
            case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
            case .stream(let stream):
                var bytes: [UInt8] = []
                for try await piece in stream { bytes += piece }
                return String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    /// `code` of a problem document.
    var code: String {
        get async throws {
            let text = try await text
            guard case .object(let members) = try JSONParser.parse(Array(text.utf8)),
                case .string(let code)? = members["code"]
            else { return "not a problem: \(text)" }
            return code
        }
    }
}
