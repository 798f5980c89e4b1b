import Foundation
import HTTPKit
import HTTPTypes
import Kit
import Logging
import ServiceLifecycle
import Synchronization
import TestKit
import Testing

@testable import cloister

@Suite struct BrowserJourneyTests {
    /// Pictures of every page, for a person to look at: set CLOISTER_TEST_PICTURES to a folder.
    private static let pictures = ProcessInfo.processInfo.environment["CLOISTER_TEST_PICTURES"]

    @Test func `a person signs in, drops a file, asks, and sees the cited words highlighted`() async throws {
        try await TestPlatform.run(on: .sqlite) { test in
            try await FirstTenant(access: test.platform.access).ensure()
            try await Self.serve(test.platform) { port in
                let origin = SignInLink.origin(test.platform.settings, port: port)
                let link: MintedLink = try await RouteClient(test.platform.routes, tenant: "").json(
                    PlatformRequest(method: .post, path: "/api/v1/sign-in/links"))
                let address = SignInLink.address(origin, token: link.token)
                try await BrowserJourney(baseURL: origin, signInLink: address, pictures: Self.pictures).run()
            }
        }
    }

    /// Serves on a free port while `body` runs.
    private static func serve(_ platform: Platform, _ body: (Int) async throws -> Void) async throws {
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let service = HTTPService(
            table: platform.routes, fast: platform.fastRoutes, sockets: platform.socketRoutes,
            onListening: { if case .tcp(_, let port, _) = $0 { found.yield(port) } })
        let group = ServiceGroup(services: [service], logger: .init(label: "test"))
        let work = Task { try await group.run() }
        for await port in ports {
            try await body(port)
            break
        }
        await group.triggerGracefulShutdown()
        _ = await work.result
    }
}
