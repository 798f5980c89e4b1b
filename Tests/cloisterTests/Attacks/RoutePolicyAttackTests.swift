import HTTPKit
import HTTPTypes
import Kit
import Testing

@testable import cloister

/// ATT-30 (CVE-2026-2652): authentication that covered one prefix of the addresses.
@Suite("ATT-30: route policies", .serialized) struct RoutePolicyAttackTests {
    @Test func `ATT-30: every route names its policy, and the table is reviewed as a diff`() async throws {
        try await TestPlatform.run(on: .sqlite) { house in
            let lines = house.platform.routes.routes.map { route in
                "\(route.path) \(route.method.rawValue) \(Self.words(route.policy))\n"
            }
            try GoldenFile.ofProduct("routes.txt").check(lines.sorted().joined())
        }
    }

    @Test func `ATT-30: who presents nothing, or nonsense, gets past no route that is not open`() async throws {
        try await TestPlatform.run(on: .sqlite) { house in
            let nonsense = [
                house.guest, house.bearer("nonsense"), Caller(house: house, headers: [.apiKeyPlace: "clk_1"]),
                Caller(house: house, headers: [.cookie: "__Host-cloister=cls_1", .csrfPlace: "1"]),
            ]
            for route in house.platform.routes.routes {
                let expected: Int
                switch route.policy {
                case .anonymous: continue
                case .authenticated, .requires: expected = 401
                case .localOnly: expected = 404
                }
                // The body is nonsense too: nobody looks at it before the caller is known (ATT-22).
                for caller in nonsense {
                    let answer = try await caller.send(
                        route.method, Samples.path(of: route), [0xff], type: "text/plain")
                    #expect(answer.status == expected, "\(route.method) \(route.path): \(answer.status) \(answer.text)")
                }
            }
        }
    }

    /// What the operator alone may do is unknown to the network, with whatever rights.
    @Test func `ATT-30: routes of this machine do not exist for the network`() async throws {
        try await TestPlatform.run(on: .sqlite) { house in
            let boss = try await house.tenant("north").person("boss", roles: ["admin"], clearance: "top_secret")
            let none = try await boss.caller.post("/api/v1/no-such-thing")
            for route in house.platform.routes.routes {
                guard case .localOnly = route.policy else { continue }
                for caller in [boss.caller, boss.session] {
                    let answer = try await caller.send(route.method, Samples.path(of: route))
                    #expect(answer.status == 404 && answer.anonymous == none.anonymous, "\(route.path): \(answer.text)")
                }
            }
        }
    }

    private static func words(_ policy: RoutePolicy) -> String {
        switch policy {
        case .anonymous(let reason): "open: \(reason)"
        case .authenticated: "any caller"
        case .requires(let permission): permission.rawValue
        case .localOnly(let permission): "this machine only, \(permission.rawValue)"
        }
    }
}
