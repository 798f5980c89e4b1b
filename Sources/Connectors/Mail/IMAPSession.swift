import Kit
import Outbound

/// A conversation with an IMAP server over one connection, up to the commands that reading needs. Used by one task.
///
/// Nothing that the server says in words is passed on; of its codes only those that are known have a meaning.
final class IMAPSession {
    private let stream: OutboundStream
    private var commands = 0
    private var capabilities: Set<String> = []

    static let lineBytesMax = 64 << 10
    /// Of one command, above what was asked for.
    private static let strayResponsesMax = 10_000
    private static let literalsMax = 64

    init(_ stream: OutboundStream) { self.stream = stream }

    /// What a command came to.
    struct Outcome {
        var status: IMAPStatus
        var code: String
        /// Responses of data, in order.
        var data: [[IMAPPiece]] = []
        var codes: [String] = []
    }

    /// Greeting, encryption and signing in.
    func begin(_ settings: MailSettings) async throws {
        guard case .status(let status, let code)? = IMAPResponse(try await pieces(0)) else { throw Self.malformed }
        switch status {
        case .ok: break
        // Who is signed in before TLS is somebody that we did not say we are.
        case .preauth: throw SourceFailure.misbehaved("The server says that somebody is signed in already.")
        default: throw Self.bye
        }
        if settings.security == .starttls {
            try await encrypt()
        } else {
            note(code)
        }
        guard stream.isEncrypted || settings.security == .none else { throw Self.malformed }
        if capabilities.isEmpty { try await askCapabilities() }
        guard capabilities.contains("IMAP4REV1") else {
            throw SourceFailure.misbehaved("The server does not speak IMAP4rev1.")
        }
        try await signIn(settings.user, settings.password)
    }

    /// Nothing of what was said in the clear counts afterwards (section 6.2.1).
    private func encrypt() async throws {
        try await askCapabilities()
        guard capabilities.contains("STARTTLS") else {
            throw SourceFailure.misconfigured("The server does not offer STARTTLS. Use tls, with its own port.")
        }
        guard try await run("STARTTLS").status == .ok else {
            throw SourceFailure.misconfigured("The server refuses STARTTLS. Use tls, with its own port.")
        }
        try await stream.startTLS()
        capabilities = []
    }

    private func askCapabilities() async throws {
        let outcome = try await run("CAPABILITY")
        guard outcome.status == .ok else { throw Self.malformed }
        for pieces in outcome.data {
            guard case .text(let line) = pieces.first else { continue }
            note(String(decoding: line, as: UTF8.self))
        }
    }

    /// `CAPABILITY IMAP4rev1 STARTTLS ...`, from a response or from its code.
    private func note(_ text: String) {
        let words = text.split(separator: " ").map { $0.uppercased() }
        if words.first == "CAPABILITY" { capabilities = Set(words.dropFirst().prefix(256)) }
    }

    private func signIn(_ user: String, _ password: Secret) async throws {
        let outcome: Outcome
        if capabilities.contains("AUTH=PLAIN") {
            let token = Base64.encode(Array("\0\(user)\0\(password.reveal())".utf8))
            outcome = try await run("AUTHENTICATE PLAIN", answering: token)
        } else {
            guard !capabilities.contains("LOGINDISABLED") else {
                throw SourceFailure.misconfigured("The server takes no password on this connection.")
            }
            guard let name = Self.quoted(ExactText(user)), let secret = Self.quoted(ExactText(password.reveal())) else {
                throw SourceFailure.misconfigured("The server takes only ASCII in user and password.")
            }
            outcome = try await run("LOGIN \(name) \(secret)")
        }
        guard outcome.status == .ok else {
            if outcome.code == "UNAVAILABLE" || outcome.code == "INUSE" { throw Self.busy }
            throw SourceFailure.unauthorised("The server does not accept user and password.")
        }
    }

    /// A string of ASCII, or of UTF-8 for folders on servers that name them so; nil for what no quoted string holds.
    static func quoted(_ text: ExactText) -> String? {
        guard !text.text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { return nil }
        // By scalars: with a combining mark behind it, a quotation mark is another `Character`, and ends the string.
        var quoted = String.UnicodeScalarView()
        for scalar in text.text.unicodeScalars {
            if scalar == "\\" || scalar == "\"" { quoted.append("\\") }
            quoted.append(scalar)
        }
        return "\"\(String(quoted))\""
    }

    /// Sends a command and reads to its end. `answering` is sent when the server asks to go on, which no command
    /// without it may meet. Literals longer than `literalMax` are `IMAPLiteralTooLong`.
    func run(
        _ command: String, answering: String? = nil, literalMax: Int = lineBytesMax, responsesMax: Int = 0
    ) async throws -> Outcome {
        commands += 1
        let tag = "c\(commands)"
        stream.write(Array("\(tag) \(command)\r\n".utf8))
        var outcome = Outcome(status: .bad, code: "")
        var answer = answering
        for _ in 0..<(responsesMax + Self.strayResponsesMax) {
            switch IMAPResponse(try await pieces(literalMax)) {
            case .goOn:
                guard let text = answer else { throw Self.malformed }
                answer = nil
                stream.write(Array("\(text)\r\n".utf8))
            case .tagged(tag, let status, let code):
                note(code)
                (outcome.status, outcome.code) = (status, code.uppercased())
                return outcome
            case .status(.bye, _): throw Self.bye
            case .status(_, let code): outcome.codes.append(code)
            case .data(let pieces): outcome.data.append(pieces)
            case .tagged, nil: throw Self.malformed
            }
        }
        throw SourceFailure.misbehaved("The mail server says more than it was asked for.")
    }

    /// Says goodbye; nobody waits for the answer.
    func farewell() { stream.write(Array("bye LOGOUT\r\n".utf8)) }

    /// One response, with its literals.
    private func pieces(_ literalMax: Int) async throws -> [IMAPPiece] {
        var pieces: [IMAPPiece] = []
        while true {
            let line: [UInt8]
            do {
                line = try await stream.line(bytesMax: Self.lineBytesMax)
            } catch OutboundFailure.bodyTooLarge(_, Self.lineBytesMax) {
                throw SourceFailure.misbehaved("The mail server sends a line that does not end.")
            }
            pieces.append(.text(line))
            guard let announced = Self.literal(line), Self.hasLiterals(pieces) else { return pieces }
            guard let length = Int(announced), length <= literalMax else { throw IMAPLiteralTooLong() }
            guard pieces.count <= 2 * Self.literalsMax else { throw Self.malformed }
            pieces.append(.literal(try await stream.bytes(length)))
        }
    }

    /// The digits of `{5}` at the end of a line.
    private static func literal(_ line: [UInt8]) -> String? {
        guard line.last == UInt8(ascii: "}"), let start = line.lastIndex(of: UInt8(ascii: "{")) else { return nil }
        let digits = line[(start + 1)...].dropLast()
        let isNumber = !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber ? String(decoding: digits, as: UTF8.self) : nil
    }

    /// Only data has literals: the words of a status mean nothing, even if they look like one.
    private static func hasLiterals(_ pieces: [IMAPPiece]) -> Bool {
        if case .data? = IMAPResponse(pieces) { true } else { false }
    }

    static let malformed = SourceFailure.misbehaved("The mail server does not keep to IMAP.")
    static let bye = SourceFailure.retryable(after: nil, "The mail server ended the connection.")
    static let busy = SourceFailure.retryable(after: nil, "The mail server cannot open the mailbox now.")
}

struct IMAPLiteralTooLong: Error {}
