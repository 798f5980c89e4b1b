import Foundation
import HTTPKit
import HTTPTypes
import Kit
import TestKit
import Testing

@testable import Access

/// One request, who sends it, and what must and must not come back.
struct Scenario: Sendable {
    var name: String
    var method: HTTPRequest.Method = .get
    var path: String
    var body = ""
    /// Caller to status.
    var expect: [Caller: Int]
    var contains: [String] = []
    /// Beside what no answer may ever hold.
    var lacks: [String] = []

    enum Caller: String, CaseIterable {
        case guest, viewer, user, developer, admin, stranger
    }
}

@Suite struct RouteScenarioTests {
    private static let everybody = Scenario.Caller.allCases
    private static func all(_ status: Int, guest: Int = 401) -> [Scenario.Caller: Int] {
        Dictionary(uniqueKeysWithValues: everybody.map { ($0, $0 == .guest ? guest : status) })
    }
    private static func admins(_ status: Int, stranger: Int) -> [Scenario.Caller: Int] {
        [.guest: 401, .viewer: 403, .user: 403, .developer: 403, .admin: status, .stranger: stranger]
    }
    private static func developers(_ status: Int, stranger: Int) -> [Scenario.Caller: Int] {
        [.guest: 401, .viewer: 403, .user: 403, .developer: status, .admin: status, .stranger: stranger]
    }
    private static func users(_ status: Int, stranger: Int) -> [Scenario.Caller: Int] {
        [.guest: 401, .viewer: 403, .user: status, .developer: status, .admin: status, .stranger: stranger]
    }

    /// `{user}`, `{group}`, `{inner}` and `{key}` stand for things of the tenant; `stranger` administers another one.
    private static let scenarios: [Scenario] = [
        Scenario(name: "who am I", path: "/api/v1/session", expect: all(200), contains: ["clearance", "permissions"]),
        Scenario(
            name: "list users", path: "/api/v1/users", expect: developers(200, stranger: 200), contains: ["items"]),
        Scenario(
            name: "list with a bad cursor", path: "/api/v1/users?cursor=AXg", expect: developers(400, stranger: 400)),
        Scenario(name: "see a user", path: "/api/v1/users/{user}", expect: developers(200, stranger: 404)),
        Scenario(
            name: "see nobody", path: "/api/v1/users/sub_00000000000000000000000000",
            expect: developers(404, stranger: 404)),
        Scenario(name: "see what is no identifier", path: "/api/v1/users/me", expect: all(404)),
        Scenario(
            name: "make a user", method: .post, path: "/api/v1/users",
            body: #"{"name":"new-{n}","roles":["viewer"],"clearance":"public"}"#, expect: admins(201, stranger: 201),
            contains: ["sub_", #""roles":["viewer"]"#]),
        Scenario(
            name: "make a user of an unknown role", method: .post, path: "/api/v1/users",
            body: #"{"name":"new-{n}","roles":["root"]}"#, expect: admins(400, stranger: 400)),
        Scenario(
            name: "make a user with an unknown field", method: .post, path: "/api/v1/users",
            body: #"{"name":"new-{n}","isAdmin":true}"#, expect: admins(400, stranger: 400), contains: ["isAdmin"]),
        Scenario(
            name: "make a user without a body", method: .post, path: "/api/v1/users",
            expect: admins(400, stranger: 400)),
        Scenario(
            name: "raise somebody", method: .patch, path: "/api/v1/users/{user}", body: #"{"roles":["user"]}"#,
            expect: admins(200, stranger: 404)),
        Scenario(
            name: "set a password", method: .put, path: "/api/v1/users/{user}/password",
            body: #"{"password":"a long enough phrase"}"#, expect: admins(204, stranger: 404)),
        Scenario(
            name: "set a short password", method: .put, path: "/api/v1/users/{user}/password",
            body: #"{"password":"short"}"#, expect: admins(400, stranger: 400), contains: ["password"]),
        Scenario(
            name: "mint a link from afar", method: .post, path: "/api/v1/users/{user}/sign-in-link",
            expect: all(404, guest: 404)),
        Scenario(name: "list groups", path: "/api/v1/groups", expect: developers(200, stranger: 200)),
        Scenario(name: "see a group", path: "/api/v1/groups/{group}", expect: developers(200, stranger: 404)),
        Scenario(
            name: "list members", path: "/api/v1/groups/{group}/members", expect: developers(200, stranger: 404)),
        Scenario(
            name: "make a group", method: .post, path: "/api/v1/groups", body: #"{"name":"group-{n}"}"#,
            expect: admins(201, stranger: 201), contains: ["grp_"]),
        Scenario(
            name: "join a group", method: .put, path: "/api/v1/groups/{group}/members/{user}",
            expect: admins(204, stranger: 404)),
        Scenario(
            name: "nest a group", method: .put, path: "/api/v1/groups/{group}/members/{inner}",
            expect: admins(204, stranger: 404)),
        Scenario(
            name: "nest a group in itself", method: .put, path: "/api/v1/groups/{group}/members/{group}",
            expect: admins(409, stranger: 404)),
        Scenario(
            name: "leave a group", method: .delete, path: "/api/v1/groups/{group}/members/{user}",
            expect: admins(204, stranger: 404)),
        Scenario(name: "list keys", path: "/api/v1/keys", expect: users(200, stranger: 200)),
        Scenario(
            name: "mint a key", method: .post, path: "/api/v1/keys",
            body: #"{"name":"k","scopes":["search.query"],"expiresInDays":1}"#, expect: users(201, stranger: 201),
            contains: ["clk_", #""scopes":["search.query"]"#]),
        Scenario(
            name: "mint a key of unknown scope", method: .post, path: "/api/v1/keys",
            body: #"{"name":"k","scopes":["everything"]}"#, expect: users(400, stranger: 400)),
        Scenario(
            name: "mint a key for ever", method: .post, path: "/api/v1/keys",
            body: #"{"name":"k","expiresInDays":100000}"#, expect: users(400, stranger: 400),
            contains: ["expiresInDays"]),
        Scenario(
            name: "end somebody's key", method: .delete, path: "/api/v1/keys/{key}",
            expect: [.guest: 401, .viewer: 403, .user: 404, .developer: 404, .admin: 204, .stranger: 404]),
        Scenario(
            name: "sign in wrongly", method: .post, path: "/api/v1/sign-in",
            body: #"{"tenant":"Acme Hospital","name":"nobody-{n}","password":"wrong wrong wrong"}"#,
            expect: all(401), lacks: ["nobody"]),
        Scenario(
            name: "sign in with a wrong type", method: .post, path: "/api/v1/sign-in",
            body: #"{"name":1,"password":"x"}"#, expect: all(400, guest: 400), contains: ["name"]),
        Scenario(
            name: "exchange a false link", method: .post, path: "/api/v1/sign-in/link", body: #"{"token":"cll_x"}"#,
            expect: all(401)),
        Scenario(
            name: "remove a user", method: .delete, path: "/api/v1/users/{user}", expect: admins(204, stranger: 404)),
    ]

    @Test func `every route answers every caller as written`() async throws {
        try await AccessWorld.each { world in
            let stage = try await Stage(world)
            for scenario in Self.scenarios {
                for caller in Self.everybody {
                    let answer = await stage.send(scenario, as: caller)
                    let what = "\(scenario.name) by \(caller): \(answer.status) \(answer.text)"
                    #expect(answer.status == scenario.expect[caller], "\(what)")
                    if (200..<300).contains(answer.status) || answer.status == 400 {
                        for text in scenario.contains { #expect(answer.text.contains(text), "\(what)") }
                    }
                    let never = ["Planted", AccessWorld.password.reveal(), "SELECT", "sqlite", "Swift."]
                    for text in scenario.lacks + (caller == .stranger ? never : Array(never.dropFirst())) {
                        #expect(!answer.text.contains(text), "\(what)")
                    }
                    world.time.advance(by: .seconds(90))
                }
            }
        }
    }

    @Test func `unknown, foreign and malformed identifiers give the same bytes but for the request`() async throws {
        try await AccessWorld.each { world in
            let stage = try await Stage(world)
            let paths = ["{user}", "sub_00000000000000000000000000", "sub_x"].map { "/api/v1/users/" + $0 }
            var answers: Set<String> = []
            for path in paths {
                let answer = await stage.send(Scenario(name: "", path: path, expect: [:]), as: .stranger)
                #expect(answer.status == 404)
                answers.insert(answer.problem)
            }
            #expect(answers.count == 1)
        }
    }

    @Test func `ATT-30 only signing in is open to everybody, and says why`() async throws {
        try await AccessWorld.sqlite { world in
            let routes = AccessRoutes(world.service).routes
            var (open, local) = (Set<String>(), Set<String>())
            for route in routes {
                switch route.policy {
                case .anonymous(let reason):
                    open.insert(route.path)
                    #expect(reason.count > 20)
                case .localOnly: local.insert(route.path)
                case .authenticated, .requires: continue
                }
            }
            #expect(open == ["/api/v1/sign-in", "/api/v1/sign-in/link"])
            #expect(local == ["/api/v1/users/{user}/sign-in-link"])
            #expect(routes.count == 21)
        }
    }

    @Test func `a browser signs in, acts with the CSRF token, and signs out`() async throws {
        try await AccessWorld.each { world in
            let stage = try await Stage(world)
            try await world.user("browser", [.admin])
            let body = #"{"name":"browser","password":"\#(AccessWorld.password.reveal())","tenant":"Acme Hospital"}"#
            let signedIn = await stage.send(.post, "/api/v1/sign-in", body: body, [:])
            #expect(signedIn.status == 200)
            let cookie = try #require(signedIn.headers[.setCookie])
            #expect(cookie.hasPrefix("__Host-cloister=cls_"))
            for attribute in ["Secure", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
                #expect(cookie.contains("; \(attribute)"))
            }
            #expect(!cookie.contains("Domain"))
            let csrf = try #require(signedIn.json["csrf"] as? String)
            let pair = String(cookie.prefix { $0 != ";" })
            let session = await stage.send(.get, "/api/v1/session", [.cookie: pair])
            #expect(session.json["csrf"] as? String == csrf && session.json["name"] as? String == "browser")
            let group = #"{"name":"made by browser"}"#
            let without = await stage.send(.post, "/api/v1/groups", body: group, [.cookie: pair])
            #expect(without.status == 403 && without.text.contains("auth.csrf"))
            let token = HTTPField.Name("x-csrf-token")!
            let with = await stage.send(.post, "/api/v1/groups", body: group, [.cookie: pair, token: csrf])
            #expect(with.status == 201)
            let out = await stage.send(.post, "/api/v1/sign-out", [.cookie: pair, token: csrf])
            #expect(out.status == 204 && out.headers[.setCookie]?.contains("Max-Age=0") == true)
            #expect(await stage.send(.get, "/api/v1/session", [.cookie: pair]).status == 401)
        }
    }

    @Test func `the local entry mints a link and a loopback browser exchanges it once`() async throws {
        try await AccessWorld.each { world in
            let stage = try await Stage(world)
            let path = "/api/v1/users/\(world.admin.subject)/sign-in-link"
            let tenant = HTTPField.Name("x-cloister-tenant")!
            let minted = await stage.send(.post, path, [tenant: "Acme Hospital"], entry: .local)
            #expect(minted.status == 201)
            let body = #"{"token":"\#(try #require(minted.json["token"] as? String))"}"#
            let far = await stage.send(.post, "/api/v1/sign-in/link", body: body, [:])
            #expect(far.status == 401)
            let near = ExchangeEntry.network(peer: "127.0.0.1")
            #expect(await stage.send(.post, "/api/v1/sign-in/link", body: body, [:], entry: near).status == 200)
            #expect(await stage.send(.post, "/api/v1/sign-in/link", body: body, [:], entry: near).status == 401)
        }
    }

    @Test func `ATT-8 a key means the same in every place a key may stand`() async throws {
        try await AccessWorld.each { world in
            let stage = try await Stage(world)
            try await world.user("scoped", [.admin])
            let principal = try await world.signIn("scoped", tenant: "Acme Hospital").principal
            let minted = try await world.service.mintKey(KeyDraft(name: "k", scopes: [.usersRead]), as: principal)
            let key = minted.secret.reveal()
            let places: [HTTPFields] = [
                [.authorization: "Bearer \(key)"], [HTTPField.Name("x-api-key")!: key],
                [HTTPField.Name("api-key")!: key],
            ]
            for place in places {
                #expect(await stage.send(.get, "/api/v1/users", place).status == 200)
                #expect(await stage.send(.get, "/api/v1/groups", place).status == 403)
                #expect(await stage.send(.post, "/api/v1/users", body: #"{"name":"x"}"#, place).status == 403)
                #expect(await stage.send(.post, "/api/v1/keys", body: #"{"name":"x"}"#, place).status == 403)
            }
        }
    }
}
