import Crypto

/// A public key as OpenSSH writes it, of a kind that is known here: `ssh-ed25519 AAAA...` (RFC 4253 section 6.6).
struct SSHPublicKey: Hashable, Sendable {
    let type: String
    let blob: [UInt8]

    /// With how many strings follow the name: a point, a curve and a point, an exponent and a modulus.
    private static let types = [
        "ssh-ed25519": 1, "ecdsa-sha2-nistp256": 2, "ecdsa-sha2-nistp384": 2, "ecdsa-sha2-nistp521": 2, "ssh-rsa": 2,
    ]

    /// Reads a line of `known_hosts`, of `ssh-keyscan`, or the key alone. Whatever host the line names, the key counts
    /// for the host of the source. Throws `.misconfigured`.
    init(line: String) throws(SourceFailure) {
        let words = line.split(separator: " ")
        guard words.first?.hasPrefix("@") != true, let place = words.prefix(2).firstIndex(where: Self.isType),
            words.indices.contains(place + 1), let blob = Base64.decode(words[place + 1].utf8)
        else { throw Self.unusable }
        try self.init(blob: blob)
        guard type == words[place] else { throw Self.unusable }
    }

    init(blob: [UInt8]) throws(SourceFailure) {
        var reader = SSHReader(blob)
        guard let name = reader.string(), let type = String(validating: name, as: UTF8.self),
            let count = Self.types[type], (0..<count).allSatisfy({ _ in reader.string()?.isEmpty == false }),
            reader.isAtEnd
        else { throw Self.unusable }
        (self.type, self.blob) = (type, blob)
    }

    private static func isType(_ word: Substring) -> Bool { types[String(word)] != nil }

    var text: String { "\(type) \(Base64.encode(blob))" }

    /// Names under which a server may prove that it has the key; RFC 8332 for RSA, whose older form is broken.
    var algorithms: [String] { type == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type] }

    /// As OpenSSH shows it: `SHA256:` and the hash without padding.
    var fingerprint: String {
        "SHA256:" + Base64.encode(Array(SHA256.hash(data: blob))).filter { $0 != "=" }
    }

    private static let unusable = SourceFailure.misconfigured(
        "A host key is a line such as ssh-keyscan prints: ssh-ed25519, ecdsa-sha2-nistp... or ssh-rsa, then the key.")
}

/// A private key without a passphrase, in OpenSSH's own format (PROTOCOL.key of its sources).
struct SSHPrivateKey: Sendable {
    let publicKey: SSHPublicKey
    private let body: [UInt8]

    private static let head = "-----BEGIN OPENSSH PRIVATE KEY-----"
    private static let tail = "-----END OPENSSH PRIVATE KEY-----"
    private static let magic = Array("openssh-key-v1\0".utf8)

    /// Line breaks may be missing, as forms of one line leave them out. Throws `.misconfigured`.
    init(_ text: String) throws(SourceFailure) {
        let words = String(text.unicodeScalars.filter { !" \t\r\n".unicodeScalars.contains($0) })
        let (head, tail) = (Self.head.filter { $0 != " " }, Self.tail.filter { $0 != " " })
        guard words.hasPrefix(head), words.hasSuffix(tail), words.utf8.count > head.utf8.count + tail.utf8.count,
            let body = Base64.decode(words.dropFirst(head.count).dropLast(tail.count).utf8),
            body.starts(with: Self.magic)
        else { throw Self.unusable }
        var reader = SSHReader(Array(body.dropFirst(Self.magic.count)))
        guard let cipher = reader.string(), let derivation = reader.string(), reader.string() != nil,
            reader.number() == 1, let blob = reader.string(), let secret = reader.string()
        else { throw Self.unusable }
        guard cipher == Array("none".utf8), derivation == cipher else {
            throw .misconfigured(
                "The private key has a passphrase. Make a key of its own for this source, without one.")
        }
        var check = SSHReader(secret)
        guard let first = check.number(), first == check.number() else { throw Self.unusable }
        do { publicKey = try SSHPublicKey(blob: blob) } catch { throw Self.unusable }
        self.body = body
    }

    /// As ssh reads it.
    var armoured: [UInt8] {
        let text = Array(Base64.encode(body).utf8)
        var lines = Array((Self.head + "\n").utf8)
        for start in stride(from: 0, to: text.count, by: 70) { lines += text[start...].prefix(70) + [0x0a] }
        return lines + Array((Self.tail + "\n").utf8)
    }

    private static let unusable = SourceFailure.misconfigured(
        "The private key is one of OpenSSH, ed25519, ecdsa or rsa, whole from BEGIN to END. "
            + "To convert an older form: ssh-keygen -p -N '' -f FILE")
}

/// Reads numbers and strings of RFC 4251 section 5.
private struct SSHReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number() -> Int? {
        guard rest.count >= 4 else { return nil }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }

    mutating func string() -> [UInt8]? {
        guard let count = number(), count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
}
