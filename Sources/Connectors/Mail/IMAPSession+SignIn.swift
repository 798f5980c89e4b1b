import Kit
import Outbound

/// What somebody signs in to a mailbox with.
enum MailCredential: Sendable {
    case password(Secret)
    /// An access token of OAuth.
    case token(Secret)
}

/// The server did not take the access token; another one may help.
struct IMAPTokenRejected: Error {}

extension IMAPSession {
    func signIn(_ settings: MailSettings, _ credential: MailCredential) async throws {
        switch credential {
        case .password(let password):
            guard try await signIn(settings.user, password) else {
                throw SourceFailure.unauthorised("The server does not accept user and password.")
            }
        case .token(let token):
            guard try await signIn(settings, token) else { throw IMAPTokenRejected() }
        }
    }

    private func signIn(_ user: String, _ password: Secret) async throws -> Bool {
        if capabilities.contains("AUTH=PLAIN") {
            let token = Base64.encode(Array("\0\(user)\0\(password.reveal())".utf8))
            return try isAccepted(try await run("AUTHENTICATE PLAIN", answering: [token]))
        }
        guard !capabilities.contains("LOGINDISABLED") else {
            throw SourceFailure.misconfigured("The server takes no password on this connection.")
        }
        guard let name = Self.quoted(ExactText(user)), let secret = Self.quoted(ExactText(password.reveal())) else {
            throw SourceFailure.misconfigured("The server takes only ASCII in user and password.")
        }
        return try isAccepted(try await run("LOGIN \(name) \(secret)"))
    }

    /// RFC 7628, or Google's form before it ("XOAUTH2 Mechanism"). A refusal comes as a challenge with its reasons,
    /// which has to be answered before the server says no.
    private func signIn(_ settings: MailSettings, _ token: Secret) async throws -> Bool {
        let end = "\u{1}auth=Bearer \(token.reveal())\u{1}\u{1}"
        if capabilities.contains("AUTH=OAUTHBEARER") {
            let origin = try settings.origin()
            let name = settings.user.replacing("=", with: "=3D").replacing(",", with: "=2C")
            let text = "n,a=\(name),\u{1}host=\(origin.host.text)\u{1}port=\(origin.port)\(end)"
            let answers = [Base64.encode(Array(text.utf8)), Base64.encode([1])]
            return try isAccepted(try await run("AUTHENTICATE OAUTHBEARER", answering: answers))
        }
        guard capabilities.contains("AUTH=XOAUTH2") else {
            throw SourceFailure.misconfigured("The server takes no access tokens: neither OAUTHBEARER nor XOAUTH2.")
        }
        let answers = [Base64.encode(Array("user=\(settings.user)\(end)".utf8)), ""]
        return try isAccepted(try await run("AUTHENTICATE XOAUTH2", answering: answers))
    }

    private func isAccepted(_ outcome: Outcome) throws -> Bool {
        if outcome.code == "UNAVAILABLE" || outcome.code == "INUSE" { throw Self.busy }
        return outcome.status == .ok
    }
}
