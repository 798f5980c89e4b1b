import Kit
import Outbound

/// The command line of OpenSSH's ssh for one conversation. Nothing of it is read from a file of settings, and no part
/// that somebody typed stands where it could be an option, a name to resolve or a command here.
struct SSHCommand {
    let program: String
    let address: SSHAddress
    /// Checked; ssh resolves nothing.
    let destination: NetworkAddress
    let hostKeys: [SSHPublicKey]
    let connectSeconds: Int
    /// Files with the declared host keys and the private key.
    let hostKeysPath: String
    let keyPath: String

    /// The one host that the file of host keys names.
    static let alias = "source"

    static func knownHosts(_ keys: [SSHPublicKey]) -> [UInt8] {
        Array(keys.map { "\(alias) \($0.text)\n" }.joined().utf8)
    }

    var words: [String] {
        [program, "-F", "none", "-T", "-a", "-x", "-p", "\(address.origin.port)", "-l", address.user]
            + options.flatMap { ["-o", "\($0)=\($1)"] } + ["--", Self.alias, farCommand]
    }

    /// ssh_config(5). What a default already says is said again where another one would be dangerous.
    private var options: [(String, String)] {
        [
            ("HostName", "\(destination)"), ("HostKeyAlias", Self.alias), ("CanonicalizeHostname", "no"),
            ("ConnectTimeout", "\(connectSeconds)"), ("ConnectionAttempts", "1"),
            ("ServerAliveInterval", "15"), ("ServerAliveCountMax", "4"), ("TCPKeepAlive", "yes"),
            ("StrictHostKeyChecking", "yes"), ("UserKnownHostsFile", hostKeysPath), ("GlobalKnownHostsFile", "none"),
            ("HostKeyAlgorithms", hostKeys.flatMap(\.algorithms).joined(separator: ",")),
            ("UpdateHostKeys", "no"), ("CheckHostIP", "no"), ("VerifyHostKeyDNS", "no"), ("KnownHostsCommand", "none"),
            ("BatchMode", "yes"), ("PreferredAuthentications", "publickey"), ("PubkeyAuthentication", "yes"),
            ("PasswordAuthentication", "no"), ("KbdInteractiveAuthentication", "no"),
            ("HostbasedAuthentication", "no"), ("GSSAPIAuthentication", "no"),
            ("IdentityFile", keyPath), ("IdentitiesOnly", "yes"), ("IdentityAgent", "none"),
            ("PKCS11Provider", "none"), ("AddKeysToAgent", "no"),
            ("ForwardAgent", "no"), ("ForwardX11", "no"), ("ClearAllForwardings", "yes"), ("Tunnel", "no"),
            ("PermitLocalCommand", "no"), ("ProxyCommand", "none"), ("ProxyJump", "none"),
            ("ControlMaster", "no"), ("ControlPath", "none"), ("RequestTTY", "no"), ("EscapeChar", "none"),
            ("LogLevel", "INFO"), ("SetEnv", "GIT_PROTOCOL=version=2"),
        ]
    }

    /// For the far shell. Servers that take no shell read this one form, which is Git's own (quote.c, `sq_quote_buf`).
    private var farCommand: String {
        var quoted = ""
        for scalar in address.path.unicodeScalars {
            if scalar == "'" || scalar == "!" {
                quoted += "'\\\(scalar)'"
            } else {
                quoted.unicodeScalars.append(scalar)
            }
        }
        return "git-upload-pack '\(quoted)'"
    }
}
