import Foundation
import HTTPKit
import HTTPTypes
import Kit
import Testing

/// ATT-15 (CVE-2025-69286): an API key that could be computed from a share link.
@Suite("ATT-15: tokens", .serialized) struct TokenAttackTests {
    private struct Tokens {
        let key, link, cookie, csrf: String
    }

    @Test(arguments: Engine.allCases)
    func `ATT-15: a token works for its one purpose, once where it says so`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine) { house in
            let north = try await house.tenant("north")
            let tokens = try await Self.tokens(north)
            for wrong in [
                tokens.link, tokens.cookie, tokens.csrf, "clk_" + tokens.link.dropFirst(4), "clk_" + tokens.csrf,
            ] {
                for caller in [house.bearer(wrong), Caller(house: house, headers: [.apiKeyPlace: wrong])] {
                    #expect(try await caller.get("/api/v1/session").status == 401)
                }
            }
            for wrong in [tokens.key, tokens.link, tokens.csrf, "cls_" + tokens.key.dropFirst(4), "cls_" + tokens.csrf]
            {
                let caller = Caller(
                    house: house, headers: [.cookie: "__Host-cloister=\(wrong)", .csrfPlace: tokens.csrf])
                #expect(try await caller.get("/api/v1/session").status == 401)
            }
            for wrong in [tokens.key, tokens.cookie, tokens.csrf, "cll_" + tokens.key.dropFirst(4)] {
                #expect(try await house.exchange(link: wrong).status == 401)
            }
            #expect(try await house.exchange(link: tokens.link).status == 200)
            #expect(try await house.exchange(link: tokens.link).status == 401)
            #expect(try await house.bearer(tokens.key).get("/api/v1/session").status == 200)
        }
    }

    /// The cookie comes along by itself, from whatever page; the token beside it shows that it was meant.
    @Test func `ATT-15: a session acts with its own token and no other`() async throws {
        try await TestPlatform.run(on: .sqlite) { house in
            let north = try await house.tenant("north")
            let (one, two) = (try await north.person("one"), try await north.person("two"))
            let again = try house.session(
                try await house.exchange(link: try await north.link(for: one.id)).succeeded())
            let wrong = [two.session, again].map { $0.headers[.csrfPlace] } + [nil, "", "00", one.key]
            for token in wrong {
                var caller = one.session
                caller.headers[.csrfPlace] = token
                let answer = try await caller.post("/api/v1/keys", ["name": "forged"])
                #expect(answer.status == 403 && answer.code == "auth.csrf", "\(token ?? "none"): \(answer.text)")
            }
            try await one.session.post("/api/v1/keys", ["name": "meant"]).succeeded()
        }
    }

    @Test(arguments: Engine.allCases)
    func `ATT-15: tokens are independent random values that stand in no file and no row`(
        on engine: Engine
    ) async throws {
        try await TestPlatform.run(on: engine) { house in
            let north = try await house.tenant("north")
            let known = try await Self.tokens(north)
            var minted = [known.key, known.link, known.cookie, known.csrf]
            for _ in 0..<20 {
                let body: JSON = ["name": "another"]
                minted.append(try await house.bearer(known.key).post("/api/v1/keys", body).succeeded().value("key"))
            }
            let secrets = minted.map { $0.contains("_") ? String($0.split(separator: "_")[1]) : $0 }
            #expect(secrets.allSatisfy { $0.count == 64 && Hex.decode($0)?.count == 32 })
            #expect(Set(secrets).count == secrets.count)
            // Random values share no long run of digits; what is derived or counted up does.
            let pieces = secrets.flatMap { secret in (0...48).map { String(secret.dropFirst($0).prefix(16)) } }
            #expect(Set(pieces).count == pieces.count)

            let raw = secrets.compactMap { Hex.decode($0) }
            let found = try await house.storedCopies(of: secrets.map { Array($0.utf8) } + raw)
            #expect(found == [])
        }
    }

    private static func tokens(_ tenant: TestTenant) async throws -> Tokens {
        let person = try await tenant.person("person", roles: ["developer"])
        let cookie = person.session.headers[.cookie]?.split(separator: "=").last.map(String.init) ?? ""
        return Tokens(
            key: person.key, link: try await tenant.link(for: person.id), cookie: cookie,
            csrf: person.session.headers[.csrfPlace] ?? "")
    }
}
