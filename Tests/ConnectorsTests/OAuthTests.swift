import Foundation
import Kit
import Outbound
import Synchronization
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

/// A token endpoint of the tests, and one place to ask whose a token is.
private final class TokenWorld: Sendable {
    struct State: Sendable {
        var lifetime = "3600"
        var given = 0
        /// Tokens that are still whose they were.
        var good: Set<String> = []
        var answer: TestAnswer?
    }

    let state = Mutex(State())

    func answer(_ request: TestRequest) -> TestAnswer {
        let json = [("Content-Type", "application/json")]
        if request.path == "/token" {
            return state.withLock { state in
                if let answer = state.answer { return answer }
                state.given += 1
                let token = "token-\(state.given).~+/="
                state.good.insert(token)
                let text = #"{"access_token":"\#(token)","token_type":"bearer","expires_in":\#(state.lifetime)}"#
                return .text(text, json)
            }
        }
        let bearer = request.header("authorization")?.replacing("Bearer ", with: "")
        let token = request.items["access_token"] ?? bearer ?? ""
        guard state.withLock({ $0.good.contains(token) }) else { return .text(#"{"error":"x"}"#, json, status: 401) }
        return .text(#"{"email":"archive","expires_in":3600}"#, json)
    }

    /// A mailbox, its settings with tokens, and the fake endpoint.
    static func run(_ body: (TokenWorld, LoopbackServer, DovecotWorld, MailSettings) async throws -> Void) async throws
    {
        let tokens = TokenWorld()
        try await LoopbackServer.run {
            tokens.answer($0)
        } body: { server in
            try await DovecotWorld.run(tokenPort: server.port) { world in
                try world.deliver("Subject: a\n\ntext\n", as: "a")
                var settings = world.settings
                settings.password = Secret("")
                settings.oauth = OAuthSettings(tokenURL: server.address + "/token", clientID: "cloister & co")
                settings.oauth?.clientSecret = Secret("s3cret+/")
                try await body(tokens, server, world, settings)
            }
        }
    }
}

@Suite(.timeLimit(.minutes(10))) struct OAuthTests {
    private static func asked(_ server: LoopbackServer) -> [String] {
        server.requests.filter { $0.path == "/token" }.map { String(decoding: $0.body, as: UTF8.self) }
    }

    @Test func `Dovecot takes a token that the client got with its secret, and it is used again`() async throws {
        try await TokenWorld.run { _, server, world, settings in
            let connector = try world.connector(settings)
            #expect(try await sweep(connector).items.count == 1)
            #expect(try await sweep(connector).items.count == 1)
            #expect(await connector.test().isGood)
            #expect(
                Self.asked(server) == [
                    "client_id=cloister%20%26%20co&grant_type=client_credentials&client_secret=s3cret%2B%2F"
                ])
        }
    }

    @Test func `a token that was taken back is replaced once`() async throws {
        try await TokenWorld.run { tokens, server, world, settings in
            var settings = settings
            settings.oauth?.refreshToken = Secret("r1")
            settings.oauth?.scope = "imap"
            let connector = try world.connector(settings)
            #expect(try await sweep(connector).items.count == 1)
            tokens.state.withLock { $0.good = [] }
            #expect(try await sweep(connector).items.count == 1)
            #expect(Self.asked(server).count == 2)
            #expect(
                Self.asked(server)[1].hasSuffix(
                    "grant_type=refresh_token&refresh_token=r1&client_secret=s3cret%2B%2F&scope=imap"))
        }
    }

    @Test func `a mailbox that takes none of the tokens is asked twice and no more`() async throws {
        try await TokenWorld.run { _, server, world, settings in
            var settings = settings
            settings.user = "somebody"
            let connector = try world.connector(settings)
            let failure = try await thrown { _ = try await sweep(connector) }
            guard case .unauthorised(let sentence) = failure else {
                Issue.record("\(failure as Any)")
                return
            }
            #expect(!sentence.contains("token-"))
            #expect(Self.asked(server).count == 2)
            let report = await connector.test()
            #expect(report.steps.last?.kind == .credentials && !"\(report)".contains("token-"))
        }
    }

    @Test(arguments: [
        ("XOAUTH2", "dXNlcj1hcmNoaXZlAWF1dGg9QmVhcmVyIHRva2VuLTEufisvPQEB", ""),
        ("OAUTHBEARER", nil, "AQ=="),
    ]) func `each form is said as its document wants it`(mechanism: String, first: String?, last: String) async throws {
        let tokens = TokenWorld()
        try await LoopbackServer.run {
            tokens.answer($0)
        } body: { endpoint in
            let greeting = FakeMailServer.Step.send("* OK [CAPABILITY IMAP4rev1 AUTH=\(mechanism)] ready\r\n")
            let challenges = Mutex(0)
            try await FakeMailServer.run(greeting: [greeting]) { command in
                if command == "AUTHENTICATE \(mechanism)" { return [.send("+ \r\n")] }
                guard !command.contains(" "), command != "CAPABILITY" else { return nil }
                // The first answer gets its reasons, the second the refusal.
                let count = challenges.withLock {
                    $0 += 1
                    return $0
                }
                return count % 2 == 1 ? [.send("+ eyJzdGF0dXMiOiI0MDEifQ==\r\n")] : [.send("TAG NO no\r\n")]
            } body: { server in
                var settings = server.settings()
                settings.password = Secret("")
                settings.oauth = OAuthSettings(tokenURL: endpoint.address + "/token", clientID: "c")
                settings.oauth?.clientSecret = Secret("s")
                let entries = ["imap://127.0.0.1:\(server.port)", "http://127.0.0.1:\(endpoint.port)"]
                let connector = try MailConnector(settings, client: try TestClient.make(entries))
                let failure = try await thrown { _ = try await sweep(connector) }
                guard case .unauthorised = failure else {
                    Issue.record("\(failure as Any)")
                    return
                }
                let said = server.commands.drop { !$0.hasPrefix("AUTHENTICATE") }.dropFirst().prefix(2)
                let bearer =
                    "n,a=archive,\u{1}host=127.0.0.1\u{1}port=\(server.port)\u{1}auth=Bearer token-1.~+/=\u{1}\u{1}"
                #expect(Array(said) == [first ?? Base64.encode(Array(bearer.utf8)), last])
            }
        }
    }

    @Test func `tokens are kept until shortly before they end`() async throws {
        let (tokens, time) = (TokenWorld(), VirtualClock())
        try await LoopbackServer.run {
            tokens.answer($0)
        } body: { server in
            var settings = OAuthSettings(tokenURL: server.address + "/token", clientID: "c")
            settings.clientSecret = Secret("s")
            let cache = TokenCache()
            func client() throws -> OAuthClient {
                try OAuthClient(
                    settings, client: try TestClient.make([server.address]), cache: cache, clock: time.clock)
            }
            let first = try await client().token().reveal()
            time.advance(by: .seconds(3500))
            #expect(try await client().token().reveal() == first)
            time.advance(by: .seconds(60))
            tokens.state.withLock { $0.lifetime = "\"3599\"" }
            let second = try await client().token().reveal()
            #expect(second != first)
            #expect(try await client().token().reveal() == second)
            settings.scope = "other"
            #expect(try await client().token().reveal() != second)
        }
    }

    @Test func `refusals of the endpoint have meanings, and nothing of them is shown`() async throws {
        let tokens = TokenWorld()
        try await LoopbackServer.run {
            tokens.answer($0)
        } body: { server in
            var settings = OAuthSettings(tokenURL: server.address + "/token", clientID: "c")
            settings.refreshToken = Secret("s3cret")
            let cases: [(Int, String, String)] = [
                (400, #"{"error":"invalid_grant","error_description":"s3cret"}"#, "Get a new one"),
                (401, #"{"error":"invalid_client"}"#, "client id"), (400, #"{"error":"invalid_scope"}"#, "scope"),
                (400, #"{"error":"s3cret"}"#, "status 400"), (403, "<html>", "status 403"), (500, "", "status 500"),
                (302, "", "status 302"), (200, "<html>", "page for people"), (200, "{}", "form"),
                (200, #"{"access_token":"a b","token_type":"bearer"}"#, "no bearer"),
                (200, #"{"access_token":"a\u0001","token_type":"bearer"}"#, "no bearer"),
                (200, #"{"access_token":"a","token_type":"mac"}"#, "no bearer"),
                (200, String(repeating: " ", count: 300_000), "large"),
            ]
            for (status, body, part) in cases {
                tokens.state.withLock { $0.answer = .text(body, [("Location", "http://evil.test/")], status: status) }
                let client = try OAuthClient(
                    settings, client: try TestClient.make([server.address]), cache: TokenCache(), clock: .system)
                let failure = try await thrown { _ = try await client.token() }
                #expect(failure?.sentence.contains(part) == true, "\(part): \(failure as Any)")
                #expect(failure?.sentence.contains("s3cret") != true)
            }
        }
    }

    @Test func `settings that cannot work are refused`() {
        func refusal(_ change: (inout MailSettings) -> Void) -> SourceFailure? {
            var settings = MailSettings(host: "mail.example", user: "a")
            settings.permissions = .everyone
            settings.oauth = OAuthSettings(tokenURL: "https://login.example/token", clientID: "c")
            settings.oauth?.clientSecret = Secret("s")
            change(&settings)
            do throws(SourceFailure) { try settings.validate() } catch { return error }
            return nil
        }
        #expect(refusal { _ in } == nil)
        #expect(refusal { $0.oauth = nil } != nil)
        #expect(refusal { $0.password = Secret("p") } != nil)
        #expect(refusal { $0.oauth?.clientSecret = nil } != nil)
        #expect(refusal { $0.oauth?.clientID = "" } != nil)
        #expect(refusal { $0.oauth?.tokenURL = "http://login.example/token" } != nil)
        #expect(refusal { $0.oauth?.tokenURL = "login" } != nil)
    }
}
