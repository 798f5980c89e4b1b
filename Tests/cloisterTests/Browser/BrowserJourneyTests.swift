import Foundation
import HTTPKit
import HTTPTypes
import Kit
import Logging
import ServiceLifecycle
import Synchronization
import TestKit
import Testing

@testable import TestConnectors
@testable import cloister

@Suite struct BrowserJourneyTests {
    /// Pictures of every page, for a person to look at: set CLOISTER_TEST_PICTURES to a folder.
    private static let pictures = ProcessInfo.processInfo.environment["CLOISTER_TEST_PICTURES"]

    @Test func `a person signs in, drops a file, asks, and sees the cited words highlighted`() async throws {
        try await TestPlatform.run(on: .sqlite) { test in
            try await FirstTenant(access: test.platform.access).ensure()
            try await Self.serve(test.platform) { origin, link in
                try await BrowserJourney(baseURL: origin, signInLink: link, pictures: Self.pictures).run()
            }
        }
    }

    @Test func `an engineer connects a folder, sees what it brings and why not all, and deletes it`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            try await TestPlatform.run(on: .sqlite, flags: ["sources.folders": folder]) { test in
                try await FirstTenant(access: test.platform.access).ensure()
                try await Self.serve(test.platform) { origin, link in
                    let journey = SourcesJourney(
                        baseURL: origin, signInLink: link, folder: folder, pictures: Self.pictures)
                    try await journey.run()
                }
            }
        }
    }

    @Test func `a librarian files a document, looks at what was found, and decides about what waits`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            try await TestPlatform.run(on: .sqlite) { test in
                try await FirstTenant(access: test.platform.access).ensure()
                try await Self.serve(test.platform) { origin, link in
                    let journey = DocumentsJourney(
                        baseURL: origin, signInLink: link, folder: folder, pictures: Self.pictures)
                    try await journey.run()
                }
            }
        }
    }

    @Test func `a proof file holds in a page from a disk, and every changed byte is named`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            try await TestPlatform.run(on: .sqlite) { test in
                try await FirstTenant(access: test.platform.access).ensure()
                try await Self.serve(test.platform) { origin, link in
                    try await ProofJourney(
                        baseURL: origin, signInLink: link, folder: folder, pictures: Self.pictures
                    ).run()
                }
            }
        }
    }

    @Test func `a document that is deleted from its page is seen to go, and its question is declined`() async throws {
        try await TestPlatform.run(on: .sqlite) { test in
            try await FirstTenant(access: test.platform.access).ensure()
            try await Self.serve(test.platform) { origin, link in
                try await ForgetJourney(baseURL: origin, signInLink: link, pictures: Self.pictures).run()
            }
        }
    }

    @Test func `a page of the intranet asks in a frame, and no other page may`() async throws {
        try await LoopbackServer.run {
            let (at, collection, path) = ($0.items["at"] ?? "", $0.items["collection"], $0.items["path"])
            guard $0.path == "/" else { return .status(404) }
            return .text(
                EmbedJourney.page(at: at, collection: collection, framed: path), [("Content-Type", "text/html")])
        } body: { host in
            let flags = ["web.embedders": "http://localhost:\(host.port)"]
            try await TestPlatform.run(on: .sqlite, flags: flags) { test in
                try await FirstTenant(access: test.platform.access).ensure()
                try await Self.serve(test.platform) { origin, link in
                    try await EmbedJourney(
                        baseURL: origin, signInLink: link, hostPort: host.port, pictures: Self.pictures
                    ).run()
                }
            }
        }
    }

    /// Serves on a free port while `body(origin, sign-in link)` runs.
    static func serve(_ platform: Platform, _ body: (String, String) async throws -> Void) async throws {
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let service = HTTPService(
            table: platform.routes, fast: platform.fastRoutes, sockets: platform.socketRoutes,
            onListening: { if case .tcp(_, let port, _) = $0 { found.yield(port) } })
        let group = ServiceGroup(services: [service], logger: .init(label: "test"))
        let work = Task { try await group.run() }
        for await port in ports {
            let origin = SignInLink.origin(platform.settings, port: port)
            let link: MintedLink = try await RouteClient(platform.routes, tenant: "").json(
                PlatformRequest(method: .post, path: "/api/v1/sign-in/links"))
            try await body(origin, SignInLink.address(origin, token: link.token))
            break
        }
        await group.triggerGracefulShutdown()
        _ = await work.result
    }
}
