import Foundation
import Kit
import Synchronization
import TestKit

@testable import Connectors
@testable import TestConnectors

/// OpenSSH's sshd on a loopback port, for the user who runs the tests, with keys of its own and one command that it
/// runs whatever it is asked for.
final class SSHServer: Sendable {
    static let program = "/usr/sbin/sshd"
    /// Of Git: it runs what a client of Git asks for, and nothing else.
    static let gitShell = #"/usr/bin/git-shell -c "$SSH_ORIGINAL_COMMAND""#

    let folder: String
    let port: Int
    private let process: ChildProcess

    struct NotStarted: Error {}

    /// - Parameter acceptsVersion: whether it passes on which version of Git's protocol is wanted.
    static func run<Result>(
        in folder: String, command: String = gitShell, acceptsVersion: Bool = true,
        _ body: (SSHServer) async throws -> Result
    ) async throws -> Result {
        if getuid() == 0 { mkdir("/run/sshd", 0o755) }
        for name in ["host", "user", "other"] { try key(name, in: folder) }
        let keys =
            "restrict,command=\"\(command.replacing("\"", with: "\\\""))\" " + (try publicKey("user", in: folder))
        try Data(keys.utf8).write(to: URL(filePath: folder + "/authorized"))
        for _ in 0..<5 {
            let port = try FreePort.next()
            let text = configuration(folder, port, acceptsVersion)
            try Data(text.utf8).write(to: URL(filePath: folder + "/sshd_config"))
            guard let server = try SSHServer(folder, port) else { continue }
            defer { server.process.send(SIGKILL) }
            return try await body(server)
        }
        throw NotStarted()
    }

    /// Nil when it has ended instead of listening: somebody took the port.
    private init?(_ folder: String, _ port: Int) throws {
        (self.folder, self.port) = (folder, port)
        let errors = Pipe()
        process = try ChildProcess(
            Self.program, ["-D", "-e", "-f", folder + "/sshd_config"],
            errors: errors.fileHandleForWriting.fileDescriptor)
        try errors.fileHandleForWriting.close()
        let reading = errors.fileHandleForReading
        var said = ""
        while !said.contains("Server listening on") {
            let more = reading.availableData
            guard !more.isEmpty else { return nil }
            said += String(decoding: more, as: UTF8.self)
        }
        // It goes on complaining and must not wait for a reader.
        Thread.detachNewThread { while !reading.availableData.isEmpty {} }
    }

    private static func configuration(_ folder: String, _ port: Int, _ acceptsVersion: Bool) -> String {
        """
        ListenAddress 127.0.0.1:\(port)
        HostKey \(folder)/host
        AuthorizedKeysFile \(folder)/authorized
        PidFile none
        StrictModes no
        UsePAM no
        PermitRootLogin prohibit-password
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        \(acceptsVersion ? "AcceptEnv GIT_PROTOCOL" : "")
        """
    }

    static func key(_ name: String, in folder: String, _ options: [String] = ["-t", "ed25519", "-N", ""]) throws {
        let ended = ChildProcess.run("/usr/bin/ssh-keygen", ["-q", "-f", "\(folder)/\(name)"] + options)
        guard ended?.code == 0 else { throw NotStarted() }
    }

    static func publicKey(_ name: String, in folder: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name).pub", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    static func privateKey(_ name: String, in folder: String) throws -> Secret {
        Secret(try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8))
    }

    var origin: String { "ssh://127.0.0.1:\(port)" }

    func settings(_ path: String, host: String = "127.0.0.1") throws -> GitSettings {
        var settings = GitSettings(
            url: "ssh://\(NSUserName())@\(host):\(port)\(path)", permissions: .everyone)
        settings.ssh.hostKeys = ["127.0.0.1 " + (try Self.publicKey("host", in: folder))]
        settings.ssh.privateKey = try Self.privateKey("user", in: folder)
        return settings
    }

    func connector(_ settings: GitSettings) throws -> GitConnector {
        let entries = [origin, "ssh://git.test:\(port) -> 127.0.0.1"]
        return try GitConnector(settings, client: try TestClient.make(entries))
    }
}

/// A repository behind it.
struct GitSSHWorld: SourceWorld {
    let repository: GitWorld
    let server: SSHServer

    static func run<Result>(
        command: String = SSHServer.gitShell, acceptsVersion: Bool = true, named name: String = "repo.git",
        _ body: (GitSSHWorld) async throws -> Result
    ) async throws -> Result {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let repository = try GitWorld(in: folder, named: name)
            return try await SSHServer.run(in: folder, command: command, acceptsVersion: acceptsVersion) { server in
                try await body(GitSSHWorld(repository: repository, server: server))
            }
        }
    }

    func put(_ name: String, _ bytes: [UInt8]) throws { try repository.put(name, bytes) }
    func remove(_ name: String) throws { try repository.remove(name) }
    func key(_ name: String) -> ExactText { repository.key(name) }

    func settings() throws -> GitSettings { try server.settings(repository.path) }

    func connector(pageItemsMax: Int) throws -> any Connector {
        var settings = try settings()
        settings.limits.pageItemsMax = pageItemsMax
        return try server.connector(settings)
    }

    func otherConnector() throws -> any Connector {
        var settings = try settings()
        settings.include = ["*.none"]
        return try server.connector(settings)
    }

    func connector(_ change: (inout GitSettings) throws -> Void = { _ in }) throws -> GitConnector {
        var settings = try settings()
        try change(&settings)
        return try server.connector(settings)
    }
}
