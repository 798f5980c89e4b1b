import Foundation
import Kit
import Outbound
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

/// Against a real `sshd`, whose account may run `git-upload-pack` and nothing else.
@Suite(.timeLimit(.minutes(10))) struct GitSSHTests {
    private static func meets(_ world: GitSSHWorld, _ change: (inout GitSettings) throws -> Void) async throws
        -> SourceFailure?
    {
        let connector = try world.connector(change)
        return try await thrown { _ = try await sweep(connector) }
    }

    private static func steps(_ report: ConnectionReport) -> [ConnectionReport.Step.Kind] { report.steps.map(\.kind) }

    @Test func `files come with their content, and a new commit, a rename and another history are seen`() async throws {
        try await GitSSHWorld.run { world in
            try world.repository.commit([.file("README.md", "hello"), .file("docs/a.md", "a")])
            let connector = try world.connector()
            let first = try await sweep(connector)
            #expect(first.items.keys.sorted() == ["README.md", "docs/a.md"])
            let item = try #require(first.items["README.md"])
            #expect(try await connector.content(of: item, bytesMax: 99).bytes == Array("hello".utf8))
            let same = try await connector.changes(since: first.next, known: .none)
            #expect(same.changes.isEmpty && !same.isListing)
            try world.repository.commit([.rename("docs/a.md", "docs/b.md")])
            let second = try await sweep(connector, since: first.next)
            #expect(second.items.keys.sorted() == ["README.md", "docs/b.md"])
            try world.repository.commit([.file("z", "new")], isFresh: true)
            #expect(try await sweep(connector, since: second.next).items.keys.sorted() == ["z"])
        }
    }

    @Test func `a test goes step by step, by a name that leads to the server as well`() async throws {
        try await GitSSHWorld.run { world in
            try world.repository.commit([.file("a", "1")])
            let connector = try world.server.connector(
                try world.server.settings(world.repository.path, host: "git.test"))
            let report = await connector.test()
            #expect(report.isGood, "\(report)")
            #expect(Self.steps(report) == [.name, .connection, .certificate, .credentials, .listing, .items])
        }
    }

    @Test func `another host key ends it before anything is sent, and the test names the key that was met`()
        async throws
    {
        try await GitSSHWorld.run { world in
            let met = try SSHPublicKey(line: try SSHServer.publicKey("host", in: world.server.folder)).fingerprint
            let connector = try world.connector {
                $0.ssh.hostKeys = [try SSHServer.publicKey("other", in: world.server.folder)]
            }
            let report = await connector.test()
            #expect(Self.steps(report) == [.name, .connection, .certificate])
            #expect(report.steps.last?.sentence.contains(met) == true, "\(report)")
            guard case .misconfigured? = try await thrown(by: { _ = try await sweep(connector) }) else {
                Issue.record("the listing went on")
                return
            }
            try SSHServer.key("rsa", in: world.server.folder, ["-t", "rsa", "-b", "2048", "-N", ""])
            let kind = try await Self.meets(world) {
                $0.ssh.hostKeys = [try SSHServer.publicKey("rsa", in: world.server.folder)]
            }
            #expect(kind?.sentence.contains("kind") == true, "\(kind as Any)")
        }
    }

    @Test func `one of several declared host keys suffices, and one key may be of RSA`() async throws {
        try await GitSSHWorld.run { world in
            try world.repository.commit([.file("a", "1")])
            let folder = world.server.folder
            try SSHServer.key("rsa", in: folder, ["-t", "rsa", "-b", "2048", "-N", ""])
            let connector = try world.connector {
                $0.ssh.hostKeys = try ["rsa", "other", "host"].map { try SSHServer.publicKey($0, in: folder) }
            }
            #expect(try await sweep(connector).items.count == 1)
        }
    }

    @Test func `a key that the server does not know, and one with a passphrase`() async throws {
        try await GitSSHWorld.run { world in
            let folder = world.server.folder
            let unknown = try world.connector { $0.ssh.privateKey = try SSHServer.privateKey("other", in: folder) }
            let report = await unknown.test()
            #expect(Self.steps(report) == [.name, .connection, .certificate, .credentials])
            guard case .unauthorised? = try await thrown(by: { _ = try await sweep(unknown) }) else {
                Issue.record("a foreign key was accepted")
                return
            }
            try SSHServer.key("locked", in: folder, ["-t", "ed25519", "-N", "secret words"])
            let locked = try await thrown {
                _ = try world.connector { $0.ssh.privateKey = try SSHServer.privateKey("locked", in: folder) }
            }
            #expect(locked?.sentence.contains("passphrase") == true)
        }
    }

    @Test func `a server that passes on no version says what its administrator must set`() async throws {
        try await GitSSHWorld.run(acceptsVersion: false) { world in
            try world.repository.commit([.file("a", "1")])
            let failure = try await Self.meets(world) { _ in }
            #expect(failure?.sentence.contains("AcceptEnv GIT_PROTOCOL") == true, "\(failure as Any)")
        }
    }

    @Test func `a path with anything in it names that folder and is no command`() async throws {
        let name = "o'clock! $(touch hit) `touch hit` \"; touch hit; -x ümlaut.git"
        try await GitSSHWorld.run(named: name) { world in
            try world.repository.commit([.file("a", "1")])
            let user = NSUserName()
            let encoded = world.repository.path.utf8.map { byte in
                "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            for path in [world.repository.path, "/" + encoded.dropFirst().joined()] {
                let connector = try world.connector { $0.url = "ssh://\(user)@127.0.0.1:\(world.server.port)\(path)" }
                #expect(try await sweep(connector).items.count == 1)
            }
            let gone = try await Self.meets(world) { $0.url += "/gone" }
            #expect(gone?.sentence.contains("no repository") == true, "\(gone as Any)")
            let shell = "/bin/sh -c \"$SSH_ORIGINAL_COMMAND\""
            try await TestEnvironment.withTemporaryDirectory { folder in
                try await SSHServer.run(in: folder, command: shell) { server in
                    let connector = try server.connector(try server.settings(world.repository.path))
                    #expect(try await sweep(connector).items.count == 1)
                }
            }
        }
    }

    @Test(arguments: [
        ("exec sleep 100000", "too long"), ("trap '' TERM HUP; while :; do read x; sleep 1000; done", "too long"),
        ("yes >&2", "too long"), ("yes", "form"), ("exit 3", "with an error"), ("exit 0", "too early"),
        ("exit 127", "git-upload-pack"), ("exit 1", "no repository"), ("kill -9 $$", "closed the connection"),
        ("printf '000eversion 2\\n'; sleep 100000", "too long"),
        ("printf 001eERR; printf ' %s' secret words and; echo x", "too early"),
        ("printf '000eversion 2\\n'; while :; do printf 0008abcd; done", "form"),
    ]) func `a server that answers with anything else ends in a sentence`(command: String, part: String) async throws {
        try await GitSSHWorld.run(command: command) { world in
            let failure = try await Self.meets(world) {
                guard part == "too long" else { return }
                $0.ssh.limits.firstByte = .seconds(2)
                $0.ssh.limits.idle = .seconds(1)
            }
            let sentence = try #require(failure?.sentence)
            #expect(sentence.contains(part), "\(command): \(sentence)")
            #expect(!sentence.contains("secret"))
        }
    }

    @Test func `an answer that never ends is cut`() async throws {
        let command =
            "printf '000eversion 2\\n000cls-refs\\n0013fetch=shallow\\n0000'; while :; do printf 0008abcd; done"
        try await GitSSHWorld.run(command: command) { world in
            let failure = try await Self.meets(world) { $0.ssh.limits.total = .seconds(3) }
            #expect(failure != nil)
        }
    }

    @Test func `nobody there, nobody who speaks SSH, and a place that is not allowed`() async throws {
        try await GitSSHWorld.run { world in
            let user = NSUserName()
            let closed = try FreePort.next()
            func failure(
                at port: Int, allowing entries: [String], within seconds: Int = 60
            ) async throws -> SourceFailure? {
                var settings = try world.settings()
                settings.url = "ssh://\(user)@127.0.0.1:\(port)/x"
                settings.ssh.limits.connectSeconds = seconds
                let connector = try GitConnector(settings, client: try TestClient.make(entries))
                return try await thrown { _ = try await sweep(connector) }
            }
            let refused = try await failure(at: closed, allowing: ["ssh://127.0.0.1:\(closed)"])
            #expect(refused?.sentence.contains("Nobody answers") == true, "\(refused as Any)")
            let denied = try await failure(at: world.server.port, allowing: [])
            #expect(denied?.sentence.contains("outbound.hosts") == true, "\(denied as Any)")
            let web = try await failure(at: world.server.port, allowing: ["tcp://127.0.0.1:\(world.server.port)"])
            #expect(web?.sentence.contains("outbound.hosts") == true)
            try await FakeMailServer.run(greeting: []) { _ in
                []
            } body: { silent in
                let failure = try await failure(
                    at: silent.port, allowing: ["ssh://127.0.0.1:\(silent.port)"], within: 1)
                #expect(failure?.sentence.contains("too long") == true, "\(failure as Any)")
            }
        }
    }

    @Test func `without the program a sentence says what to install`() async throws {
        try await GitSSHWorld.run { world in
            let connector = try world.connector { $0.ssh.program = "/nonexistent/ssh" }
            let report = await connector.test()
            #expect(report.steps.last?.kind == .settings)
            #expect(report.steps.last?.sentence.contains("openssh-client") == true)
        }
    }

    @Test func `who is cancelled does not wait for the server`() async throws {
        try await GitSSHWorld.run(command: "touch \"$HOME\"/none 2>/dev/null; exec sleep 100000") { world in
            let connector = try world.connector()
            let task = Task { try await connector.changes(since: nil, known: .none) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test func `no failure, report or description shows the key`() async throws {
        try await GitSSHWorld.run { world in
            let settings = try world.settings()
            let key = try #require(settings.ssh.privateKey?.reveal().split(separator: "\n").dropFirst(3).first)
            let connector = try world.server.connector(settings)
            let report = await connector.test()
            #expect(!"\(report)\(connector)\(settings)".contains(key))
        }
    }
}
