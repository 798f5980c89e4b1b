import HTTPTypes
import Kit
import Outbound

/// Documents of a bucket, found by listing it (ListObjectsV2). An item is its key, its version the entity tag.
///
/// Keys come percent-encoded, so that those with line breaks or characters that XML cannot hold arrive whole. Keys with
/// a segment `.` or `..` are skipped: no address can hold them. Stores that list in another order than that of the
/// keys' bytes (directory buckets) are refused, because there an endless list could not be told from a long one.
package struct S3Connector: Connector {
    let settings: S3Settings
    let selection: PathSelection
    let form: CursorForm
    let base: OutboundURL
    let prefixes: [ExactText]
    let permissions: SourcePermissions
    private let client: RetryingClient
    private let clock: WallClock

    /// Throws `.misconfigured`.
    package init(_ settings: S3Settings, client: RetryingClient, clock: WallClock = .system) throws(SourceFailure) {
        try settings.validate()
        self.settings = settings
        self.client = client
        self.clock = clock
        base = try settings.base()
        selection = try PathSelection(include: settings.include, exclude: settings.exclude)
        prefixes = settings.prefixes.isEmpty ? [""] : settings.prefixes.map { ExactText($0) }.sorted()
        permissions = settings.permissions?.permissions ?? .unknown
        form = CursorForm(
            connector: "s3.1",
            settings: [base.text, permissions.fingerprint] + selection.forms + prefixes.map(\.text))
    }

    package func changes(since cursor: SourceCursor?, known _: KnownTags) async throws -> ChangePage {
        let place = try S3Place(cursor, form, prefixes)
        let listing = try S3Listing(try await fetch(try request(place)))
        return try S3Page(self, place).page(of: listing)
    }

    package func content(of item: SourceItem, bytesMax: Int) async throws -> SourceContent {
        let bound = min(bytesMax, settings.limits.itemBytesMax)
        guard let url = address(of: item.key), S3Text.isTag(item.tag.text) else { throw SourceFailure.gone }
        var request = self.request(url, extra: [("if-match", item.tag.text)])
        request.limits.bodyBytesMax = max(bound, S3Refusal.bytesMax)
        let now = clock
        return try await client.asking(request) { answer in
            guard answer.status == 200 else { throw try await Self.refusal(answer).failure(at: now.now()) }
            guard answer.headers[.eTag] == item.tag.text else { throw SourceFailure.changed }
            guard let bytes = try await answer.body.bytes(upTo: bound) else {
                throw SourceFailure.poison(.tooLarge(bytesMax: bound))
            }
            return SourceContent(bytes: bytes, tag: item.tag, mediaType: answer.headers.mediaType)
        }
    }

    package func test() async -> ConnectionReport {
        var report = ConnectionReport()
        guard await report.reach(base, client) else { return report }
        do {
            let page = try await changes(since: nil, known: .none)
            report.passed(
                .credentials, settings.credentials == nil ? "None are set; the bucket is public." : "They are accepted."
            )
            report.passed(.listing, "The bucket can be listed.")
            let more = page.isLast ? "" : ", and there are more"
            report.passed(.items, "\(page.changes.count) objects were seen and \(page.skipped.count) skipped\(more).")
        } catch let failure as SourceFailure {
            report.failed(failure)
        } catch {
            report.failed(.connection, "The test was cancelled.")
        }
        return report
    }

    /// Nil for a key that is not in what the settings name, or that no address can hold.
    func address(of key: ExactText) -> OutboundURL? {
        guard prefixes.contains(where: { key.text.utf8.starts(with: $0.text.utf8) }), !key.text.isEmpty else {
            return nil
        }
        let path = (base.path.hasSuffix("/") ? base.path : base.path + "/") + S3Text.encoded(key.text)
        // Dot segments are removed from an address: then it would be that of another key.
        guard let url = try? OutboundURL("\(base.origin)\(path)"), url.path == path else { return nil }
        return url
    }

    private func request(_ place: S3Place) throws -> OutboundRequest {
        let keysMax = min(S3Listing.entriesMax, settings.limits.pageItemsMax)
        var query = [("encoding-type", "url"), ("list-type", "2"), ("max-keys", "\(keysMax)")]
        if !place.token.text.isEmpty { query.insert(("continuation-token", place.token.text), at: 0) }
        if !place.prefix.text.isEmpty { query.append(("prefix", place.prefix.text)) }
        do throws(URLFault) {
            var request = request(try base.asking(query), extra: [])
            request.limits.bodyBytesMax = settings.limits.listBytesMax
            return request
        } catch {
            throw SourceFailure.misbehaved("The store's mark of where to go on cannot be sent back.")
        }
    }

    private func request(_ url: OutboundURL, extra: [(name: String, value: String)]) -> OutboundRequest {
        var request = OutboundRequest(.get, url)
        request.redirectsMax = 0
        if let credentials = settings.credentials {
            let signature = SignatureV4(credentials: credentials, region: settings.region, service: "s3")
            request.headers = signature.headers(get: url, extra: extra, at: clock.now())
        } else {
            for (name, value) in extra {
                if let name = HTTPField.Name(name) { request.headers[name] = value }
            }
        }
        return request
    }

    private func fetch(_ request: OutboundRequest) async throws -> [UInt8] {
        let clock = clock
        do {
            return try await client.asking(request) { answer in
                guard answer.status == 200 else {
                    let failure = try await Self.refusal(answer).failure(at: clock.now())
                    throw failure == .gone ? .misconfigured("There is no bucket of this name.") : failure
                }
                return try await answer.body.collect(upTo: request.limits.bodyBytesMax)
            }
        } catch SourceFailure.poison(.tooLarge(let bytesMax)) {
            throw SourceFailure.limit(.listBytes(bytesMax))
        }
    }

    private static func refusal(_ answer: OutboundResponse) async throws -> S3Refusal {
        let body = try await answer.body.bytes(upTo: S3Refusal.bytesMax) ?? []
        return S3Refusal(status: answer.status, headers: answer.headers, body: body)
    }
}
