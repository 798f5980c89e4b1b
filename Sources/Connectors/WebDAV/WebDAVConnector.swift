import HTTPTypes
import Kit
import Outbound

/// Files of a WebDAV server, found by walking its collections with PROPFIND of depth 1. An item is its path beneath the
/// collection, its version the entity tag, or date and size where the server has none.
package struct WebDAVConnector: Connector {
    let settings: WebDAVSettings
    let selection: PathSelection
    let form: CursorForm
    let addresses: WebDAVAddress
    let permissions: SourcePermissions
    let memory = FolderMemory()
    private let authorization: Secret?
    private let client: RetryingClient

    /// Throws `.misconfigured`.
    package init(_ settings: WebDAVSettings, client: RetryingClient) throws(SourceFailure) {
        try settings.validate()
        self.settings = settings
        self.client = client
        addresses = try WebDAVAddress(try settings.base())
        authorization = try settings.authorization()
        selection = try PathSelection(include: settings.include, exclude: settings.exclude)
        permissions = settings.permissions?.permissions ?? .unknown
        form = CursorForm(
            connector: "webdav.1", settings: [addresses.base.text, permissions.fingerprint] + selection.forms)
    }

    package func changes(since cursor: SourceCursor?, known _: KnownTags) async throws -> ChangePage {
        var walk = try WebDAVWalk(self, cursor)
        return try await walk.page()
    }

    package func content(of item: SourceItem, bytesMax: Int) async throws -> SourceContent {
        let path = WebDAVAddress.path(of: item.key)
        guard selection.wants(item.key.text), let url = addresses.address(of: path, isCollection: false) else {
            throw SourceFailure.gone
        }
        let bound = min(bytesMax, settings.limits.itemBytesMax)
        let condition = WebDAVVersion.condition(for: item.tag)
        do {
            return try await get(url, item.tag, ifMatch: condition, bound)
        } catch SourceFailure.changed where condition != nil {
            // A weak tag never meets the condition (RFC 9110 section 13.1.1); then the answer's own tag decides.
            return try await get(url, item.tag, ifMatch: nil, bound)
        }
    }

    private func get(
        _ url: OutboundURL, _ tag: ExactText, ifMatch: String?, _ bound: Int
    ) async throws -> SourceContent {
        var request = request(.get, url)
        request.headers[.ifMatch] = ifMatch
        request.limits.bodyBytesMax = bound
        let mustSay = ifMatch == nil && WebDAVVersion.condition(for: tag) != nil
        return try await client.asking(request) { answer in
            guard answer.status == 200 else { throw WebDAVRefusal(answer.status).ofItem }
            guard WebDAVVersion.matches(answer.headers, tag, mustSay: mustSay) else { throw SourceFailure.changed }
            guard let bytes = try await answer.body.bytes(upTo: bound) else {
                throw SourceFailure.poison(.tooLarge(bytesMax: bound))
            }
            return SourceContent(bytes: bytes, tag: tag, mediaType: answer.headers.mediaType)
        }
    }

    package func test() async -> ConnectionReport {
        var report = ConnectionReport()
        guard await report.reach(addresses.base, client) else { return report }
        do {
            let page = try await changes(since: nil, known: .none)
            report.passed(.credentials, authorization == nil ? "None are set; none are asked for." : "They work.")
            report.passed(.listing, "The collection can be listed.")
            let more = page.isLast ? "" : ", and there are more"
            report.passed(.items, "\(page.changes.count) files were seen and \(page.skipped.count) skipped\(more).")
        } catch let failure as SourceFailure {
            report.failed(failure)
        } catch {
            report.failed(.connection, "The test was cancelled.")
        }
        return report
    }

    /// What a collection holds; nil when it is not there or may not be listed, as `refusal` says.
    func list(_ folder: [ExactText]) async throws -> Result<Multistatus, WebDAVRefusal> {
        guard let url = addresses.address(of: folder, isCollection: true) else { return .failure(WebDAVRefusal(404)) }
        var request = request(.propfind, url)
        request.headers[.contentType] = "application/xml; charset=utf-8"
        if let depth = HTTPField.Name("Depth") { request.headers[depth] = "1" }
        request.body = Multistatus.request
        request.limits.bodyBytesMax = settings.limits.listBytesMax
        let limits = settings.limits
        do {
            let found: (status: Int, bytes: [UInt8]) = try await client.asking(request) { answer in
                guard answer.status == 207 else { return (answer.status, []) }
                return (207, try await answer.body.collect(upTo: limits.listBytesMax))
            }
            guard found.status == 207 else { return .failure(WebDAVRefusal(found.status)) }
            return .success(try Multistatus(found.bytes, partsMax: limits.itemsMax))
        } catch SourceFailure.poison(.tooLarge) {
            throw SourceFailure.limit(.listBytes(limits.listBytesMax))
        }
    }

    /// Redirects are not followed: what is read stays beneath the address that was named.
    private func request(_ method: OutboundRequest.Method, _ url: OutboundURL) -> OutboundRequest {
        var request = OutboundRequest(method, url)
        request.redirectsMax = 0
        if let authorization { request.headers[.authorization] = authorization.reveal() }
        return request
    }
}

/// A status that is not the wanted one, and what it means.
struct WebDAVRefusal: Error, Equatable {
    let status: Int

    init(_ status: Int) { self.status = status }

    var ofItem: SourceFailure {
        switch status {
        case 401: .unauthorised("The server does not accept the credentials (status 401).")
        case 404, 410: .gone
        case 412: .changed
        case 500...: .retryable(after: nil, "The server failed (status \(status)).")
        default: .poison(.refused(status: status))
        }
    }

    var ofCollection: SourceFailure {
        switch status {
        case 401: .unauthorised("The server does not accept the credentials (status 401).")
        case 403: .forbidden("The credentials do not suffice to list the collection (status 403).")
        case 404, 410: .misconfigured("There is no collection at this address (status \(status)).")
        case 300...399: .misconfigured("The server sends elsewhere (status \(status)). Name the collection itself.")
        case 400, 405, 501: .misconfigured("Nobody speaks WebDAV at this address (status \(status)).")
        case 500...: .retryable(after: nil, "The server failed (status \(status)).")
        default: .misbehaved("The server refused to list a collection (status \(status)).")
        }
    }
}
