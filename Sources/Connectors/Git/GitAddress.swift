import Outbound

/// Where a repository is.
enum GitAddress: Hashable, Sendable {
    case web(OutboundURL)
    case ssh(SSHAddress)

    /// Throws `.misconfigured`.
    init(_ text: String) throws(SourceFailure) {
        if let address = try SSHAddress(text) {
            self = .ssh(address)
        } else {
            self = .web(try Self.web(text))
        }
    }

    /// One repository has one text.
    var text: String {
        switch self {
        case .web(let url): url.text
        case .ssh(let address): "ssh://\(address.user)@\(address.origin.authority) \(address.path)"
        }
    }

    /// Without a slash at the end.
    private static func web(_ text: String) throws(SourceFailure) -> OutboundURL {
        do throws(URLFault) {
            let url = try OutboundURL(text)
            guard url.query == nil else { throw URLFault.forbiddenCharacter }
            guard url.path.hasSuffix("/"), url.path != "/" else { return url }
            return try OutboundURL("\(url.origin)\(url.path.dropLast())")
        } catch {
            throw .misconfigured("The address is that of a repository, without a query. \(error.sentence)")
        }
    }
}

/// A repository at an SSH server: `ssh://user@host:port/path` or `user@host:path` (git-clone, "Git URLs").
struct SSHAddress: Hashable, Sendable {
    let user: String
    let origin: OutboundOrigin
    /// As the server's `git-upload-pack` gets it: absolute, relative to the account's folder, or `~name/...`.
    let path: String

    private static let scheme = "ssh://"
    private static let pathBytesMax = 1024
    private static let userBytesMax = 64

    /// Nil for what has neither form. Throws `.misconfigured`.
    init?(_ text: String) throws(SourceFailure) {
        guard let (place, path) = try Self.split(text) else { return nil }
        let parts = place.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, Self.isUser(parts[0]) else {
            throw .misconfigured("An SSH address names the user before the host, in letters, digits and . _ -, once.")
        }
        guard Self.isPath(path) else {
            throw .misconfigured("The path of the repository is not empty and begins with neither - nor :.")
        }
        do throws(URLFault) {
            origin = try OutboundOrigin(stream: Self.scheme + parts[1])
        } catch {
            throw .misconfigured("The host of the SSH address cannot be used. \(error.sentence)")
        }
        (user, self.path) = (String(parts[0]), path)
    }

    /// `user@host:port` and the path.
    private static func split(_ text: String) throws(SourceFailure) -> (place: String, path: String)? {
        if text.lowercased().hasPrefix(scheme) {
            let rest = text.dropFirst(scheme.count)
            guard let slash = rest.firstIndex(of: "/"), let path = decoded(rest[slash...]) else {
                throw .misconfigured("Write the address as ssh://user@host/path or user@host:path.")
            }
            // The folder of an account stands behind the slash.
            return (String(rest[..<slash]), path.hasPrefix("/~") ? String(path.dropFirst()) : path)
        }
        guard !text.contains("://"), let at = text.firstIndex(of: "@") else { return nil }
        let host = text[at...].dropFirst()
        let end = host.hasPrefix("[") ? host.firstIndex(of: "]") ?? host.startIndex : host.startIndex
        guard let colon = host[end...].firstIndex(of: ":") else { return nil }
        return (String(text[..<colon]), String(text[colon...].dropFirst()))
    }

    /// Git decodes the path of a URL, and only that.
    private static func decoded(_ path: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = path.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, !digits.hasPrefix("+"), !digits.hasPrefix("-"),
                let value = UInt8(digits, radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func isUser(_ text: Substring) -> Bool {
        (1...userBytesMax).contains(text.utf8.count) && !text.hasPrefix("-")
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || "._-".utf8.contains(byte)
            }
    }

    private static func isPath(_ text: String) -> Bool {
        (1...pathBytesMax).contains(text.utf8.count) && text != "/" && !"-:".utf8.contains(text.utf8.first ?? 0)
            && !text.utf8.contains { $0 < 0x20 || $0 == 0x7f }
    }
}
