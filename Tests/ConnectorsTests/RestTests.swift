import Kit
import Synchronization
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

@Suite(.timeLimit(.minutes(10))) struct RestTests {
    private static func settings(_ server: LoopbackServer) -> RestSettings {
        var settings = RestSettings(
            list: server.address + "/list", id: "/id", content: .text(pointer: "/text", mediaType: "text/plain"))
        settings.readers = .collection
        return settings
    }

    /// A listing of a source that always answers so.
    private static func sweeping(
        _ body: String, _ change: (inout RestSettings) -> Void = { _ in }
    ) async throws -> (swept: Swept?, failure: SourceFailure?, requests: [TestRequest]) {
        try await LoopbackServer.run { _ in
            .text(body)
        } body: { server in
            var settings = settings(server)
            change(&settings)
            let connector = try RestConnector(settings, client: try server.client())
            do {
                return (try await sweep(connector), nil, server.requests)
            } catch let failure as SourceFailure {
                return (nil, failure, server.requests)
            }
        }
    }

    @Test(
        arguments: [
            ("", "{\"a\":[1]}"), ("/a", "[1]"), ("/a/0", "1"), ("/a~1b", "2"), ("/m~0n", "3"), ("/~01", "4"),
            ("/", "5"), ("/a/00", nil), ("/a/1", nil), ("/a/-", nil), ("/x", nil), ("/a/0/0", nil),
        ])
    func `pointers find what RFC 6901 says`(pointer: String, expected: String?) throws {
        let whole =
            pointer.isEmpty ? "{\"a\":[1]}" : "{\"a\":[1],\"a/b\":2,\"m~n\":3,\"~1\":4,\"\":5}"
        let found = try #require(JSONPointer(pointer)).value(in: try JSONParser.parse(Array(whole.utf8)))
        #expect(found == (try expected.map { try JSONParser.parse(Array($0.utf8)) }))
    }

    @Test(arguments: ["a", "a/b", "/a~", "/a~2", "/~", String(repeating: "/a", count: 300)])
    func `what is no pointer is refused`(text: String) { #expect(JSONPointer(text) == nil) }

    @Test func `permissions come from the item, and what cannot be read is for nobody`() async throws {
        let items = [
            "{\"id\":1,\"text\":\"a\",\"u\":[\"ada@corp.test\"],\"g\":[]}",
            "{\"id\":2,\"text\":\"b\",\"u\":[],\"g\":[7]}",
            "{\"id\":3,\"text\":\"c\",\"u\":[],\"g\":[]}", "{\"id\":4,\"text\":\"d\",\"u\":[\"x\"]}",
            "{\"id\":5,\"text\":\"e\",\"u\":[null],\"g\":[]}", "{\"id\":6,\"text\":\"f\",\"u\":null,\"g\":[]}",
        ]
        let answer = "[\(items.joined(separator: ","))]"
        try await LoopbackServer.run { _ in
            .text(answer)
        } body: { server in
            var settings = Self.settings(server)
            settings.readers = .items(users: "/u", groups: "/g", usersAreEmails: true)
            let connector = try RestConnector(settings, client: try server.client())
            let items = try await sweep(connector).items
            #expect(items["1"]?.permissions.admits([.user("ada@corp.test")]) == true)
            #expect(items["1"]?.permissions.admits([.user("bob@corp.test"), .everyone]) == false)
            #expect(items["2"]?.permissions.admits([.group("7")]) == true)
            #expect(items["3"]?.permissions == SourcePermissions([.nobody]))
            for id in ["4", "5", "6"] as [ExactText] { #expect(items[id]?.permissions == .unknown) }
            let directory = try #require(try await connector.directory())
            #expect(directory.accounts.map(\.email) == ["ada@corp.test"])
            #expect(directory.groups.map(\.name) == ["7"])
        }
    }

    @Test func `wrong shapes are told with the pointer, and one bad item does not stop the rest`() async throws {
        let noList = try await Self.sweeping("{\"data\":{}}") { $0.items = "/data/items" }
        #expect(
            noList.failure == .misconfigured("The answer has no list at \"/data/items\" (setting items)."))
        let noID = try await Self.sweeping("[{\"name\":1},{}]")
        #expect(noID.failure == .misconfigured("No element has a text or number at \"/id\" (setting id)."))
        let some = try await Self.sweeping("[{\"id\":1,\"text\":\"a\"},{\"id\":2},{\"x\":1},7,{\"id\":3,\"text\":9}]")
        #expect(some.swept?.items.keys.map(\.text) == ["1"])
        #expect(some.swept?.skipped.map(\.reason).filter { $0 == .misshapen(pointer: "/text") }.count == 2)
        #expect(some.swept?.skipped.map(\.reason).filter { $0 == .misshapen(pointer: "/id") }.count == 2)
        for text in ["", "{", "[1]x", "[{\"id\":1,\"id\":2}]", String(repeating: "[", count: 40), "\"\u{1}\""] {
            let outcome = try await Self.sweeping(text)
            #expect(outcome.failure == .misbehaved("The answer is not the JSON that it should be."), "\(text)")
        }
    }

    @Test func `lists that go in a circle, or elsewhere, end`() async throws {
        let item = "{\"id\":1,\"text\":\"a\"}"
        let numbered = try await Self.sweeping("[\(item)]") { $0.paging = .number(parameter: "p", first: 0) }
        #expect("\(String(describing: numbered.failure))".contains("same page again"))
        #expect(numbered.requests.map(\.target) == ["/list?p=0", "/list?p=1"])
        let cursor = try await Self.sweeping("{\"d\":[],\"n\":\"x&y=1\"}") {
            $0.items = "/d"
            $0.paging = .cursor(pointer: "/n", parameter: "after")
        }
        #expect(cursor.failure == .misbehaved("The list says that it goes on where it already is."))
        #expect(cursor.requests.map(\.target) == ["/list", "/list?after=x%26y%3D1"])
        for next in [
            "http://evil.test/list", "//evil.test/list", "https://127.0.0.1/list", "http://127.0.0.1:1/", "\\\\x",
        ] {
            let escaped = next.replacing("\\", with: "\\\\")
            let outcome = try await Self.sweeping("{\"d\":[\(item)],\"n\":\"\(escaped)\"}") {
                $0.items = "/d"
                $0.paging = .address(pointer: "/n")
            }
            #expect(outcome.failure == .misbehaved("The list goes on at an address that is not its own host's."))
            #expect(outcome.requests.count == 1)
        }
    }

    /// Every page has other items and names another page after it.
    @Test func `an endless list ends at the limit`() async throws {
        try await LoopbackServer.run { request in
            let page = request.items["after"].flatMap { Int($0) } ?? 0
            return .text("{\"d\":[{\"id\":\(page),\"text\":\"a\"}],\"n\":\(page + 1)}")
        } body: { server in
            var settings = Self.settings(server)
            settings.items = "/d"
            settings.paging = .cursor(pointer: "/n", parameter: "after")
            settings.limits.itemsMax = 50
            let connector = try RestConnector(settings, client: try server.client())
            #expect(try await thrown { _ = try await sweep(connector) } == .limit(.items(50)))
            #expect(server.requests.count <= 51)
        }
    }

    @Test func `content comes from the list's origin or an allowed one, and the secret goes to the first only`()
        async throws
    {
        try await LoopbackServer.run { request in
            switch request.path {
            case "/list":
                .text(
                    "[{\"id\":1,\"link\":\"/f/1\"},{\"id\":2,\"link\":\"http://files.test:\(request.port)/f/2\"},"
                        + "{\"id\":3,\"link\":\"http://evil.test:\(request.port)/f/3\"}]")
            case "/f/1", "/f/2": .text("\(request.header("x-key") ?? "none")")
            default: .status(404)
            }
        } body: { server in
            var settings = Self.settings(server)
            settings.content = .address(pointer: "/link")
            settings.header = "X-Key"
            settings.secret = Secret("hunter2")
            settings.origins = ["http://files.test:\(server.port)"]
            let connector = try RestConnector(settings, client: try server.client())
            let swept = try await sweep(connector)
            #expect(swept.skipped.map(\.reason) == [.blocked])
            for (id, text) in [("1", "hunter2"), ("2", "none")] {
                let item = try #require(swept.items[ExactText(id)])
                let content = try await connector.content(of: item, bytesMax: 100)
                #expect(String(decoding: content.bytes, as: UTF8.self) == text)
            }
            #expect(server.requests.allSatisfy { $0.path != "/f/3" })
        }
    }

    @Test func `what changed meanwhile in a source with permissions is not given`() async throws {
        try await FakeDesk.run(.texts) { desk, _ in
            desk.put("a", Array("one".utf8))
            var settings = desk.settings
            settings.readers = .items(users: "/title", groups: nil, usersAreEmails: false)
            let connector = try desk.connector(settings)
            let item = try #require(try await sweep(connector).items["a"])
            #expect(item.permissions.admits([.user("About a")]) && item.mediaType == "text/markdown")
            desk.put("a", Array("two".utf8))
            #expect(try await thrown { _ = try await connector.content(of: item, bytesMax: 9) } == .changed)
        }
    }

    @Test func `refusals have their meaning, and a report says which step failed`() async throws {
        for (status, step) in [(401, ConnectionReport.Step.Kind.credentials), (404, .settings), (500, .connection)] {
            try await FakeDesk.run(.files) { desk, _ in
                desk.state.withLock { $0.override = { _ in .status(status) } }
                let report = await (try desk.connector(desk.settings)).test()
                #expect(report.steps.last?.kind == step && !report.isGood, "\(status)")
            }
        }
    }

    @Test func `a file of options makes a source, and each that cannot work is refused by its name`() throws {
        let good: [String: OptionValue] = [
            "list": .text("https://desk.test/v1/faq"), "items": .text("/data"), "id": .text("/id"),
            "text": .text("/body"), "text_type": .text("html"), "next": .text("/next"), "readers": .text("items"),
            "groups": .text("/groups"), "secret": .text("Bearer x"),
        ]
        let tools = ConnectorTools(client: try TestClient.make([]), folders: [], clock: .system)
        func failure(_ changes: [String: OptionValue?]) -> SourceFailure? {
            var values = good
            for (name, value) in changes { values[name] = value }
            do throws(SourceFailure) {
                _ = try ConnectorKind.rest.make(try SourceOptions(values, of: ConnectorKind.rest.options), tools)
                return nil
            } catch { return error }
        }
        #expect(failure([:]) == nil)
        #expect(failure(["text": nil, "content": .text("https://desk.test/f/{id}")]) == nil)
        let bad: [(String, [String: OptionValue?])] = [
            ("items", ["items": .text("data")]), ("list", ["list": .text("desk")]),
            ("readers", ["readers": nil]), ("users or groups", ["groups": nil]),
            ("content", ["content": .text("https://desk.test/f/{id}")]),
            ("{id}", ["text": nil, "content": .text("https://desk.test/f/")]),
            ("{id}", ["text": nil, "content": .text("https://{id}.test/f/")]),
            ("origins", ["text": nil, "content": .text("https://other.test/{id}")]),
            ("page_parameter", ["page_parameter": .text("p")]), ("header", ["header": .text("a b")]),
            ("readers is items", ["readers": .text("collection")]),
        ]
        for (word, changes) in bad {
            #expect(
                failure(changes)?.sentence.contains(word) == true, "\(word): \(String(describing: failure(changes)))")
        }
    }
}

extension TestRequest {
    fileprivate var port: String { header("host").map { String($0.split(separator: ":").last ?? "") } ?? "" }
}
