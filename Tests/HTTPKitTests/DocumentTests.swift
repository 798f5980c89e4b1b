import Foundation
import HTTPTypes
import Kit
import TestKit
import Testing

@testable import HTTPKit

@Suite("What the server says about itself")
struct DocumentTests {
    @Test("is ready only when it has started and every check says so")
    func readiness() async throws {
        let readiness = Readiness()
        let table = try RouteTable.testing(HealthRoutes.routes(readiness))
        func status(_ path: String) async -> Int {
            await table.respond(to: .test(.get, path, token: nil), entry: .test).status.code
        }
        #expect(
            await [status("/livez"), status("/startupz"), status("/readyz"), status("/healthz")] == [
                200, 503, 503, 503,
            ])
        readiness.markStarted()
        readiness.add("storage") { true }
        #expect(await [status("/startupz"), status("/readyz"), status("/healthz")] == [200, 200, 200])
        readiness.add("audit") { false }
        let reply = await table.respond(to: .test(.get, "/readyz", token: nil), entry: .test)
        #expect(reply.status.code == 503)
        let text = try await reply.text
        #expect(text == #"{"checks":{"audit":"unavailable","startup":"ok","storage":"ok"},"status":"unavailable"}"#)
    }

    @Test("describes its routes like the golden file")
    func openAPI() throws {
        let routes =
            HealthRoutes.routes(Readiness()) + [
                Route(
                    .post, "/api/v1/things/{thing}", .requires(.documentsWrite), "Makes a thing.",
                    takes: .object([
                        .init(name: "label", node: .oneOf(["public", "internal"]), required: false),
                        .init(name: "name", node: .string(format: nil), required: true),
                        .init(name: "sizes", node: .array(.integer), required: false),
                    ]), gives: .events
                ) { _ in Reply() },
                Route(
                    .get, "/app/{path...}", .anonymous(because: "test"), "A file.",
                    gives: .bytes(contentType: "text/html")
                ) { _ in
                    Reply()
                },
                Route(.get, "/api/v1/local", .localOnly(.tenantRead), "Not described.") { _ in Reply() },
            ]
        let text = OpenAPIDocument.text(of: routes, version: "1.2.3")
        let golden = TestEnvironment.packageRoot + "/Tests/HTTPKitTests/Golden/openapi.json"
        if ProcessInfo.processInfo.environment["CLOISTER_GOLDEN"] == "write" {
            try text.write(toFile: golden, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: golden, encoding: .utf8) == text)
        #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) is [String: Any])
    }

    @Test(
        "spells dates as HTTP wants them",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (1_767_225_600, "Thu, 01 Jan 2026 00:00:00 GMT"), (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
        ])
    func dates(_ seconds: Int64, _ text: String) {
        #expect(HTTPDate.text(Timestamp(microseconds: seconds * 1_000_000)) == text)
    }

    @Test("names a policy for every route of every kind (ATT-30)")
    func policies() throws {
        let slow = HealthRoutes.routes(Readiness())
        let all = HTTPService.routes(slow, fast: [PingRoute()], sockets: [.echo])
        let table = try RouteTable.testing(all)
        #expect(Set(table.routes.map(\.path)).isSuperset(of: ["/v1/ping", "/v1/ws", "/livez"]))
        for route in table.routes {
            if case .anonymous(let reason) = route.policy { #expect(!reason.isEmpty, "\(route.path)") }
        }
    }

    @Test(
        "does not listen off loopback in the clear (ATT-26)",
        arguments: [
            ("127.0.0.1", true), ("127.0.0.53", true), ("::1", true), ("localhost", true), ("0.0.0.0", false),
            ("::", false),
            ("10.0.0.7", false), ("cloister.example", false), ("127.0.0.1.evil.example", false), ("", false),
        ])
    func exposure(_ host: String, _ isAllowed: Bool) throws {
        var settings = HTTPSettings()
        settings.host = host
        #expect(((try? settings.checkExposure()) != nil) == isAllowed)
        settings.proxy = NetworkRange("10.0.0.1")
        try settings.checkExposure()
    }
}
