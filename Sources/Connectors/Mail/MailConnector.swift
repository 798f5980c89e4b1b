import Kit
import Outbound

/// Messages of a mailbox, found by listing each folder, opened read-only. An item is a folder, the validity of its
/// numbers and the number of a message in it (RFC 3501 section 2.3.1.1): the same three never name another message.
package struct MailConnector: Connector {
    let settings: MailSettings
    let selection: PathSelection
    let form: CursorForm
    let permissions: SourcePermissions
    private let origin: OutboundOrigin
    private let client: RetryingClient
    private let tokens: OAuthClient?
    let clock: WallClock

    /// Throws `.misconfigured`.
    package init(
        _ settings: MailSettings, client: RetryingClient, tokens: TokenCache = TokenCache(), clock: WallClock = .system
    ) throws(SourceFailure) {
        try settings.validate()
        self.settings = settings
        self.client = client
        self.clock = clock
        origin = try settings.origin()
        self.tokens =
            if let oauth = settings.oauth { try OAuthClient(oauth, client: client, cache: tokens, clock: clock) } else {
                nil
            }
        selection = try PathSelection(include: settings.include, exclude: settings.exclude)
        permissions = settings.permissions?.permissions ?? .unknown
        form = CursorForm(
            connector: "imap.1",
            settings: [origin.description, settings.user, permissions.fingerprint] + selection.forms)
    }

    package func changes(since cursor: SourceCursor?, known: KnownTags) async throws -> ChangePage {
        let place = try MailPlace(cursor, form)
        do {
            return try await talking(limits(settings.limits.listBytesMax)) { session in
                var page = MailPage(self, session, place)
                return try await page.read(known)
            }
        } catch SourceFailure.poison(.tooLarge(let bytesMax)) {
            throw SourceFailure.limit(.listBytes(bytesMax))
        }
    }

    package func content(of item: SourceItem, bytesMax: Int) async throws -> SourceContent {
        let bound = min(bytesMax, settings.limits.itemBytesMax)
        guard let message = MailKey(item.key) else { throw SourceFailure.gone }
        return try await talking(limits(bound + Self.overheadBytesMax)) { session in
            let folders = try await session.folders(selection).wanted
            guard folders.contains(where: { $0.name == message.folder }),
                let opened = try await session.examine(message.folder), opened.validity == message.validity,
                let bytes = try await session.body(of: message.number, bytesMax: bound)
            else { throw SourceFailure.gone }
            return SourceContent(bytes: bytes, tag: message.tag, mediaType: MailKey.mediaType)
        }
    }

    /// What is said besides the message itself; lists of folders count.
    private static let overheadBytesMax = 4 << 20

    package func test() async -> ConnectionReport {
        var report = ConnectionReport()
        do {
            let trouble: SourceFailure? = try await renewing { credential in
                try await client.connect(to: origin, limits: limits(1 << 20)) { stream in
                    do {
                        try await IMAPSession(stream).begin(settings, credential)
                        return nil
                    } catch let failure as SourceFailure {
                        return failure
                    }
                }
            }
            report.passed(.name, "The name \(origin.host.text) has an address.")
            report.passed(.connection, "\(origin) answers.")
            if let trouble {
                report.failed(trouble)
                return report
            }
            report.passed(
                .certificate,
                settings.security == .none ? "The connection is not encrypted." : "Its certificate is valid.")
            report.passed(.credentials, "They are accepted.")
            try await list(&report)
        } catch let failure as OutboundFailure {
            report.failed(failure)
        } catch let failure as SourceFailure {
            report.failed(failure)
        } catch {
            report.failed(.connection, "The test was cancelled.")
        }
        return report
    }

    private func list(_ report: inout ConnectionReport) async throws {
        let page = try await changes(since: nil, known: .none)
        report.passed(.listing, "The folders can be listed.")
        let more = page.isLast ? "" : ", and there are more"
        report.passed(.items, "\(page.changes.count) messages were seen and \(page.skipped.count) skipped\(more).")
    }

    private func limits(_ bytesMax: Int) -> OutboundLimits {
        var limits = OutboundLimits()
        limits.bodyBytesMax = bytesMax
        return limits
    }

    /// Does `body` with the password or a token; with a new token once more where the server did not take the first.
    private func renewing<Result: Sendable>(
        _ body: (MailCredential) async throws -> Result
    ) async throws -> Result {
        guard let tokens else { return try await body(.password(settings.password)) }
        let token = try await tokens.token()
        do { return try await body(.token(token)) } catch is IMAPTokenRejected {}
        do {
            return try await body(.token(try await tokens.token(otherThan: token)))
        } catch is IMAPTokenRejected {
            throw SourceFailure.unauthorised(
                "The mail server does not accept the access token. Check user and scope, and what the client may do.")
        }
    }

    /// One connection, signed in.
    func talking<Result: Sendable>(
        _ limits: OutboundLimits, _ body: @escaping @Sendable (IMAPSession) async throws -> Result
    ) async throws -> Result {
        do {
            return try await renewing { credential in
                try await client.connect(to: origin, limits: limits) { stream in
                    let session = IMAPSession(stream)
                    try await session.begin(settings, credential)
                    let result = try await body(session)
                    session.farewell()
                    return result
                }
            }
        } catch OutboundFailure.timedOut(_, .idle) where limits.idle > OutboundLimits().idle {
            throw IMAPSilence()
        } catch let failure as OutboundFailure {
            throw SourceFailure(failure)
        } catch is IMAPLiteralTooLong {
            throw IMAPSession.malformed
        } catch is IMAPScanner.Malformed {
            throw IMAPSession.malformed
        }
    }
}

/// The name of a message: `folder/validity/number`, the folder as the server writes it.
struct MailKey: Hashable, Sendable {
    let folder: ExactText
    let validity: UInt32
    let number: UInt32

    static let mediaType = "message/rfc822"

    init(folder: ExactText, validity: UInt32, number: UInt32) {
        self.folder = folder
        self.validity = validity
        self.number = number
    }

    init?(_ key: ExactText) {
        let parts = key.text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 3, let validity = UInt32(parts[parts.count - 2]),
            let number = UInt32(parts[parts.count - 1])
        else { return nil }
        self.init(
            folder: ExactText(parts.dropLast(2).joined(separator: "/")), validity: validity, number: number)
        // One message has one key: no leading zeros, no plus sign.
        guard self.key == key, number > 0, IMAPSession.quoted(folder) != nil else { return nil }
    }

    var key: ExactText { ExactText("\(folder.text)/\(validity)/\(number)") }

    /// A message never changes.
    var tag: ExactText { ExactText("\(validity).\(number)") }
}
