import Kit
import TestKit
import Testing

@testable import Outbound

@Suite(.timeLimit(.minutes(10))) struct StreamTests {
    private static func connect<Result: Sendable>(
        _ server: ScriptedServer, as scheme: String = "tcp", trusting path: String? = nil,
        limits: OutboundLimits = OutboundLimits(), clock: WallClock = .system,
        _ body: @escaping @Sendable (OutboundStream) async throws -> Result
    ) async throws -> Result {
        let address = "\(scheme)://mail.test:\(server.port)"
        let client = try TestWay().client([address + " -> 127.0.0.1"], authoritiesPath: path, clock: clock)
        return try await client.connect(to: try OutboundOrigin(stream: address), limits: limits, body: body)
    }

    @Test(
        arguments: [
            ("imaps://mail.example", "imaps://mail.example", 993), ("IMAP://Mail.Example/", "imap://mail.example", 143),
            ("tcp://10.1.2.3:9000", "tcp://10.1.2.3:9000", 9000), ("tls://[::1]:9", "tls://[::1]:9", 9),
            ("imaps://mail.example:993", "imaps://mail.example", 993),
        ])
    func `an origin of a stream has a scheme, a host and a port`(text: String, form: String, port: Int) throws {
        let origin = try OutboundOrigin(stream: text)
        #expect(origin.description == form && origin.port == port)
    }

    @Test(
        arguments: [
            "https://mail.example", "http://mail.example", "tcp://mail.example", "tls://mail.example", "mail.example",
            "imaps://", "imaps://user@mail.example", "imaps://mail.example/inbox", "imaps://mail.example?x",
            "imaps://mail.example#x", "imaps://mail.example:0", "imaps://mail.example:65536", "imaps://0x7f.1",
            "imaps://mail.example ", "imaps:mail.example", "file:///etc/passwd", "imaps://mail..example",
            "imaps://mail.example\\@evil",
        ])
    func `everything else is refused`(text: String) {
        #expect(throws: URLFault.self) { try OutboundOrigin(stream: text) }
    }

    @Test(
        arguments: [
            ("imaps://mail.example", "imaps://mail.example", true),
            ("imaps://mail.example", "imap://mail.example", false),
            ("mail.example", "imaps://mail.example:443", false),
            ("https://mail.example", "tls://mail.example:443", false),
            ("imaps://*.example", "imaps://mail.example", true), ("imaps://*.example", "imaps://example", false),
            ("tcp://mail.example:1", "tcp://mail.example:2", false),
            ("tcp://mail.example:1", "tls://mail.example:1", false),
        ])
    func `an entry opens its own scheme only`(entry: String, origin: String, isAllowed: Bool) throws {
        let admission = try? OutboundPolicy(entry).admit(OutboundOrigin(stream: origin))
        #expect((admission != nil) == isAllowed)
        #expect(throws: OutboundFailure.self) {
            try OutboundPolicy(entry).admit(OutboundURL("http://mail.example/").origin)
        }
    }

    @Test(arguments: [
        "tcp://mail.example", "imaps://mail.example/x", "imaps://user@mail.example", "ftp://mail.example",
    ])
    func `an entry that is no origin is malformed`(entry: String) {
        #expect(throws: PolicyFault.malformed) { try PolicyEntry(entry) }
    }

    @Test func `an address inside needs its range, and a host its entry`() async throws {
        let way = TestWay()
        let origin = try OutboundOrigin(stream: "tcp://mail.test:9")
        let inside = try await failure {
            try await way.client(["tcp://mail.test:9"]).connect(to: origin) { _ in }
        }
        #expect(inside == .addressNotAllowed(origin, try #require(NetworkAddress("127.0.0.1"))))
        let other = try await failure { try await way.client(["mail.test"]).connect(to: origin) { _ in } }
        #expect(other == .hostNotAllowed(origin))
        #expect(way.names == ["mail.test"], "what is not allowed is not even looked up")
    }

    @Test func `lines and bytes come as they were sent`() async throws {
        try await ScriptedServer.run(greeting: [.send("* OK\r\n")]) { request in
            [.send("a\n\r\nb\rc\r\n12345" + request)]
        } body: { server in
            let found = try await Self.connect(server) { stream in
                var found = [try await stream.line(bytesMax: 100)]
                stream.write(Array("x\r\n\r\n".utf8))
                for _ in 0..<3 { found.append(try await stream.line(bytesMax: 100)) }
                found.append(try await stream.bytes(5))
                found.append(try await stream.bytes(0))
                found.append(try await stream.line(bytesMax: 100))
                return found.map { String(decoding: $0, as: UTF8.self) }
            }
            #expect(found == ["* OK", "a", "", "b\rc", "12345", "", "x"])
        }
    }

    @Test func `a line without end and a flood end at their bounds`() async throws {
        try await ScriptedServer.run(greeting: [.flood([UInt8](repeating: 65, count: 1 << 16))]) { server in
            let origin = try OutboundOrigin(stream: "tcp://mail.test:\(server.port)")
            let line = try await failure {
                try await Self.connect(server) { stream in _ = try await stream.line(bytesMax: 100_000) }
            }
            #expect(line == .bodyTooLarge(origin, bytesMax: 100_000))
            var limits = OutboundLimits()
            limits.bodyBytesMax = 1 << 20
            let asked = try await failure {
                try await Self.connect(server, limits: limits) { stream in _ = try await stream.bytes(.max) }
            }
            #expect(asked == .bodyTooLarge(origin, bytesMax: 1 << 20))
            let flood = try await failure {
                try await Self.connect(server, limits: limits) { stream in
                    while true { _ = try await stream.bytes(1000) }
                }
            }
            #expect(flood == .bodyTooLarge(origin, bytesMax: 1 << 20))
            #expect(server.floodedBytes < 64 << 20, "the other side is slowed down")
        }
    }

    @Test func `who says nothing, or stops, runs into the limits`() async throws {
        for (greeting, phase) in [("", Patience.Phase.firstByte), ("line\nhalf", .idle)] {
            try await ScriptedServer.run(greeting: [.send(greeting)]) { server in
                let clock = VirtualClock()
                let (begun, begin) = AsyncStream<Void>.makeStream()
                var limits = OutboundLimits()
                limits.total = .seconds(86_400)
                let attempt = Task { [limits] in
                    try await failure {
                        try await Self.connect(server, limits: limits, clock: clock.clock) { stream in
                            if !greeting.isEmpty { _ = try await stream.line(bytesMax: 100) }
                            begin.yield()
                            _ = try await stream.line(bytesMax: 100)
                        }
                    }
                }
                for await _ in begun { break }
                let origin = try OutboundOrigin(stream: "tcp://mail.test:\(server.port)")
                let thrown = try await passingTime(clock) { try await attempt.value }
                #expect(thrown == .timedOut(origin, phase))
            }
        }
        try await ScriptedServer.run(greeting: [.send("half"), .close]) { server in
            let origin = try OutboundOrigin(stream: "tcp://mail.test:\(server.port)")
            let lost = try await failure {
                try await Self.connect(server) { stream in _ = try await stream.line(bytesMax: 100) }
            }
            // It may be gone before the connection is in our hands.
            #expect([.connectionLost(origin), .unreachable(origin)].contains(lost))
        }
    }

    @Test func `TLS from the first byte takes a certificate for the name, and no other`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let good = try EncryptionTests.Identity(in: folder, names: "DNS:mail.test")
            let other = try EncryptionTests.Identity(in: folder, names: "DNS:other.test")
            for (identity, isTrusted) in [(good, true), (other, false)] {
                try await ScriptedServer.run(tls: identity.context, greeting: [.send("* OK\r\n")]) { server in
                    let origin = try OutboundOrigin(stream: "imaps://mail.test:\(server.port)")
                    let thrown = try await failure {
                        try await Self.connect(server, as: "imaps", trusting: identity.certificatePath) { stream in
                            #expect(stream.isEncrypted)
                            let line = try await stream.line(bytesMax: 100)
                            #expect(line == Array("* OK".utf8))
                        }
                    }
                    #expect(thrown == (isTrusted ? nil : .untrusted(origin)))
                }
            }
        }
    }

    /// What was put in before TLS must not be read as if it had come through TLS (CVE-2011-0411, CVE-2021-33515).
    @Test(
        arguments: [
            [ScriptedServer.Step.send("OK\r\n* injected\r\n")], [.send("OK\r\n"), .send("* injected\r\n")],
            [.send("OK\r\n*")],
        ])
    func `what comes in the clear behind the agreement on TLS is refused`(steps: [ScriptedServer.Step]) async throws {
        try await ScriptedServer.run { _ in
            steps
        } body: { server in
            let origin = try OutboundOrigin(stream: "imap://mail.test:\(server.port)")
            let thrown = try await failure {
                try await Self.connect(server, as: "imap") { stream in
                    stream.write(Array("a STARTTLS\r\n\r\n".utf8))
                    _ = try await stream.line(bytesMax: 100)
                    try await stream.startTLS()
                    _ = try await stream.line(bytesMax: 100)
                }
            }
            // Those who come after the first byte of TLS are no TLS.
            #expect([.notEncrypted(origin), .untrusted(origin)].contains(thrown))
        }
    }
}
