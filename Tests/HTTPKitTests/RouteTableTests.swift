import HTTPTypes
import Kit
import Synchronization
import TestKit
import Testing

@testable import HTTPKit

private struct Oops: Error { let secret = "s3cret-detail" }

private func echo(_ exchange: Exchange) throws -> Reply { try .json(exchange.parameters) }

private func sampleRoutes() -> [Route] {
    [
        Route(.get, "/", .anonymous(because: "test"), "Root.") { _ in Reply(body: .bytes(Array("root".utf8))) },
        Route(.get, "/api/v1/things", .authenticated, "List.", handler: echo),
        Route(.get, "/api/v1/things/{thing}", .requires(.documentsRead), "One.", handler: echo),
        Route(.get, "/api/v1/things/special", .requires(.documentsRead), "The special one.") { _ in
            Reply(body: .bytes(Array("special".utf8)))
        },
        Route(.post, "/api/v1/things", .requires(.documentsWrite), "Make.", bodyBytesMax: 10) { exchange in
            Reply(.created, body: .bytes(exchange.body))
        },
        Route(.get, "/api/v1/things/{thing}/parts/{part}", .authenticated, "Part.", handler: echo),
        Route(.get, "/files/{path...}", .anonymous(because: "test"), "File.", handler: echo),
        Route(.post, "/api/v1/fails", .authenticated, "Fails.") { _ in throw Oops() },
        Route(.get, "/v1/fails", .authenticated, "Fails in the other dialect.") { _ in throw Oops() },
        Route(.get, "/api/v1/local", .localOnly(.documentsRead), "Local.", handler: echo),
    ]
}

@Suite("The route table")
struct RouteTableTests {
    @Test(
        "answers as its rows say",
        arguments: [
            // method, path, token, status, must contain, must not contain
            ("GET", "/", nil, 200, "root", "x"),
            ("GET", "/api/v1/things", "good", 200, "{}", "x"),
            ("GET", "/api/v1/things", nil, 401, "auth.required", "{}"),
            ("GET", "/api/v1/things", "wrong", 401, "auth.invalid", "wrong"),
            ("GET", "/api/v1/things/a%20b", "good", 200, #"{"thing":"a b"}"#, "%20"),
            ("GET", "/api/v1/things/special", "good", 200, "special", "thing"),
            ("GET", "/api/v1/things/special/parts/1", "good", 200, #"{"part":"1","thing":"special"}"#, "x"),
            ("GET", "/api/v1/things/a", "weak", 403, "auth.forbidden", #""thing""#),
            ("GET", "/api/v1/thing", "good", 404, "request.not_found", "thing/"),
            ("GET", "/api/v1/things/", "good", 404, "request.not_found", "{}"),
            ("GET", "//api/v1/things", "good", 404, "request.not_found", "{}"),
            ("GET", "/api/v1/%74hings", "good", 404, "request.not_found", "{}"),
            ("GET", "/API/v1/things", "good", 404, "request.not_found", "{}"),
            ("DELETE", "/api/v1/things", "good", 405, "It takes GET, POST.", "{}"),
            ("OPTIONS", "/api/v1/things", nil, 405, "request.method", "{}"),
            ("GET", "/files/a/b/c", nil, 200, #"{"path":"a/b/c"}"#, "x"),
            ("GET", "/files", nil, 404, "request.not_found", "x"),
            ("GET", "/api/v1/things?a=%", "good", 400, "query", "{}"),
            ("GET", "/api/v1/local", "good", 404, "request.not_found", "{}"),
            ("POST", "/api/v1/fails", "good", 500, "internal", "s3cret"),
            ("GET", "/v1/fails", "good", 500, #"{"error":{"code":"internal""#, "s3cret"),
            ("GET", "/v1/fails", nil, 401, "authentication_error", "problem"),
        ] as [(String, String, String?, Int, String, String)])
    func rows(
        _ method: String, _ path: String, _ token: String?, _ status: Int, _ contains: String, _ lacks: String
    ) async throws {
        let table = try RouteTable.testing(sampleRoutes())
        let request = HTTPRequest.test(HTTPRequest.Method(method)!, path, token: token)
        let reply = await table.respond(to: request, entry: .test)
        let text = try await reply.text
        #expect(reply.status.code == status)
        #expect(text.contains(contains), "\(text)")
        #expect(!text.contains(lacks), "\(text)")
        #expect(table.admission.inFlight.total == 0)
    }

    @Test("dresses every answer with the security headers and its request id")
    func headers() async throws {
        let table = try RouteTable.testing(sampleRoutes())
        for path in ["/", "/nowhere", "/api/v1/things"] {
            let reply = await table.respond(to: .test(.get, path, token: nil), entry: .test)
            #expect(reply.headers[.xContentTypeOptions] == "nosniff")
            #expect(reply.headers[.cacheControl] == "no-store")
            #expect(reply.headers[.referrerPolicy] == "no-referrer")
            #expect(reply.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
            #expect(RequestID(reply.headers[.requestID] ?? "") != nil)
        }
        let refused = await table.respond(to: .test(.get, "/api/v1/things", token: nil), entry: .test)
        #expect(refused.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
        #expect(refused.headers[.contentType] == "application/problem+json")
    }

    @Test("bounds the body before the handler sees it")
    func bodyBound() async throws {
        let table = try RouteTable.testing(sampleRoutes())
        let fits = await table.respond(
            to: .test(.post, "/api/v1/things"), body: Array(repeating: 65, count: 10), entry: .test)
        let over = await table.respond(
            to: .test(.post, "/api/v1/things"), body: Array(repeating: 65, count: 11), entry: .test)
        #expect(fits.status == .created)
        #expect(over.status == .contentTooLarge)
        #expect(try await over.code == "request.too_large")
    }

    @Test("the operator bounds the bodies of routes that set no bound")
    func operatorsBodyBound() async throws {
        var settings = HTTPSettings()
        settings.bodyBytesMax = 5
        let handler: @Sendable (Exchange) async throws -> Reply = { _ in Reply() }
        let table = try RouteTable.testing(
            [
                Route(.post, "/plain", .authenticated, "", handler: handler),
                Route(.post, "/upload", .authenticated, "", bodyBytesMax: 10, handler: handler),
            ], settings: settings)
        for (path, count, status) in [
            ("/plain", 5, HTTPResponse.Status.ok), ("/plain", 6, .contentTooLarge), ("/upload", 10, .ok),
            ("/upload", 11, .contentTooLarge),
        ] {
            let body = [UInt8](repeating: 65, count: count)
            #expect(await table.respond(to: .test(.post, path), body: body, entry: .test).status == status)
        }
    }

    @Test("answers HEAD like GET, without a body")
    func head() async throws {
        let table = try RouteTable.testing(sampleRoutes())
        let reply = await table.respond(to: .test(.head, "/"), entry: .test)
        #expect(reply.status == .ok)
        #expect(reply.headers[.contentLength] == "4")
        #expect(try await reply.text == "")
    }

    @Test("lets the local entry act as the tenant's operator, and the network never")
    func localTenant() async throws {
        let table = try RouteTable.testing(sampleRoutes())
        var tenant = HTTPFields()
        tenant[.cloisterTenant] = "ten_x"
        let request = HTTPRequest.test(.get, "/api/v1/local", token: nil, headers: tenant)
        #expect(await table.respond(to: request, entry: .local).status == .ok)
        #expect(await table.respond(to: request, entry: .test).status == .notFound)
        let open = HTTPRequest.test(.get, "/api/v1/things", token: nil, headers: tenant)
        #expect(await table.respond(to: open, entry: .test).status == .unauthorized)
    }

    @Test("cannot be built from routes that clash or are misspelt")
    func declarations() {
        let route = { (path: String) in Route(.get, path, .authenticated, "") { _ in Reply() } }
        for paths in [
            ["/a", "/a"], ["/a/{x}", "/a/{y}"], ["/{x}/{x}"], ["a"], ["/a//b"], ["/{x...}/b"], ["/a{b}"], ["/{}"],
        ] {
            #expect(throws: RouteTableFailure.self) { try RouteTable.testing(paths.map(route)) }
        }
    }

    @Test("limits one caller without touching the others")
    func rates() async throws {
        var settings = HTTPSettings()
        settings.principalRate = RateLimit(perSecond: 1, burst: 3)
        let table = try RouteTable.testing(sampleRoutes(), settings: settings)
        for _ in 0..<3 { #expect(await table.respond(to: .test(.get, "/api/v1/things"), entry: .test).status == .ok) }
        let over = await table.respond(to: .test(.get, "/api/v1/things"), entry: .test)
        #expect(over.status == .tooManyRequests)
        #expect(over.headers[.retryAfter] == "1")
        let other = await table.respond(to: .test(.get, "/api/v1/things", token: "weak"), entry: .test)
        #expect(other.status == .ok)
    }

    @Test("limits all callers of a tenant together")
    func tenantRate() async throws {
        var settings = HTTPSettings()
        settings.tenantRate = RateLimit(perSecond: 1, burst: 3)
        let table = try RouteTable.testing(sampleRoutes(), settings: settings)
        var statuses: [Int] = []
        for token in ["good", "weak", "good", "weak", "good"] {
            statuses.append(
                await table.respond(to: .test(.get, "/api/v1/things", token: token), entry: .test).status.code)
        }
        #expect(statuses == [200, 200, 200, 429, 429])
    }

    @Test("limits an address that guesses tokens")
    func peerRate() async throws {
        var settings = HTTPSettings()
        settings.peerRate = RateLimit(perSecond: 1, burst: 5)
        let table = try RouteTable.testing(sampleRoutes(), settings: settings)
        var statuses: [Int] = []
        for attempt in 0..<6 {
            let request = HTTPRequest.test(.get, "/api/v1/things", token: "guess\(attempt)")
            statuses.append(await table.respond(to: request, entry: .test).status.code)
        }
        #expect(statuses == [401, 401, 401, 401, 401, 429])
        let other = await table.respond(to: .test(.get, "/api/v1/things"), entry: .network(peer: "192.0.2.2"))
        #expect(other.status == .ok)
    }

    @Test("reports every exchange by template, never by path")
    func records() async throws {
        let records = Mutex<[ExchangeRecord]>([])
        let table = try RouteTable.testing(sampleRoutes()) { services in
            services.recorder = ExchangeRecorder(
                started: {}, finished: { record in records.withLock { $0.append(record) } })
        }
        for path in ["/api/v1/things/secret-name", "/nowhere/secret-name", "/api/v1/things"] {
            _ = await table.respond(to: .test(.get, path), entry: .test)
        }
        let routes = records.withLock { $0.map(\.route) }
        #expect(routes == ["/api/v1/things/{thing}", "unmatched", "/api/v1/things"])
        #expect(records.withLock { $0.map(\.status) } == [200, 404, 200])
    }
}
