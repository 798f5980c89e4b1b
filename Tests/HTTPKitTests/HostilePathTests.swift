import HTTPTypes
import Kit
import Testing

@testable import HTTPKit

@Suite("Hostile paths (ATT-24)")
struct HostilePathTests {
    /// 200 and more spellings of climbing out of a folder.
    static let traversals: [String] = {
        let dots = [
            "..", "%2e%2e", "%2E%2E", ".%2e", "%2e.", "%252e%252e%2f..", "..%00", "..%0a", ".", "%2e", "..%c0%af",
            "..\\", "..%5c",
        ]
        let separators = ["/", "%2f", "%2F", "\\", "%5c", "%c0%af", "//", "/./", "%00/"]
        let targets = ["etc/passwd", "keys/root"]
        return dots.flatMap { dot in
            separators.flatMap { separator in
                targets.map { "/files/" + dot + separator + $0 }
            }
        }
    }()

    @Test("never match a file route")
    func traversal() async throws {
        #expect(Self.traversals.count >= 200)
        let reached = try RouteTable.testing(
            [
                Route(.get, "/files/{path...}", .anonymous(because: "test"), "") { exchange in
                    Reply(body: .bytes(Array((exchange.parameters["path"] ?? "").utf8)))
                }
            ], settings: .unlimited)
        for path in Self.traversals {
            let reply = await reached.respond(to: .test(.get, path), entry: .test)
            let text = try await reply.text
            // A doubly encoded path is one clean segment named `%2e%2e/..`'s first decoding: it must hold no dots
            // segment.
            let isClean = !text.split(separator: "/").contains { $0 == ".." || $0 == "." } && !text.contains("\\")
            #expect(reply.status == .notFound || (isClean && !text.contains("\0")), "\(path) gave \(text)")
        }
    }

    @Test("and random targets are never a 500")
    func random() async throws {
        let table = try RouteTable.testing(
            [
                Route(.get, "/files/{path...}", .anonymous(because: "test"), "") { _ in Reply() },
                Route(.get, "/api/{x}", .authenticated, "") { exchange in
                    _ = try exchange.page()
                    _ = try exchange.identifier("x", DocumentID.self)
                    return Reply()
                },
            ], settings: .unlimited)
        let pieces = [
            "/", "api", "files", "%", "%2", "%41", "?", "&", "=", "limit", "cursor", "..", "é", "\u{0}", "#", "{x}",
            "+", ";",
        ]
        for number in 0..<3000 {
            let path = "/" + (0..<6).map { pieces[(number * 7 + $0 * (number / 5 + 3)) % pieces.count] }.joined()
            let status = await table.respond(to: .test(.get, path), entry: .test).status.code
            #expect([200, 400, 404, 405].contains(status), "\(path): \(status)")
        }
    }
}

extension HTTPSettings {
    /// For tests that send thousands of requests in one moment of the virtual clock.
    static var unlimited: HTTPSettings {
        var settings = HTTPSettings()
        settings.peerRate = RateLimit(perSecond: 1e9, burst: 1e9)
        settings.principalRate = settings.peerRate
        return settings
    }
}
