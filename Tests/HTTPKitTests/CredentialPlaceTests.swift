import HTTPTypes
import Kit
import TestKit
import Testing

@testable import HTTPKit

@Suite("Credentials")
struct CredentialPlaceTests {
    private static let places: [(String, @Sendable (String) -> HTTPFields)] = [
        ("Authorization", { [.authorization: "Bearer \($0)"] }),
        ("authorization in capitals", { [.authorization: "BEARER \($0)"] }),
        ("x-api-key", { [HTTPField.Name("x-api-key")!: $0] }),
        ("api-key", { [HTTPField.Name("api-key")!: $0] }),
    ]

    private static let policies: [(String, RoutePolicy)] = [
        ("/api/v1/a", .authenticated), ("/api/v1/b", .requires(.documentsRead)), ("/api/v1/c", .requires(.auditRead)),
        ("/v1/d", .requires(.searchQuery)), ("/api/v1/e", .localOnly(.documentsRead)),
    ]

    private func table() throws -> RouteTable {
        try RouteTable.testing(
            Self.policies.flatMap { path, policy in
                [HTTPRequest.Method.get, .post, .delete].map { Route($0, path, policy, "") { _ in Reply() } }
            })
    }

    @Test("meet the same verdict in every place (ATT-8)")
    func samePlacesSameVerdict() async throws {
        let table = try table()
        for token in ["good", "weak", "unknown", ""] {
            for (path, policy) in Self.policies {
                for method in [HTTPRequest.Method.get, .post, .delete] {
                    var verdicts: Set<Int> = []
                    for (_, place) in Self.places {
                        let request = HTTPRequest.test(method, path, token: nil, headers: place(token))
                        verdicts.insert(await table.respond(to: request, entry: .test).status.code)
                    }
                    #expect(verdicts.count == 1, "\(token) \(path) \(policy): \(verdicts)")
                }
            }
        }
    }

    @Test("in a cookie count only off the model API, and with their token on unsafe methods")
    func cookies() async throws {
        let table = try table()
        let rows: [(HTTPRequest.Method, String, String, String?, Int)] = [
            (.get, "/api/v1/b", "__Host-cloister=session-1", nil, 200),
            (.get, "/api/v1/b", "a=b; __Host-cloister=session-1; c=d", nil, 200),
            (.get, "/api/v1/b", "cloister=session-1", nil, 401),
            (.get, "/api/v1/b", "__Host-cloister=other", nil, 401),
            (.get, "/api/v1/b", "__Host-cloister=session-1; __Host-cloister=other", nil, 401),
            (.post, "/api/v1/b", "__Host-cloister=session-1", nil, 403),
            (.post, "/api/v1/b", "__Host-cloister=session-1", "wrong", 403),
            (.post, "/api/v1/b", "__Host-cloister=session-1", "csrf-1", 200),
            (.get, "/v1/d", "__Host-cloister=session-1", nil, 401),
            (.post, "/v1/d", "__Host-cloister=session-1", "csrf-1", 401),
        ]
        for (method, path, cookie, csrf, status) in rows {
            var headers: HTTPFields = [.cookie: cookie]
            headers[.csrfToken] = csrf
            let reply = await table.respond(to: .test(method, path, token: nil, headers: headers), entry: .test)
            #expect(reply.status.code == status, "\(method) \(path) \(cookie) \(csrf ?? "-")")
        }
    }

    @Test("that contradict each other, or come in an unknown scheme, are none")
    func contradictions() async throws {
        let table = try table()
        let rows: [HTTPFields] = [
            [.authorization: "Bearer good", HTTPField.Name("x-api-key")!: "weak"],
            [.authorization: "Basic Z29vZDpnb29k"], [.authorization: "good"], [.authorization: "Bearer good extra"],
            [.authorization: "Bearer " + String(repeating: "a", count: 600)],
        ]
        for headers in rows {
            let reply = await table.respond(to: .test(.get, "/api/v1/a", token: nil, headers: headers), entry: .test)
            #expect(reply.status == .unauthorized, "\(headers)")
        }
    }

    @Test("that are injection strings get one constant answer in every place (ATT-1)")
    func injections() async throws {
        var settings = HTTPSettings()
        settings.peerRate = RateLimit(perSecond: 1e6, burst: 1e6)
        let table = try RouteTable.testing(
            [Route(.get, "/api/v1/a", .authenticated, "") { _ in Reply() }], settings: settings)
        let seeds = [
            "' OR 1=1 --", "\"; DROP TABLE users; --", "good'--", "%27", "${jndi:ldap://x}", "{{7*7}}", "good\u{0}",
            "../../x",
        ]
        var shapes: Set<String> = []
        for number in 0..<125 {
            let token = seeds[number % seeds.count] + "x\(number)"
            for headers in [
                [.authorization: "Bearer \(token)"], [HTTPField.Name("x-api-key")!: token],
                [.cookie: "__Host-cloister=\(token)"], [.authorization: "Basic \(token)"],
            ] as [HTTPFields] {
                let reply = await table.respond(
                    to: .test(.get, "/api/v1/a", token: nil, headers: headers), entry: .test)
                #expect(reply.status == .unauthorized)
                let text = try await reply.text
                shapes.insert(text.replacing(reply.headers[.requestID] ?? "-", with: "ID"))
            }
        }
        #expect(shapes.count == 1)
    }
}

@Suite("Host and Origin (ATT-42)")
struct HostListTests {
    @Test(
        "are checked on loopback too",
        arguments: [
            ("localhost:8080", nil, 200), ("LOCALHOST", nil, 200), ("127.0.0.1:9", nil, 200), ("[::1]:8080", nil, 200),
            ("cloister.example", nil, 200), ("evil.example", nil, 421), ("localhost.evil.example", nil, 421),
            ("localhost:8080@evil.example", nil, 400), ("localhost:99999", nil, 400), ("", nil, 400),
            ("[::1", nil, 400),
            ("localhost:8080", "http://localhost:8080", 200), ("localhost:8080", "https://portal.example", 200),
            ("localhost:8080", "http://evil.example", 403), ("localhost:8080", "null", 403),
            ("localhost:8080", "http://localhost:9090", 403), ("localhost:8080", "https://portal.example.evil", 403),
        ] as [(String, String?, Int)])
    func rows(_ host: String, _ origin: String?, _ status: Int) async throws {
        var settings = HTTPSettings()
        settings.allowedHosts = ["cloister.example"]
        settings.allowedOrigins = ["https://portal.example"]
        let table = try RouteTable.testing(
            [Route(.get, "/a", .anonymous(because: "test"), "") { _ in Reply() }], settings: settings)
        var request = HTTPRequest(method: .get, scheme: "http", authority: host, path: "/a")
        request.headerFields[.origin] = origin
        #expect(await table.respond(to: request, entry: .test).status.code == status)
        #expect(await table.respond(to: request, entry: .local).status == .ok)
    }
}
