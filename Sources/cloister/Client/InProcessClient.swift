import HTTPKit
import HTTPTypes

/// The same wiring in this process: a command on a machine where no server runs. Its background work runs meanwhile.
final class InProcessClient: PlatformClient {
    private let platform: Platform
    private let routes: RouteClient
    private let work: Task<Void, any Error>

    init(_ platform: Platform, tenant: String) {
        self.platform = platform
        routes = RouteClient(platform.routes, tenant: tenant)
        work = Task { try await platform.runBackground() }
    }

    func send(_ request: PlatformRequest) async throws -> PlatformResponse { try await routes.send(request) }

    func close() async {
        work.cancel()
        _ = await work.result
        await platform.close()
    }
}

/// The route table called in memory, as the local operator.
struct RouteClient: PlatformClient {
    let routes: RouteTable
    let tenant: String

    init(_ routes: RouteTable, tenant: String) {
        self.routes = routes
        self.tenant = tenant
    }

    func send(_ request: PlatformRequest) async throws -> PlatformResponse {
        var head = HTTPRequest(
            method: request.method, scheme: "http", authority: "localhost", path: request.path,
            headerFields: request.headers)
        head.headerFields[.cloisterTenant] = tenant
        let reply = await routes.respond(to: head, body: request.body, entry: .local)
        return PlatformResponse(status: reply.status, body: reply.body.stream)
    }

    func close() async {}
}

extension HTTPField.Name {
    /// A constant that the library cannot refuse: it is a valid token.
    static let cloisterTenant = HTTPField.Name("X-Cloister-Tenant")!
}

extension Reply.Body {
    var stream: AsyncThrowingStream<[UInt8], any Error> {
        switch self {
        case .empty: AsyncThrowingStream { $0.finish() }
        case .bytes(let bytes):
            AsyncThrowingStream {
                $0.yield(bytes)
                $0.finish()
            }
        case .stream(let stream): stream
        }
    }
}
