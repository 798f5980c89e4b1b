import Foundation
import Kit
import TestKit

@testable import Connectors
@testable import TestConnectors

/// The WebDAV module of Apache on a loopback port, over files in a temporary folder, for user `archive`.
struct ApacheWorld: SourceWorld {
    static let program = "/usr/sbin/apache2"
    static let password = "correct horse"

    let folder: String
    let port: Int

    struct NotStarted: Error { let log: String }

    static func run<Result>(_ body: (ApacheWorld) async throws -> Result) async throws -> Result {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let world = try start(in: folder)
            defer { _ = ChildProcess.run(program, ["-f", folder + "/conf", "-k", "stop"]) }
            return try await body(world)
        }
    }

    /// It has its port by the time at which the command that starts it returns; a port that somebody else took in
    /// between is tried again.
    private static func start(in folder: String) throws -> ApacheWorld {
        let files = FileManager.default
        try files.createDirectory(atPath: folder + "/files/root #1", withIntermediateDirectories: true)
        try files.createDirectory(atPath: folder + "/locks", withIntermediateDirectories: true)
        let hash = ChildProcess.run("/usr/bin/openssl", ["passwd", "-apr1", password])?.output ?? []
        try (Data("archive:".utf8) + Data(hash)).write(to: URL(filePath: folder + "/users"))
        for _ in 0..<5 {
            let world = ApacheWorld(folder: folder, port: try FreePort.next())
            try Data(world.configuration.utf8).write(to: URL(filePath: folder + "/conf"))
            if ChildProcess.run(program, ["-f", folder + "/conf", "-k", "start"])?.code == 0 { return world }
        }
        throw NotStarted(log: (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "no apache2")
    }

    private var configuration: String {
        let modules = ["mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "mime"]
        let loads = (modules + ["dav", "dav_fs"]).map {
            "LoadModule \($0)_module /usr/lib/apache2/modules/mod_\($0).so"
        }
        // Root would serve as root, which Apache refuses.
        let user = getuid() == 0 ? "User www-data\nGroup www-data" : ""
        return """
            ServerRoot \(folder)
            ServerName localhost
            \(loads.joined(separator: "\n"))
            Listen 127.0.0.1:\(port)
            PidFile \(folder)/pid
            ErrorLog \(folder)/log
            \(user)
            TypesConfig /dev/null
            AddType text/plain .txt
            DavLockDB \(folder)/locks/db
            DocumentRoot \(folder)/files
            StartServers 1
            <Directory \(folder)/files>
            Dav On
            AuthType Basic
            AuthName archive
            AuthBasicProvider file
            AuthUserFile \(folder)/users
            Require valid-user
            </Directory>
            """
    }

    func put(_ name: String, _ bytes: [UInt8]) throws {
        let url = URL(filePath: folder + "/files/root #1").appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: folder + "/files/root #1/" + name) }
    func key(_ name: String) -> ExactText { ExactText(name) }

    var settings: WebDAVSettings {
        var settings = WebDAVSettings(address: "http://127.0.0.1:\(port)/root%20%231")
        settings.credentials = .basic(user: "archive", password: Secret(Self.password))
        settings.permissions = .only([.group("staff")])
        return settings
    }

    func connector(pageItemsMax: Int) throws -> any Connector {
        var settings = settings
        settings.limits.pageItemsMax = pageItemsMax
        return try connector(settings)
    }

    func otherConnector() throws -> any Connector {
        var settings = settings
        settings.include = ["*.none"]
        return try connector(settings)
    }

    func connector(_ settings: WebDAVSettings) throws -> WebDAVConnector {
        try WebDAVConnector(settings, client: try TestClient.make(["http://127.0.0.1:\(port)"]))
    }
}
