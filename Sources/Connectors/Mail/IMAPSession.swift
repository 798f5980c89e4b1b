import Kit
import Outbound

/// A conversation with an IMAP server over one connection, up to the commands that reading needs. Used by one task.
///
/// Nothing that the server says in words is passed on; of its codes only those that are known have a meaning.
final class IMAPSession {
    private let stream: OutboundStream
    private var commands = 0
    private(set) var capabilities: Set<String> = []

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
    func begin(_ settings: MailSettings, _ credential: MailCredential) async throws {
        guard case .status(let status, let code)? = IMAPResponse(try await response()) else { throw Self.malformed }
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
        try await signIn(settings, credential)
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

    func askCapabilities() async throws {
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

    /// Sends a command and reads to its end. Each of `answering` is sent when the server asks to go on, which it may do
    /// as often and no more. Literals longer than `literalMax` are `IMAPLiteralTooLong`.
    func run(
        _ command: String, answering: [String] = [], literalMax: Int = lineBytesMax, responsesMax: Int = 0
    ) async throws -> Outcome {
        let tag = begin(command)
        var outcome = Outcome(status: .bad, code: "")
        var answers = answering[...]
        for _ in 0..<(responsesMax + Self.strayResponsesMax) {
            switch IMAPResponse(try await response(literalMax)) {
            case .goOn:
                guard let text = answers.popFirst() else { throw Self.malformed }
                say(text)
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

    /// Sends a command and gives its tag.
    func begin(_ command: String) -> String {
        commands += 1
        say("c\(commands) \(command)")
        return "c\(commands)"
    }

    func say(_ line: String) { stream.write(Array("\(line)\r\n".utf8)) }

    /// Says goodbye; nobody waits for the answer.
    func farewell() { say("bye LOGOUT") }

    /// One response, with its literals.
    func response(_ literalMax: Int = 0) async throws -> [IMAPPiece] {
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
