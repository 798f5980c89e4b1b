import HTTPTypes
import Kit
import Synchronization
import TestKit
import Testing

@testable import HTTPKit

@Suite("The entry, over a socket", .timeLimit(.minutes(10)))
struct EntrySocketTests {
    private static func text(_ text: String) -> Reply {
        Reply(headers: [.contentType: "text/plain"], body: .bytes(Array(text.utf8)))
    }

    private static let hello = Route(.get, "/hello", .authenticated, "") { _ in text("hello") }
    private static let upload = Route(.post, "/upload", .authenticated, "", bodyBytesMax: 100_000) { exchange in
        text("got \(exchange.body.count)")
    }

    @Test("serves router and fast requests in turn on one connection")
    func alternates() async throws {
        try await TestServer.run([Self.hello]) { server in
            let client = try await RawClient.connect(server)
            try await client.get("/v1/ping")
            #expect(try await client.read(until: "{\"pong\":true}").hasPrefix("HTTP/1.1 200"))
            for _ in 0..<5 {
                try await client.get("/hello")
                #expect(try await client.read(until: "hello").hasPrefix("HTTP/1.1 200"))
                try await client.get("/v1/ping")
                #expect(try await client.read(until: "{\"pong\":true}").hasPrefix("HTTP/1.1 200"))
            }
            #expect(server.table.admission.inFlight.total == 0)
        }
    }

    @Test("answers the fast route on the event loop once the caller is known, and refuses the same callers")
    func fastAdmission() async throws {
        try await TestServer.run([Self.hello]) { server in
            let authenticator = try #require(server.table.services.authenticator as? TestAuthenticator)
            let client = try await RawClient.connect(server)
            for _ in 0..<10 {
                try await client.get("/v1/ping")
                _ = try await client.read(until: "{\"pong\":true}")
            }
            #expect(authenticator.slowCalls == 1)
            try await client.get("/v1/ping", token: "wrong")
            #expect(try await client.read(until: "}}").hasPrefix("HTTP/1.1 401"))
            try await client.send(
                "GET /v1/ping HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-cloister=session-1\r\n\r\n")
            #expect(try await client.read(until: "}}").hasPrefix("HTTP/1.1 401"))
            try await client.send("GET /v1/ping HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer good\r\n\r\n")
            #expect(try await client.read(until: "}}").hasPrefix("HTTP/1.1 421"))
        }
    }

    @Test("gives a credential the same verdict in every place, cached or not (ATT-8)")
    func fastPlaces() async throws {
        try await TestServer.run([]) { server in
            for (token, status) in [("good", "200"), ("wrong", "401")] {
                for place in ["Authorization: Bearer ", "x-api-key: ", "api-key: ", "Cookie: __Host-cloister="] {
                    let client = try await RawClient.connect(server)
                    for _ in 0..<2 {
                        try await client.send("GET /v1/ping HTTP/1.1\r\nHost: localhost\r\n\(place)\(token)\r\n\r\n")
                        let answer = try await client.read(until: "}")
                        let expected = place.hasPrefix("Cookie") ? "401" : status
                        #expect(answer.contains("HTTP/1.1 \(expected)"), "\(place)\(token)")
                        if expected == "401" { _ = try await client.read(until: "}") }
                    }
                }
            }
        }
    }

    @Test("answers pipelined requests in order, whichever side they go to")
    func pipelining() async throws {
        let slow = Route(.get, "/slow", .authenticated, "") { _ in
            for _ in 0..<50 { await Task.yield() }
            return Self.text("slow")
        }
        try await TestServer.run([Self.hello, slow]) { server in
            let client = try await RawClient.connect(server)
            try await client.get("/v1/ping")
            _ = try await client.read(until: "{\"pong\":true}")
            let head = "HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer good\r\n\r\n"
            let paths = ["/slow", "/v1/ping", "/hello", "/v1/ping", "/nowhere", "/v1/ping", "/v1/ping", "/hello"]
            try await client.send(paths.map { "GET \($0) \(head)" }.joined())
            for path in paths {
                let mark =
                    switch path {
                    case "/slow": "slow"
                    case "/hello": "hello"
                    case "/nowhere": "not_found\"}"
                    default: "{\"pong\":true}"
                    }
                let status = path == "/nowhere" ? "404" : "200"
                let answer = try await client.read(until: path == "/nowhere" ? "}" : mark)
                #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(path): \(answer)")
            }
        }
    }

    @Test("hands stream pieces over one by one")
    func streams() async throws {
        let buffer = ReplayBuffer()
        let events = Route(.get, "/events", .authenticated, "") { exchange in
            .events(try buffer.events(after: exchange.request.headerFields[.lastEventID]))
        }
        try await TestServer.run([events]) { server in
            let client = try await RawClient.connect(server)
            try await client.get("/events")
            #expect(try await client.read(until: "\r\n\r\n").contains("text/event-stream"))
            for id in ["1", "2", "3"] {
                buffer.append(ServerEvent(id: id, name: "a", data: "{}"))
                #expect(try await client.read(until: "data: {}\n\n").contains("id: \(id)\n"))
            }
            buffer.finish()
            #expect(try await client.read(until: "0\r\n\r\n").contains("0\r\n\r\n"))
            try await client.get("/events", more: "Last-Event-ID: 2\r\n")
            let rest = try await client.read(until: "0\r\n\r\n")
            #expect(rest.contains("id: 3\n") && !rest.contains("id: 2\n"))
        }
    }

    @Test("cancels the handler and its stream when the client leaves")
    func disconnect() async throws {
        let (entered, left, streamEnded) = (TestRevocation(), TestRevocation(), TestRevocation())
        let hang = Route(.get, "/hang", .authenticated, "") { _ in
            entered.cut()
            await untilCancelled()
            left.cut()
            throw CancellationError()
        }
        let stream = Route(.get, "/stream", .authenticated, "") { _ in
            Reply(
                body: .stream(
                    StreamPump.stream { relay in
                        _ = await relay.send([65])
                        await untilCancelled()
                        streamEnded.cut()
                    }))
        }
        var settings = HTTPSettings.unlimited
        settings.halfCloseGrace = .milliseconds(50)
        try await TestServer.run([hang, stream], settings: settings) { server in
            let first = try await RawClient.connect(server)
            try await first.get("/stream")
            _ = try await first.read(until: "A")
            try await first.close()
            await streamEnded.wait()

            let second = try await RawClient.connect(server)
            try await second.get("/hang")
            await entered.wait()
            try await second.close()
            await left.wait()
            try await eventually { server.table.admission.inFlight.total == 0 }
        }
    }

    @Test("answers a client that has closed its sending half")
    func halfClose() async throws {
        try await TestServer.run([Self.hello]) { server in
            let client = try await RawClient.connect(server)
            try await client.get("/hello")
            try await client.closeSending()
            #expect(try await client.readToEnd().hasSuffix("hello"))
        }
    }

    @Test("refuses a body over the bound before reading it, and takes one within")
    func bodies() async throws {
        try await TestServer.run([Self.upload]) { server in
            let head = "POST /upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer good\r\n"
            let client = try await RawClient.connect(server)
            try await client.send(head + "Content-Length: 100000\r\n\r\n" + String(repeating: "a", count: 100_000))
            #expect(try await client.read(until: "got 100000").hasPrefix("HTTP/1.1 200"))
            try await client.send(head + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100"))
            try await client.send("hello")
            #expect(try await client.read(until: "got 5").hasPrefix("HTTP/1.1 200"))
            try await client.send(head + "Content-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await client.read(until: "}").hasPrefix("HTTP/1.1 413"))

            let chunked = try await RawClient.connect(server)
            try await chunked.send(head + "Transfer-Encoding: chunked\r\n\r\n")
            let piece = "4000\r\n" + String(repeating: "a", count: 0x4000) + "\r\n"
            for _ in 0..<7 { try await chunked.send(piece) }
            #expect(try await chunked.read(until: "}").hasPrefix("HTTP/1.1 413"))
        }
    }

    @Test(
        "refuses what two servers would read differently (ATT-55)",
        arguments: [
            "GET /hello HTTP/1.1\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            "GET /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: localhost\r\nX: a\r\n folded\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost : localhost\r\n\r\n",
            "GET /hello\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}", "GET  /hello HTTP/9.9\r\nHost: localhost\r\n\r\n",
        ])
    func smuggling(_ request: String) async throws {
        try await TestServer.run([Self.hello]) { server in
            let client = try await RawClient.connect(server)
            try await client.send(request)
            let answer = try await client.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 400") || answer.isEmpty, "\(answer)")
        }
    }

    @Test("bounds the head in size")
    func headSize() async throws {
        try await TestServer.run([Self.hello]) { server in
            let large = try await RawClient.connect(server)
            try await large.get("/hello", more: "X-Large: \(String(repeating: "a", count: 40_000))\r\n")
            #expect(try await large.readToEnd().contains(" 400 "))
            let many = try await RawClient.connect(server)
            try await many.get("/hello", more: (0..<200).map { "X-\($0): a\r\n" }.joined())
            #expect(try await many.readToEnd().contains(" 400 "))
            let long = try await RawClient.connect(server)
            try await long.get("/" + String(repeating: "a", count: 9000))
            #expect(try await long.read(until: "}").hasPrefix("HTTP/1.1 414"))
        }
    }

    @Test("closes on a head that takes too long, and on a connection that asks nothing")
    func headTime() async throws {
        var settings = HTTPSettings.unlimited
        settings.headerDeadline = .milliseconds(100)
        try await TestServer.run([Self.hello], settings: settings) { server in
            let slow = try await RawClient.connect(server)
            try await slow.send("GET /hello HT")
            #expect(try await slow.readToEnd().hasPrefix("HTTP/1.1 408"))
        }
        settings.idleTimeout = .milliseconds(100)
        try await TestServer.run([Self.hello], settings: settings) { server in
            let idle = try await RawClient.connect(server)
            #expect(try await idle.readToEnd().isEmpty)
        }
    }

    @Test("lets what is in flight finish when it drains, and accepts nothing more")
    func drains() async throws {
        let (entered, release) = (TestRevocation(), TestRevocation())
        let buffer = ReplayBuffer()
        let routes = [
            Self.hello,
            Route(.get, "/events", .authenticated, "") { _ in .events(try buffer.events(after: nil)) },
            Route(.get, "/wait", .authenticated, "") { _ in
                entered.cut()
                await release.wait()
                return Self.text("done")
            },
        ]
        try await TestServer.run(routes) { server in
            let (stream, waiting, idle) = (
                try await RawClient.connect(server), try await RawClient.connect(server),
                try await RawClient.connect(server)
            )
            try await idle.get("/hello")
            _ = try await idle.read(until: "hello")
            try await stream.get("/events")
            buffer.append(ServerEvent(id: "1", name: "a", data: "{}"))
            _ = try await stream.read(until: "data: {}\n\n")
            try await waiting.get("/wait")
            await entered.wait()
            await server.drain()
            #expect(try await idle.readToEnd().isEmpty)
            await #expect(throws: (any Error).self) { try await RawClient.connect(server) }
            buffer.append(ServerEvent(id: "2", name: "a", data: "{}"))
            #expect(try await stream.read(until: "data: {}\n\n").contains("id: 2"))
            buffer.finish()
            #expect(try await stream.readToEnd().hasSuffix("0\r\n\r\n"))
            release.cut()
            #expect(try await waiting.readToEnd().hasSuffix("done"))
        }
    }

    @Test("ends a feed at once when it drains")
    func drainsFeeds() async throws {
        let buffer = ReplayBuffer()
        let feed = Route(.get, "/feed", .authenticated, "") { _ in .feed(try buffer.events(after: nil)) }
        try await TestServer.run([feed]) { server in
            let client = try await RawClient.connect(server)
            try await client.get("/feed")
            buffer.append(ServerEvent(id: "1", name: "a", data: "{}"))
            _ = try await client.read(until: "data: {}\n\n")
            await server.drain()
            #expect(try await client.readToEnd().hasSuffix("0\r\n\r\n"))
        }
    }

    @Test("closes on a client that does not read, and holds little for it meanwhile")
    func slowReader() async throws {
        let sent = Mutex(0)
        let ended = TestRevocation()
        let flood = Route(.get, "/flood", .authenticated, "") { _ in
            Reply(
                body: .stream(
                    StreamPump.stream { relay in
                        defer { ended.cut() }
                        while await relay.send(Array(repeating: 65, count: 65_536)) { sent.withLock { $0 += 65_536 } }
                    }))
        }
        var settings = HTTPSettings.unlimited
        settings.writeStall = .seconds(2)
        try await TestServer.run([flood], settings: settings) { server in
            let client = try await RawClient.connect(server, readsAlone: false)
            try await client.get("/flood")
            // Looked at while the client still stalls: between the cut and the news of it the source runs freely.
            var (held, same) = (0, 0)
            while same < 20, held < 64 << 20 {
                let now = sent.withLock { $0 }
                same = now > 0 && now == held ? same + 1 : 0
                held = now
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(held < 64 << 20)
            await ended.wait()
            try await client.close()
        }
    }

    @Test("cuts what is still running when the drain grace is over")
    func drainGrace() async throws {
        let clock = VirtualClock()
        let entered = TestRevocation()
        let hang = Route(.get, "/hang", .authenticated, "") { _ in
            entered.cut()
            await untilCancelled()
            throw CancellationError()
        }
        try await TestServer.run([hang], change: { $0.clock = clock.clock }) { server in
            let client = try await RawClient.connect(server)
            try await client.get("/hang")
            await entered.wait()
            await server.drain()
            try await eventually { clock.sleeping > 0 }
            clock.advance(by: .seconds(60))
            _ = try await client.readToEnd()
        }
    }

    @Test("listens on a socket that only its owner may use, as the local operator")
    func localSocket() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            var settings = HTTPSettings.unlimited
            settings.socketPath = folder + "/cloister.sock"
            let local = Route(.get, "/local", .localOnly(.tenantRead), "") { exchange in Self.text(exchange.peer) }
            try await TestServer.run([local], settings: settings) { server in
                let path = folder + "/cloister.sock"
                #expect(server.addresses.contains(.socket(path: path)))
                #expect(try LocalSocketFile.mode(path) == 0o600)
                let request = "GET /local HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                let answer = try LocalSocketFile.exchange(path, request)
                #expect(answer.hasSuffix("local"), "\(answer)")
                let network = try await RawClient.connect(server)
                try await network.get("/local")
                #expect(try await network.read(until: "}").hasPrefix("HTTP/1.1 404"))
            }
            #expect(try !LocalSocketFile.exists(folder))
        }
    }

    @Test("does not start over a file that stands where its socket should be, and leaves it alone")
    func takenSocketPath() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            var settings = HTTPSettings.unlimited
            settings.socketPath = folder + "/precious"
            try LocalSocketFile.put("precious", to: folder + "/precious")
            await #expect(throws: HTTPServiceFailure.socketUnusable(folder + "/precious")) {
                try await TestServer.run([], settings: settings) { _ in }
            }
            #expect(try LocalSocketFile.mode(folder + "/precious") == 0o644)
        }
    }
}
