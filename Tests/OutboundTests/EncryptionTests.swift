import Foundation
import Kit
import NIOSSL
import TestKit
import Testing

@testable import Outbound

@Suite(.timeLimit(.minutes(10))) struct EncryptionTests {
    /// A key pair that exists for this test run only.
    struct Identity: Sendable {
        let certificatePath: String
        let context: NIOSSLContext

        init(in folder: String, names: String) throws {
            certificatePath = folder + "/\(Hex.encode(Randomness.system.bytes(4))).pem"
            let keyPath = certificatePath + ".key"
            _ = ChildProcess.run(
                "/usr/bin/openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=wiki.test", "-addext", "subjectAltName=" + names, "-keyout", keyPath,
                    "-out", certificatePath,
                ])
            let chain = try NIOSSLCertificate.fromPEMFile(certificatePath).map {
                NIOSSLCertificateSource.certificate($0)
            }
            context = try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: chain, privateKey: .privateKey(NIOSSLPrivateKey(file: keyPath, format: .pem))))
        }
    }

    private static func fetch(
        _ host: String, from identity: Identity, trusting path: String?, steps: [ScriptedServer.Step] = [.send(okay)]
    ) async throws -> (failure: OutboundFailure?, status: Int?, requests: [String]) {
        try await ScriptedServer.run(tls: identity.context) { _ in
            steps
        } body: { server in
            let url = "https://\(host):\(server.port)/"
            let client = try TestWay().client(["\(host):\(server.port) -> 127.0.0.1"], authoritiesPath: path)
            do {
                return (nil, try await client.fetch(.get(url)).status, server.requests)
            } catch let failure as OutboundFailure {
                return (failure, nil, server.requests)
            }
        }
    }

    @Test func `a certificate of the operator's own authority is accepted for its name`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let identity = try Identity(in: folder, names: "DNS:wiki.test,IP:127.0.0.1")
            for host in ["wiki.test", "127.0.0.1"] {
                let outcome = try await Self.fetch(host, from: identity, trusting: identity.certificatePath)
                #expect(outcome.status == 200, "\(host) \(String(describing: outcome.failure))")
            }
        }
    }

    @Test func `a certificate for another name, or of nobody known is refused before a byte is sent`()
        async throws
    {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let good = try Identity(in: folder, names: "DNS:wiki.test")
            let other = try Identity(in: folder, names: "DNS:other.test,IP:127.0.0.2")
            let cases = [
                ("wiki.test", other, other.certificatePath), ("127.0.0.1", other, other.certificatePath),
                ("127.0.0.1", good, good.certificatePath), ("wiki.test", good, other.certificatePath),
                ("wiki.test", good, nil),
            ]
            for (index, (host, identity, path)) in cases.enumerated() {
                let outcome = try await Self.fetch(host, from: identity, trusting: path)
                guard case .untrusted(let origin) = outcome.failure else {
                    Issue.record("\(index): \(String(describing: outcome.failure))")
                    continue
                }
                #expect(origin.host.text == host)
                #expect(outcome.requests.isEmpty)
            }
        }
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "220 mail.test ready\r\n"])
    func `a server that speaks something else on an https port is refused`(greeting: String) async throws {
        try await ScriptedServer.run(greeting: [.send(greeting)]) { server in
            let client = try TestWay().client(["wiki.test:\(server.port) -> 127.0.0.1"])
            let request = try OutboundRequest.get("https://wiki.test:\(server.port)/")
            let thrown = try await failure { _ = try await client.fetch(request) }
            #expect(thrown == .untrusted(request.url.origin))
        }
    }

    /// Without the end of TLS nobody knows whether the end of the body was cut off by somebody on the way.
    @Test func `a body without length that ends without the end of TLS is incomplete`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let identity = try Identity(in: folder, names: "DNS:wiki.test")
            let head = "HTTP/1.1 200 OK\r\n\r\nabc"
            let whole = try await Self.fetch(
                "wiki.test", from: identity, trusting: identity.certificatePath, steps: [.send(head), .close])
            #expect(whole.status == 200)
            let cut = try await Self.fetch(
                "wiki.test", from: identity, trusting: identity.certificatePath, steps: [.send(head), .cut])
            guard case .connectionLost = cut.failure else {
                Issue.record("\(String(describing: cut))")
                return
            }
        }
    }

    @Test func `a file of authorities that cannot be read stops the client from being made`() async throws {
        let path = "/nonexistent/authorities.pem"
        #expect(throws: OutboundFailure.authoritiesUnreadable(path: path)) {
            try OutboundClient(policy: OutboundPolicy([]), authoritiesPath: path)
        }
        try await TestEnvironment.withTemporaryDirectory { folder in
            let empty = folder + "/empty.pem"
            try "no certificate".write(toFile: empty, atomically: true, encoding: .utf8)
            #expect(throws: OutboundFailure.authoritiesUnreadable(path: empty)) {
                try OutboundClient(policy: OutboundPolicy([]), authoritiesPath: empty)
            }
        }
    }
}
