import HTTPTypes
import Kit
import Outbound

/// Git's smart protocol over HTTP (gitprotocol-http): one request asks what the server can do, each other is a command.
///
/// Redirects are not followed: they would have to be for the commands as well, which carry the token.
struct GitHTTP: GitTransport {
    private let base: OutboundURL
    private let authorization: Secret?
    private let client: RetryingClient

    init(_ base: OutboundURL, _ settings: GitSettings, _ client: RetryingClient) {
        self.base = base
        authorization = settings.authorization(at: base)
        self.client = client
    }

    func reach(_ report: inout ConnectionReport) async -> Bool {
        guard let address = try? address(), await report.reach(address, client) else { return false }
        let hasToken = authorization != nil
        do {
            _ = try await advertisement()
        } catch {
            report.failed(
                (error as? GitFault)?.failure ?? error as? SourceFailure ?? .retryable(after: nil, Self.cancelled))
            return false
        }
        report.passed(.credentials, hasToken ? "They are accepted." : "None are set; the repository is public.")
        return true
    }

    private static let cancelled = "The test was cancelled."

    /// Where the first request goes.
    private func address() throws(SourceFailure) -> OutboundURL { try address("info/refs?service=git-upload-pack") }

    func advertisement() async throws -> GitCapabilities {
        let request = request(.get, try address(), GitTalk.bytesMax)
        let reader = try await read(request, "advertisement", CapabilitiesReader())
        return try reader.checked()
    }

    func send<Taker: PacketTaker>(_ command: [UInt8], bytesMax: Int, to taker: Taker) async throws -> Taker {
        var request = request(.post, try address("git-upload-pack"), bytesMax)
        request.headers[.contentType] = "application/x-git-upload-pack-request"
        request.body = command
        // It reads only.
        request.isRepeatable = true
        return try await read(request, "result", taker)
    }

    private func address(_ end: String) throws(SourceFailure) -> OutboundURL {
        do throws(URLFault) {
            return try OutboundURL("\(base.origin)\(base.path == "/" ? "" : base.path)/\(end)")
        } catch {
            throw .misconfigured("The address of the repository is too long.")
        }
    }

    private func request(_ method: OutboundRequest.Method, _ url: OutboundURL, _ bytesMax: Int) -> OutboundRequest {
        var request = OutboundRequest(method, url)
        request.redirectsMax = 0
        // GitHub, Bitbucket and others speak Git only with programs whose name begins so (jelmer/dulwich issue 562).
        request.headers[.userAgent] = "git/2.0 (cloister)"
        if let name = HTTPField.Name("Git-Protocol") { request.headers[name] = "version=2" }
        if let authorization { request.headers[.authorization] = authorization.reveal() }
        // A large repository is counted before the first byte of it comes.
        request.limits.firstByte = .seconds(120)
        request.limits.idle = .seconds(60)
        request.limits.total = .seconds(1800)
        request.limits.bodyBytesMax = bytesMax
        return request
    }

    private func read<Taker: PacketTaker>(
        _ request: OutboundRequest, _ kind: String, _ taker: Taker
    ) async throws -> Taker {
        let hasToken = authorization != nil
        return try await client.asking(request) { answer in
            guard answer.status == 200 else { throw Self.refusal(answer.status, hasToken: hasToken) }
            guard answer.headers.mediaType == "application/x-git-upload-pack-\(kind)" else {
                throw SourceFailure.misconfigured("There is no Git repository at this address, or it is not served.")
            }
            var (taker, packets) = (taker, PacketReader())
            for try await chunk in answer.body {
                packets.append(chunk)
                while let packet = try packets.next() { try taker.take(packet) }
            }
            guard taker.isComplete, packets.isEmpty else { throw GitFault.truncated }
            return taker
        }
    }

    static func refusal(_ status: Int, hasToken: Bool) -> SourceFailure {
        switch status {
        case 401:
            .unauthorised(
                hasToken
                    ? "The token is not accepted (status 401). Some servers want a certain user name with it."
                    : "The server wants a token (status 401), or there is no such repository.")
        case 403: .forbidden("The token may not read the repository (status 403).")
        case 404, 410:
            .misconfigured(
                "There is no repository at this address (status \(status)). "
                    + "Servers say the same of one that the token may not read.")
        case 300...399:
            .misconfigured(
                "The server sends elsewhere (status \(status)). Write the full address, with .git at its end.")
        case 500...: .retryable(after: nil, "The Git server failed (status \(status)).")
        default: .misbehaved("The Git server refused the request (status \(status)).")
        }
    }
}
