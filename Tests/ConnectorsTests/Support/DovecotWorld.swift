import Foundation
import Kit
import Synchronization
import TestKit

@testable import Connectors
@testable import Outbound
@testable import TestConnectors

/// A Dovecot on loopback ports with one mailbox in a temporary folder, for any user with the password. Its messages are
/// files (Maildir), which is also how a test puts and removes them.
final class DovecotWorld: SourceWorld {
    static let program = "/usr/sbin/dovecot"
    static let password = "correct \"horse\\ ümlaut"

    let folder: String
    let ports: (imap: Int, imaps: Int)
    private struct Names {
        /// The file of each message, by the name that the test gave it.
        var files: [ExactText: String] = [:]
        var keys: [ExactText: ExactText] = [:]
        var count = 0
    }

    private let names = Mutex(Names())
    /// Of a server that says whose an access token is.
    private let tokenPort: Int?

    struct NotStarted: Error { let log: String }

    static func run<Result>(
        tokenPort: Int? = nil, _ body: (DovecotWorld) async throws -> Result
    ) async throws -> Result {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let world = try start(in: folder, tokenPort)
            defer { world.stop() }
            return try await body(world)
        }
    }

    private init(_ folder: String, _ ports: (Int, Int), _ tokenPort: Int?) {
        self.folder = folder
        self.tokenPort = tokenPort
        self.ports = ports
    }

    /// It has its ports by the time at which the command that starts it returns.
    private static func start(in folder: String, _ tokenPort: Int?) throws -> DovecotWorld {
        for part in ["run", "home/Maildir/cur", "home/Maildir/new", "home/Maildir/tmp"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(part)", withIntermediateDirectories: true)
        }
        _ = ChildProcess.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=mail.test", "-addext", "subjectAltName=DNS:mail.test", "-keyout", folder + "/key.pem",
                "-out", folder + "/certificate.pem",
            ])
        try Data("archive:\(password)::::::\n".utf8).write(to: URL(filePath: folder + "/users"))
        for _ in 0..<5 {
            let world = DovecotWorld(folder, (try FreePort.next(), try FreePort.next()), tokenPort)
            try Data(world.configuration.utf8).write(to: URL(filePath: folder + "/conf"))
            try Data(world.tokenConfiguration.utf8).write(to: URL(filePath: folder + "/tokens"))
            world.hand()
            if ChildProcess.run(program, ["-c", folder + "/conf"])?.code == 0 { return world }
        }
        throw NotStarted(log: (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "no dovecot")
    }

    /// Its own command would wait for seconds until every process has gone.
    private func stop() {
        let text = (try? String(contentsOfFile: folder + "/run/master.pid", encoding: .utf8)) ?? ""
        if let master = pid_t(text.filter(\.isNumber)) { kill(master, SIGTERM) }
    }

    /// Root would read mail as root, which Dovecot refuses.
    private static let isRoot = getuid() == 0
    private static let user = isRoot ? "nobody" : NSUserName()
    private static let group =
        isRoot ? "nogroup" : getgrgid(getgid()).flatMap { String(validatingCString: $0.pointee.gr_name) } ?? "users"

    func hand() {
        guard Self.isRoot else { return }
        _ = ChildProcess.run("/bin/chown", ["-R", "nobody:nogroup", folder + "/home"])
    }

    private var configuration: String {
        """
        base_dir = \(folder)/run
        state_dir = \(folder)/run
        log_path = \(folder)/log
        protocols = imap
        listen = 127.0.0.1
        default_internal_user = \(Self.user)
        default_internal_group = \(Self.group)
        default_login_user = \(Self.user)
        default_client_limit = 200
        ssl = yes
        ssl_cert = <\(folder)/certificate.pem
        ssl_key = <\(folder)/key.pem
        disable_plaintext_auth = no
        auth_cache_size = 0
        mail_max_userip_connections = 100
        passdb {
          driver = passwd-file
          args = scheme=PLAIN \(folder)/users
        }
        \(tokenPort == nil ? "" : Self.tokenUsers(folder))
        userdb {
          driver = static
          args = uid=\(Self.user) gid=\(Self.group) home=\(folder)/home
        }
        mail_location = maildir:\(folder)/home/Maildir
        namespace inbox {
          inbox = yes
          separator = /
        }
        first_valid_uid = 1
        service imap-login {
          chroot =
          inet_listener imap {
            port = \(ports.imap)
          }
          inet_listener imaps {
            port = \(ports.imaps)
          }
        }
        service anvil {
          chroot =
        }
        """
    }

    private static func tokenUsers(_ folder: String) -> String {
        """
        auth_mechanisms = plain oauthbearer xoauth2
        passdb {
          driver = oauth2
          mechanisms = oauthbearer xoauth2
          args = \(folder)/tokens
        }
        """
    }

    private var tokenConfiguration: String {
        """
        tokeninfo_url = http://127.0.0.1:\(tokenPort ?? 0)/tokeninfo?access_token=
        introspection_url = http://127.0.0.1:\(tokenPort ?? 0)/tokeninfo
        introspection_mode = auth
        username_attribute = email
        """
    }

    /// A message in a folder of the mailbox, named in Maildir's way: `Archive/2026` is `.Archive.2026`.
    func deliver(_ text: String, to mailbox: String = "", as name: String) throws {
        let root = root(mailbox)
        for part in ["cur", "new", "tmp"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(part)", withIntermediateDirectories: true)
        }
        try Data(text.utf8).write(to: URL(filePath: "\(root)/cur/\(name):2,"))
        hand()
    }

    func remove(file: String, from mailbox: String = "") throws {
        let folder = root(mailbox) + "/cur"
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasPrefix(file + ":") {
            try FileManager.default.removeItem(atPath: folder + "/" + name)
        }
    }

    var keepsKeys: Bool { false }

    /// A message does not change: another one takes its place.
    func put(_ name: String, _ bytes: [UInt8]) throws {
        if names.withLock({ $0.files[ExactText(name)] }) != nil { try remove(name) }
        let file = names.withLock { names in
            names.count += 1
            names.files[ExactText(name)] = "m\(names.count)"
            names.keys[ExactText(name)] = nil
            return "m\(names.count)"
        }
        try deliver(String(decoding: bytes, as: UTF8.self), as: file)
    }

    func remove(_ name: String) throws {
        _ = key(name)
        guard let file = names.withLock({ $0.files[ExactText(name)] }) else { return }
        try remove(file: file)
    }

    /// As Dovecot numbered it when it saw the message first.
    func key(_ name: String) -> ExactText {
        names.withLock { names in
            if let key = names.keys[ExactText(name)] { return key }
            guard let file = names.files[ExactText(name)], let key = number(of: file) else { return "none" }
            names.keys[ExactText(name)] = key
            return key
        }
    }

    /// Maildir's list of numbers: a line `3 V<validity> ...`, then `<number> ... :<file>`.
    private func number(of file: String) -> ExactText? {
        let list = (try? String(contentsOfFile: root("") + "/dovecot-uidlist", encoding: .utf8)) ?? ""
        let lines = list.split(separator: "\n")
        let validity = lines.first?.split(separator: " ").first { $0.hasPrefix("V") }?.dropFirst()
        let line = lines.dropFirst().first { $0.hasSuffix(":" + file) || $0.contains(":\(file):") }
        guard let validity, let number = line?.split(separator: " ").first else { return nil }
        return ExactText("INBOX/\(validity)/\(number)")
    }

    private func root(_ mailbox: String) -> String {
        folder + "/home/Maildir" + (mailbox.isEmpty ? "" : "/." + mailbox.replacing("/", with: "."))
    }

    var settings: MailSettings {
        var settings = MailSettings(host: "mail.test", user: "archive", password: Secret(Self.password))
        settings.port = ports.imaps
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
        settings.exclude = ["Trash"]
        return try connector(settings)
    }

    func connector(_ settings: MailSettings, clock: WallClock = .system) throws -> MailConnector {
        let entries = [
            "imaps://mail.test:\(ports.imaps) -> 127.0.0.1", "imap://mail.test:\(ports.imap) -> 127.0.0.1",
            "imap://127.0.0.1:\(ports.imap)",
        ]
        return try MailConnector(
            settings,
            client: try TestClient.make(
                entries + (tokenPort.map { ["http://127.0.0.1:\($0)"] } ?? []),
                authoritiesPath: folder + "/certificate.pem"), clock: clock)
    }
}
