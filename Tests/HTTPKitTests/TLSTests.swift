import AsyncHTTPClient
import Foundation
import HTTPTypes
import Kit
import NIOCore
import NIOHTTP1
import NIOSSL
import TestKit
import Testing

@testable import HTTPKit

@Suite("Under TLS", .timeLimit(.minutes(10)))
struct TLSTests {
    /// A key pair that exists for this test run only.
    private static func certificate(in folder: String) throws -> HTTPSettings.TLS {
        let (key, chain) = (folder + "/key.pem", folder + "/chain.pem")
        _ = ChildProcess.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", chain,
            ])
        return HTTPSettings.TLS(
            certificateChainPath: chain, privateKey: Secret(try String(contentsOfFile: key, encoding: .utf8)))
    }

    private static let events = Route(.get, "/events", .authenticated, "") { _ in
        .events(
            AsyncThrowingStream { continuation in
                for id in 1...3 { continuation.yield(ServerEvent(id: "\(id)", name: "a", data: "{}")) }
                continuation.finish()
            })
    }

    private static let upload = Route(.post, "/upload", .authenticated, "", bodyBytesMax: 1 << 20) { exchange in
        Reply(body: .bytes(Array("got \(exchange.body.count)".utf8)))
    }

    private static func client(_ version: HTTPClient.Configuration.HTTPVersion, trusting tls: HTTPSettings.TLS) throws
        -> HTTPClient
    {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = version
        var trust = TLSConfiguration.makeClientConfiguration()
        trust.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(tls.certificateChainPath))
        configuration.tlsConfiguration = trust
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    @Test(
        "ALPN chooses HTTP/2 or HTTP/1.1, and both serve the same",
        arguments: [
            HTTPClient.Configuration.HTTPVersion.automatic, .http1Only,
        ])
    func versions(_ version: HTTPClient.Configuration.HTTPVersion) async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            var settings = HTTPSettings.unlimited
            let tls = try Self.certificate(in: folder)
            settings.tls = tls
            try await TestServer.run([Self.events, Self.upload], settings: settings) { server in
                let client = try Self.client(version, trusting: tls)
                try await Self.exercise(client, port: server.port, isHTTP2: version == .automatic)
                try await client.shutdown()
            }
        }
    }

    private static func exercise(_ client: HTTPClient, port: Int, isHTTP2: Bool) async throws {
        func request(_ path: String, token: String = "good", upload: Int? = nil) async throws -> (
            HTTPClientResponse, String
        ) {
            var request = HTTPClientRequest(url: "https://localhost:\(port)\(path)")
            request.headers.add(name: "authorization", value: "Bearer \(token)")
            if let upload {
                request.method = .POST
                request.body = .bytes(ByteBuffer(repeating: 65, count: upload))
            }
            let response = try await client.execute(request, timeout: .seconds(120))
            return (response, String(buffer: try await response.body.collect(upTo: 1 << 20)))
        }
        for _ in 0..<3 {
            let (ping, pong) = try await request("/v1/ping")
            #expect(pong == "{\"pong\":true}")
            #expect(ping.version == (isHTTP2 ? .http2 : .http1_1))
            #expect(ping.headers.first(name: "strict-transport-security") != nil)
            let (_, events) = try await request("/events")
            #expect(events.contains("id: 1\n") && events.contains("id: 3\n"))
        }
        #expect(try await request("/upload", upload: 300_000).1 == "got 300000")
        #expect(try await request("/upload", upload: (1 << 20) + 1).0.status == .payloadTooLarge)
        #expect(try await request("/v1/ping", token: "wrong").0.status == .unauthorized)
        #expect(try await request("/nowhere").0.status == .notFound)
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<40 { group.addTask { try await request("/v1/ping").1 } }
            for try await answer in group { #expect(answer == "{\"pong\":true}") }
        }
    }

    @Test("a stream that is open when the server drains is finished, on HTTP/2 too")
    func drain() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let buffer = ReplayBuffer()
            let live = Route(.get, "/live", .authenticated, "") { _ in .events(try buffer.events(after: nil)) }
            var settings = HTTPSettings.unlimited
            let tls = try Self.certificate(in: folder)
            settings.tls = tls
            try await TestServer.run([live], settings: settings) { server in
                let client = try Self.client(.automatic, trusting: tls)
                var request = HTTPClientRequest(url: "https://localhost:\(server.port)/live")
                request.headers.add(name: "authorization", value: "Bearer good")
                let response = try await client.execute(request, timeout: .seconds(120))
                buffer.append(ServerEvent(id: "1", name: "a", data: "{}"))
                var body = response.body.makeAsyncIterator()
                #expect(try await body.next().map { String(buffer: $0) }?.contains("id: 1") == true)
                await server.drain()
                buffer.append(ServerEvent(id: "2", name: "a", data: "{}"))
                #expect(try await body.next().map { String(buffer: $0) }?.contains("id: 2") == true)
                buffer.finish()
                // On a slow machine a heartbeat comes before the end.
                while let piece = try await body.next() { #expect(String(buffer: piece).hasPrefix(":")) }
                try await client.shutdown()
            }
        }
    }

    @Test("a certificate that cannot be used is named, and nothing listens")
    func unusable() async throws {
        var settings = HTTPSettings()
        settings.tls = HTTPSettings.TLS(
            certificateChainPath: "/nonexistent/chain.pem", privateKey: Secret("no key"))
        await #expect(throws: HTTPServiceFailure.self) { try await TestServer.run([], settings: settings) { _ in } }
    }
}
