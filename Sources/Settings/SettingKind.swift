/// What may stand behind a key: its type and its range.
package enum SettingKind: Sendable, Equatable {
    case integer(ClosedRange<Int>)
    /// A whole number of bytes, or one with `KiB`, `MiB` or `GiB` behind it.
    case bytes(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
    /// A word or an address, without white space.
    case word
    /// A file or folder; `~/` is the home folder, a relative path starts at the working directory.
    case path
    /// A literal IPv4 or IPv6 address.
    case address
    /// One or more host names or literal addresses.
    case hostNames
    /// Where this process may connect to, in the words of `PolicyEntry`; none by default.
    case connections
    /// Origins of pages, `https://wiki.example`; none by default.
    case origins
    /// Folders, each as `path`; none by default.
    case paths
    /// One address or a network such as `10.0.0.0/8`.
    case network
    /// A reference to a secret, never the secret.
    case secret
    /// The word `sqlite`, or a reference to a `postgres://` URL, which holds a password.
    case database

    package var isSecret: Bool {
        switch self {
        case .secret, .database: true
        default: false
        }
    }

    /// Between the items of a list that is written as one text.
    var separator: Character {
        // The ranges of a connection stand behind commas themselves.
        self == .connections ? ";" : ","
    }

    /// Completes "must be ...", for messages and for the reference page.
    package var expectation: String {
        switch self {
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .bytes(let range):
            "a size from \(ByteSize.text(range.lowerBound)) to \(ByteSize.text(range.upperBound))"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .word: "a text of at most 500 characters without white space"
        case .path: "a path"
        case .address: "an IP address"
        case .hostNames: "a list of host names"
        case .connections: "a list of hosts, such as wiki.corp.example -> 10.0.0.0/8"
        case .origins: "a list of origins, such as https://wiki.example.org"
        case .paths: "a list of paths"
        case .network: "an IP address or a network such as 10.0.0.0/8"
        case .secret: "a reference file:/path or env:NAME"
        case .database: "sqlite, or a reference file:/path or env:NAME to a postgres:// URL"
        }
    }
}

/// A checked value.
package enum SettingValue: Sendable, Equatable {
    /// An optional setting without a value; for `storage.url` the word sqlite.
    case unset
    case integer(Int)
    case number(Double)
    case text(String)
    case list([String])
    case secret(SecretReference)
}
