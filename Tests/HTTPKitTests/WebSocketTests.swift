import HTTPTypes
import Kit
import Testing

@testable import HTTPKit

@Suite("A WebSocket", .timeLimit(.minutes(10)))
struct WebSocketTests {
    private static let hello = Route(.get, "/hello", .authenticated, "") { _ in Reply(body: .bytes(Array("hello".utf8)))
    }
    private static let upgrade =
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

    /// A masked client frame of at most 125 bytes.
    private static func frame(_ opcode: UInt8, _ payload: [UInt8], fin: Bool = true, masked: Bool = true) -> [UInt8] {
        let mask: [UInt8] = [1, 2, 3, 4]
        guard masked else { return [(fin ? 0x80 : 0) | opcode, UInt8(payload.count)] + payload }
        return [(fin ? 0x80 : 0) | opcode, 0x80 | UInt8(payload.count)] + mask
            + payload.enumerated().map { $0.element ^ mask[$0.offset % 4] }
    }

    private static func open(_ server: TestServer, token: String = "good") async throws -> RawClient {
        let client = try await RawClient.connect(server)
        try await client.get("/v1/ws", token: token, more: upgrade)
        return client
    }

    @Test("opens after a router request on the same connection, and loses no frame sent with the upgrade")
    func echoes() async throws {
        try await TestServer.run([Self.hello]) { server in
            let client = try await RawClient.connect(server)
            try await client.get("/hello")
            _ = try await client.read(until: "hello")
            let request = "GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer good\r\n\(Self.upgrade)\r\n"
            try await client.send(Array(request.utf8) + Self.frame(1, Array("first".utf8)))
            let head = try await client.read(until: "\r\n\r\n")
            #expect(head.hasPrefix("HTTP/1.1 101"))
            #expect(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
            #expect(try await client.readBytes(7) == [0x81, 5] + Array("first".utf8))
            try await client.send(Self.frame(2, [1, 2, 3]))
            #expect(try await client.readBytes(5) == [0x82, 3, 1, 2, 3])
            try await client.send(
                Self.frame(1, Array("ab".utf8), fin: false) + Self.frame(9, [7]) + Self.frame(0, Array("cd".utf8)))
            #expect(try await client.readBytes(3) == [0x8A, 1, 7])
            #expect(try await client.readBytes(6) == [0x81, 4] + Array("abcd".utf8))
            #expect(server.table.admission.inFlight.total == 1)
            try await client.send(Self.frame(8, [0x03, 0xE8]))
            #expect(try await client.readBytes(4) == [0x88, 2, 0x03, 0xE8])
            #expect(try await client.readToEnd().isEmpty)
            try await eventually { server.table.admission.inFlight.total == 0 }
        }
    }

    @Test("is refused like any other request: no token, no rights, foreign page, wrong version")
    func refused() async throws {
        let admin = WebSocketRoute(Route(.get, "/v1/admin", .requires(.auditRead), "") { _ in Reply() }) { _ in }
        try await TestServer.run([Self.hello], sockets: [.echo, admin]) { server in
            let unknown = try await Self.open(server, token: "wrong")
            #expect(try await unknown.readToEnd().hasPrefix("HTTP/1.1 401"))
            let weak = try await RawClient.connect(server)
            try await weak.get("/v1/admin", token: "weak", more: Self.upgrade)
            #expect(try await weak.readToEnd().hasPrefix("HTTP/1.1 403"))
            let foreign = try await RawClient.connect(server)
            try await foreign.get("/v1/ws", more: Self.upgrade + "Origin: http://evil.example\r\n")
            #expect(try await foreign.readToEnd().hasPrefix("HTTP/1.1 403"))
            let old = try await RawClient.connect(server)
            try await old.get("/v1/ws", more: Self.upgrade.replacing("Version: 13", with: "Version: 8"))
            #expect(try await old.readToEnd().hasPrefix("HTTP/1.1 400"))
            let plain = try await RawClient.connect(server)
            try await plain.get("/v1/ws")
            #expect(try await plain.read(until: "}}").hasPrefix("HTTP/1.1 426"))
            #expect(server.table.admission.inFlight.total == 0)
        }
    }

    @Test(
        "is closed for text that is not UTF-8, frames without mask and messages without end",
        arguments: [
            (Self.frame(1, [0xFF, 0xFE]), UInt16(1007)), (Self.frame(1, [65], masked: false), 1002),
            (Self.frame(0, [65]), 1002),
            (Self.frame(3, [65]), 1002),
        ] as [([UInt8], UInt16)])
    func protocolErrors(_ frame: [UInt8], _ code: UInt16) async throws {
        try await TestServer.run([]) { server in
            let client = try await Self.open(server)
            _ = try await client.read(until: "\r\n\r\n")
            try await client.send(frame)
            #expect(try await client.readBytes(4) == [0x88, 2, UInt8(code >> 8), UInt8(code & 255)])
            try await client.close()
        }
    }

    @Test("is told when the server goes and when rights are cut (ATT-9)")
    func ends() async throws {
        let rights = TestRevocation()
        try await TestServer.run([], change: { $0.revoked = { _ in await rights.wait() } }) { server in
            let cut = try await Self.open(server)
            _ = try await cut.read(until: "\r\n\r\n")
            rights.cut()
            #expect(try await cut.readBytes(4) == [0x88, 2, 0x03, 0xF0])
            try await cut.close()
        }
        try await TestServer.run([]) { server in
            let drained = try await Self.open(server)
            _ = try await drained.read(until: "\r\n\r\n")
            await server.drain()
            #expect(try await drained.readBytes(4) == [0x88, 2, 0x03, 0xE9])
            try await drained.send(Self.frame(8, [0x03, 0xE9]))
            #expect(try await drained.readToEnd().isEmpty)
        }
    }
}
