import Foundation
import Kit
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

@Suite(.timeLimit(.minutes(10))) struct WebDAVTests {
    private static func part(_ href: String, _ properties: String = "<D:getetag>\"e\"</D:getetag>") -> String {
        "<D:response><D:href>\(href)</D:href><D:propstat><D:prop>\(properties)</D:prop>"
            + "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
    }

    private static let collection = "<D:resourcetype><D:collection/></D:resourcetype>"

    private static func list(_ parts: String...) -> TestAnswer {
        .text(
            "<?xml version=\"1.0\"?><D:multistatus xmlns:D=\"DAV:\">\(parts.joined())</D:multistatus>", status: 207)
    }

    private static func connector(
        _ server: LoopbackServer, path: String = "/dav", _ change: (inout WebDAVSettings) -> Void = { _ in }
    ) throws -> WebDAVConnector {
        var settings = WebDAVSettings(address: server.address + path)
        settings.permissions = .everyone
        change(&settings)
        return try WebDAVConnector(settings, client: try server.client())
    }

    /// What a listing comes to when the server always answers so.
    private static func failure(
        _ answer: TestAnswer, _ change: (inout WebDAVSettings) -> Void = { _ in }
    ) async throws -> SourceFailure? {
        try await LoopbackServer.run { _ in
            answer
        } body: { server in
            try await thrown { _ = try await sweep(try connector(server, change)) }
        }
    }

    @Test func `Apache's files have paths, types, sizes and dates, and a wrong password is said to be one`()
        async throws
    {
        try await ApacheWorld.run { world in
            try world.put("reports/2026/a b.txt", Array("twelve bytes".utf8))
            try world.put("reports/skip.bin", [1])
            var settings = world.settings
            settings.exclude = ["**/*.bin"]
            let connector = try world.connector(settings)
            let swept = try await sweep(connector)
            let item = try #require(swept.items["reports/2026/a b.txt"])
            #expect(swept.items.count == 1)
            #expect(item.mediaType == "text/plain" && item.size == 12 && item.modified != nil)
            #expect(item.url == "http://127.0.0.1:\(world.port)/root%20%231/reports/2026/a%20b.txt")
            #expect(item.permissions.admits([.group("staff")]) && !item.permissions.admits([.user("x")]))
            settings.credentials = .basic(user: "archive", password: Secret("wrong"))
            let refused = await (try world.connector(settings)).test()
            #expect(!refused.isGood && refused.steps.last?.kind == .credentials)
            settings = world.settings
            settings.address += "/nothing"
            let missing = try await thrown { _ = try await sweep(try world.connector(settings)) }
            #expect(missing == .misconfigured("There is no collection at this address (status 404)."))
        }
    }

    @Test func `a folder's list is asked for once in a listing of many pages`() async throws {
        try await LoopbackServer.run { request in
            switch request.path {
            case "/dav/":
                Self.list(
                    Self.part("/dav/", Self.collection), Self.part("/dav/b/", Self.collection), Self.part("/dav/a"))
            case "/dav/b/":
                Self.list(Self.part("/dav/b/", Self.collection), Self.part("/dav/b/c"), Self.part("/dav/b/d"))
            default: .status(500)
            }
        } body: { server in
            let swept = try await sweep(try Self.connector(server) { $0.limits.pageItemsMax = 1 })
            #expect(Set(swept.items.keys) == ["a", "b/c", "b/d"])
            #expect(swept.pages.count > 2)
            #expect(server.requests.map(\.path) == ["/dav/", "/dav/b/"])
            #expect(server.requests.allSatisfy { $0.method == "PROPFIND" && $0.header("depth") == "1" })
        }
    }

    @Test(
        arguments: [
            ("http://evil.test/dav/x", false), ("//evil.test/dav/x", false), ("/dav/../etc/passwd", false),
            ("/dav/%2e%2e/x", false), ("/other/x", false), ("/davx", false), ("/dav/a/b", false),
            ("/dav/a%2Fb", false), ("/dav/%ff", false), ("/dav/a%00b", false), ("", false), ("http://", false),
            ("/dav/x", true), ("x", true), ("/d%61v/x", true), ("/dav/%78", true), ("./x", true),
        ])
    func `only addresses directly beneath the folder count`(href: String, counts: Bool) async throws {
        try await LoopbackServer.run { _ in
            Self.list(Self.part("/dav/", Self.collection), Self.part(href))
        } body: { server in
            let swept = try await sweep(try Self.connector(server))
            #expect(Array(swept.items.keys) == (counts ? ["x"] : []))
            #expect(server.requests.allSatisfy { $0.path == "/dav/" })
        }
    }

    @Test func `parts and properties that failed do not count`() async throws {
        let failed = "<D:response><D:href>/dav/no</D:href><D:status>HTTP/1.1 423 Locked</D:status></D:response>"
        let gone = "<D:response><D:href>/dav/gone</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>"
        let half =
            "<D:response><D:href>/dav/half</D:href><D:propstat><D:prop><D:getetag>\"x\"</D:getetag></D:prop>"
            + "<D:status>HTTP/1.1 404 no</D:status></D:propstat><D:propstat><D:prop><D:getlastmodified>"
            + "Sun, 06 Nov 1994 08:49:37 GMT</D:getlastmodified><D:getcontentlength>7</D:getcontentlength></D:prop>"
            + "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
        try await LoopbackServer.run { _ in
            Self.list(Self.part("/dav/", Self.collection), failed, gone, half, Self.part("/dav/bare", "<D:x/>"))
        } body: { server in
            let swept = try await sweep(try Self.connector(server))
            #expect(swept.items.keys.map(\.text) == ["half"])
            #expect(swept.items["half"]?.tag == "m:784111777000000:7")
            #expect(Set(swept.skipped.map(\.reason)) == [.refused(status: 423), .unavailable])
        }
    }

    @Test func `a server without entity tags is read by date, and a file that changed meanwhile is told`() async throws
    {
        let properties =
            "<D:getlastmodified>Sun, 06 Nov 1994 08:49:37 GMT</D:getlastmodified>"
            + "<D:getcontentlength>2</D:getcontentlength>"
        for (date, fails) in [("Sun, 06 Nov 1994 08:49:37 GMT", false), ("Sun, 06 Nov 1994 08:49:38 GMT", true)] {
            try await LoopbackServer.run { request in
                request.method == "GET"
                    ? .text("ok", [("Last-Modified", date)])
                    : Self.list(Self.part("/dav/", Self.collection), Self.part("/dav/a", properties))
            } body: { server in
                let connector = try Self.connector(server)
                let item = try #require(try await sweep(connector).items["a"])
                let failure = try await thrown { _ = try await connector.content(of: item, bytesMax: 9) }
                #expect(failure == (fails ? .changed : nil))
            }
        }
    }

    @Test(arguments: [("\"e\"", "\"e\"", true), ("W/\"e\"", "\"e\"", true), ("\"e\"", "\"f\"", false)])
    func `where If-Match fails, the answer's own tag decides`(listed: String, now: String, isRead: Bool) async throws {
        try await LoopbackServer.run { request in
            guard request.method == "GET" else {
                return Self.list(
                    Self.part("/dav/", Self.collection), Self.part("/dav/a", "<D:getetag>\(listed)</D:getetag>"))
            }
            return request.header("if-match") != nil ? .status(412) : .text("ok", [("ETag", now)])
        } body: { server in
            let connector = try Self.connector(server)
            let item = try #require(try await sweep(connector).items["a"])
            let failure = try await thrown { _ = try await connector.content(of: item, bytesMax: 9) }
            #expect(failure == (isRead ? nil : .changed))
            #expect(server.requests.contains { $0.header("if-match") == "\"e\"" })
        }
    }

    @Test func `lists that lie or do not end are refused`() async throws {
        let here = Self.part("/dav/", Self.collection)
        let elsewhere = Self.list(Self.part("/other/", Self.collection))
        #expect(
            try await Self.failure(elsewhere)
                == .misbehaved("The server lists another place than the one that was asked for."))
        let many = Self.list(here, (0..<50).map { Self.part("/dav/\($0)") }.joined())
        #expect(try await Self.failure(many) { $0.limits.itemsMax = 20 } == .limit(.entriesInFolder(20)))
        let flood = TestAnswer(status: 207, body: [UInt8](repeating: 32, count: 1 << 16), isEndless: true)
        #expect(try await Self.failure(flood) { $0.limits.listBytesMax = 1 << 18 } == .limit(.listBytes(1 << 18)))
        #expect(
            try await Self.failure(.text("<!DOCTYPE x><D:multistatus/>", status: 207))
                == .misbehaved("The server's list of a collection is not the XML that it should be."))
        #expect(try await Self.failure(.text("<html/>", status: 207)) != nil)
    }

    /// Every folder holds a folder, as with links that lead upwards.
    @Test func `folders without end are cut off at the depth`() async throws {
        try await LoopbackServer.run { request in
            Self.list(
                Self.part(request.path, Self.collection), Self.part(request.path + "f"),
                Self.part(request.path + "d/", Self.collection))
        } body: { server in
            let swept = try await sweep(try Self.connector(server) { $0.limits.depthMax = 5 })
            #expect(swept.items.count == 6)
            #expect(swept.skipped.map(\.reason) == [.tooDeep(depthMax: 5)])
        }
    }

    @Test(
        arguments: [
            (301, "misconfigured"), (401, "unauthorised"), (403, "forbidden"), (405, "misconfigured"),
            (200, "misbehaved"), (500, "retryable"),
        ])
    func `every refusal has its meaning`(status: Int, meaning: String) async throws {
        let failure = try await Self.failure(.status(status, [("Location", "http://evil.test/")]))
        #expect("\(String(describing: failure))".contains(meaning))
    }

    @Test func `a closed folder is left out, and trouble with one stops the listing`() async throws {
        for status in [403, 404, 500] {
            try await LoopbackServer.run { request in
                request.path == "/dav/"
                    ? Self.list(
                        Self.part("/dav/", Self.collection), Self.part("/dav/a/", Self.collection), Self.part("/dav/b"))
                    : .status(status)
            } body: { server in
                let connector = try Self.connector(server)
                guard status != 500 else {
                    let failure = try await thrown { _ = try await sweep(connector) }
                    #expect(failure == .retryable(after: nil, "The server failed (status 500)."))
                    return
                }
                let swept = try await sweep(connector)
                #expect(Array(swept.items.keys) == ["b"])
                #expect(swept.skipped.map(\.reason) == (status == 403 ? [.unreadable] : []))
            }
        }
    }

    @Test func `settings that cannot work are refused, and credentials go into no description`() throws {
        let tools = ConnectorTools(client: try TestClient.make([]), folders: [], clock: .system)
        let kind = ConnectorKind.webdav
        func failure(_ values: [String: OptionValue]) -> SourceFailure? {
            do throws(SourceFailure) {
                _ = try kind.make(try SourceOptions(values, of: kind.options), tools)
                return nil
            } catch { return error }
        }
        let address = OptionValue.text("https://dav.test/x")
        #expect(failure(["address": address]) == nil)
        #expect(failure(["address": address, "user": .text("u"), "password": .text("p")]) == nil)
        #expect(failure(["address": address, "token": .text("t")]) == nil)
        #expect(failure(["address": .text("ftp://dav.test/")]) != nil)
        #expect(failure(["address": .text("https://dav.test/?x")]) != nil)
        #expect(failure(["address": address, "user": .text("u")]) != nil)
        #expect(failure(["address": address, "user": .text("a:b"), "password": .text("p")]) != nil)
        let refusal = failure(["address": address, "token": .text("hunter2 hunter2")])
        #expect(refusal.map { !"\($0)".contains("hunter2") } == true)
    }
}
