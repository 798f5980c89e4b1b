import HTTPTypes
import Kit
import Outbound
import Synchronization

/// Documents of any interface that gives lists in JSON, by a mapping of the operator. An item is its identifier, its
/// version what the mapping says, else a hash of all that the list says about it.
package struct RestConnector: Connector {
    let settings: RestSettings
    let mapping: RestMapping
    private let form: CursorForm
    private let client: RetryingClient
    private let memory = PlaceMemory()

    /// Throws `.misconfigured`.
    package init(_ settings: RestSettings, client: RetryingClient) throws(SourceFailure) {
        self.settings = settings
        self.client = client
        mapping = try RestMapping(settings)
        form = CursorForm(connector: "rest.1", settings: settings.forms)
    }

    package func changes(since cursor: SourceCursor?, known _: KnownTags) async throws -> ChangePage {
        let place = try RestPlace(cursor, form)
        let found = try await page(at: place)
        let next = found.next ?? RestPlace()
        var page = ChangePage(next: try next.cursor(form), isLast: found.next == nil, isListing: true)
        for record in found.records { take(record, &page) }
        for _ in 0..<found.nameless { skip(nil, "", .misshapen(pointer: mapping.id.text), &page) }
        return page
    }

    package func content(of item: SourceItem, bytesMax: Int) async throws -> SourceContent {
        let bound = min(bytesMax, settings.limits.itemBytesMax)
        guard let record = try await record(item.key) else { throw SourceFailure.gone }
        guard record.tag == item.tag || !mapping.statesReaders else { throw SourceFailure.changed }
        switch record.content {
        case .missing(let pointer): throw SourceFailure.poison(.misshapen(pointer: pointer))
        case .text(let text, let type):
            guard text.utf8.count <= bound else { throw SourceFailure.poison(.tooLarge(bytesMax: bound)) }
            return SourceContent(bytes: Array(text.utf8), tag: record.tag, mediaType: type)
        case .address(let url): return try await bytes(at: url, record.tag, bound)
        }
    }

    package func test() async -> ConnectionReport {
        var report = ConnectionReport()
        guard await report.reach(mapping.list, client) else { return report }
        do {
            let page = try await changes(since: nil, known: .none)
            report.passed(.credentials, settings.secret == nil ? "None are set; none are asked for." : "They work.")
            report.passed(.listing, "The list can be read.")
            let more = page.isLast ? "" : ", and there are more"
            report.passed(.items, "\(page.changes.count) items were seen and \(page.skipped.count) skipped\(more).")
        } catch let failure as SourceFailure {
            report.failed(failure)
        } catch {
            report.failed(.connection, "The test was cancelled.")
        }
        return report
    }

    /// Everybody whom a permission names: the list is all that this source says about people.
    package func directory() async throws -> SourceDirectory? {
        guard mapping.statesReaders else { return nil }
        var (users, groups): (Set<ExactText>, Set<ExactText>) = ([], [])
        var place: RestPlace? = RestPlace()
        while let here = place {
            let found = try await page(at: here)
            for principal in found.records.flatMap({ $0.permissions.constraints.compactMap(\.allow) }).joined() {
                switch principal {
                case .user(let id): users.insert(id)
                case .group(let id): groups.insert(id)
                case .everyone, .authenticated: break
                }
            }
            place = found.next
        }
        return SourceDirectory(
            accounts: users.sorted().map {
                SourceAccount(id: $0, name: $0.text, email: mapping.usersAreEmails ? $0.text : nil)
            },
            groups: groups.sorted().map { SourceGroup(id: $0, name: $0.text, accounts: []) })
    }

    private func take(_ record: RestRecord, _ page: inout ChangePage) {
        let limits = settings.limits
        guard record.id.text.utf8.count <= limits.pathBytesMax else {
            return skip(nil, record.id.text, .pathTooLong, &page)
        }
        if let reason = refusal(of: record) {
            page.changes.append(.permissions(record.id, record.permissions))
            return skip(record.id, record.path, reason, &page)
        }
        var item = SourceItem(
            key: record.id, path: record.path.shown(limits.pathBytesMax), title: record.title?.shown(512),
            modified: record.modified, tag: record.tag, permissions: record.permissions)
        switch record.content {
        case .text(let text, let type): (item.mediaType, item.size) = (type, text.utf8.count)
        case .address(let url): item.url = url.text
        case .missing: break
        }
        page.changes.append(.upsert(item))
    }

    /// Why its content will not be asked for; its permissions count all the same.
    private func refusal(of record: RestRecord) -> PoisonReason? {
        let bytesMax = settings.limits.itemBytesMax
        return switch record.content {
        case .missing(let pointer): .misshapen(pointer: pointer)
        case .text(let text, _): text.utf8.count > bytesMax ? .tooLarge(bytesMax: bytesMax) : nil
        case .address(let url): mapping.origins.contains(url.origin) ? nil : .blocked
        }
    }

    private func skip(_ key: ExactText?, _ path: String, _ reason: PoisonReason, _ page: inout ChangePage) {
        page.skipped.append(SkippedItem(key: key, path: path.shown(settings.limits.pathBytesMax), reason: reason))
    }
}

extension RestConnector {
    private func page(at place: RestPlace) async throws -> RestPage {
        let url = try address(of: place)
        let (status, bytes) = try await ask(url, settings.limits.listBytesMax)
        guard status == 200 else { throw Self.failure(status) }
        let page = try RestPage(try Self.json(bytes), mapping, settings, place, at: url)
        memory.keep(page.records.map(\.id), place)
        return page
    }

    /// A cursor of the source's own may have been forged on the way, so its address is checked as any other.
    private func address(of place: RestPlace) throws -> OutboundURL {
        do throws(URLFault) {
            switch settings.paging {
            case .none: return mapping.list
            case .number(let name, let first):
                let number = place.mark.text.isEmpty ? "\(first)" : place.mark.text
                return try mapping.list.adding(name, number)
            case .cursor(_, let name):
                return place.mark.text.isEmpty ? mapping.list : try mapping.list.adding(name, place.mark.text)
            case .address:
                guard !place.mark.text.isEmpty else { return mapping.list }
                let url = try mapping.list.resolve(link: place.mark.text)
                guard url.origin == mapping.list.origin else { throw URLFault.badHost }
                return url
            }
        } catch {
            throw SourceFailure.misbehaved("The list goes on at an address that is not its own host's.")
        }
    }

    /// Nil when it is not there any more.
    private func record(_ id: ExactText) async throws -> RestRecord? {
        guard !id.text.isEmpty else { return nil }
        if let template = mapping.item {
            guard let url = template.address(of: id) else { return nil }
            let (status, bytes) = try await ask(url, settings.limits.listBytesMax)
            if [404, 410].contains(status) { return nil }
            guard status == 200 else { throw Self.itemFailure(status) }
            let record = RestRecord(try Self.json(bytes), mapping, at: url)
            return record?.id == id ? record : nil
        }
        if let place = memory.place(of: id), let page = try? await page(at: place),
            let record = page.records.first(where: { $0.id == id })
        {
            return record
        }
        var place: RestPlace? = RestPlace()
        while let here = place {
            let page = try await page(at: here)
            if let record = page.records.first(where: { $0.id == id }) { return record }
            place = page.next
        }
        return nil
    }

    private func bytes(at url: OutboundURL, _ tag: ExactText, _ bound: Int) async throws -> SourceContent {
        guard mapping.origins.contains(url.origin) else { throw SourceFailure.poison(.blocked) }
        return try await client.asking(request(url, bound)) { answer in
            guard answer.status == 200 else { throw Self.itemFailure(answer.status) }
            guard let bytes = try await answer.body.bytes(upTo: bound) else {
                throw SourceFailure.poison(.tooLarge(bytesMax: bound))
            }
            return SourceContent(bytes: bytes, tag: tag, mediaType: answer.headers.mediaType)
        }
    }

    private func ask(_ url: OutboundURL, _ bytesMax: Int) async throws -> (Int, [UInt8]) {
        do {
            return try await client.asking(request(url, bytesMax)) { answer in
                guard answer.status == 200 else { return (answer.status, []) }
                return (200, try await answer.body.collect(upTo: bytesMax))
            }
        } catch SourceFailure.poison(.tooLarge(let bytesMax)) {
            throw SourceFailure.limit(.listBytes(bytesMax))
        }
    }

    private func request(_ url: OutboundURL, _ bytesMax: Int) -> OutboundRequest {
        var request = OutboundRequest(.get, url)
        request.redirectsMax = 0
        request.limits.bodyBytesMax = bytesMax
        if let secret = settings.secret, url.origin == mapping.list.origin {
            request.headers[mapping.header] = secret.reveal()
        }
        return request
    }

    private static func json(_ bytes: [UInt8]) throws(SourceFailure) -> JSONValue {
        do throws(JSONFailure) { return try JSONParser.parse(bytes) } catch {
            throw .misbehaved("The answer is not the JSON that it should be.")
        }
    }

    private static func itemFailure(_ status: Int) -> SourceFailure {
        switch status {
        case 404, 410: .gone
        case 401, 500...: failure(status)
        default: .poison(.refused(status: status))
        }
    }

    private static func failure(_ status: Int) -> SourceFailure {
        switch status {
        case 401: .unauthorised("The source does not accept the credentials (status 401).")
        case 403: .forbidden("The credentials do not suffice (status 403).")
        case 404, 410: .misconfigured("There is no list at this address (status \(status)).")
        case 300...399: .misconfigured("The source sends elsewhere (status \(status)). Name the address itself.")
        case 500...: .retryable(after: nil, "The source failed (status \(status)).")
        default: .misbehaved("The source refused the request (status \(status)).")
        }
    }
}

extension OutboundURL {
    /// One more parameter, behind those that are there.
    fileprivate func adding(_ name: String, _ value: String) throws(URLFault) -> OutboundURL {
        let alone = try asking([(name, value)])
        guard let query, !query.isEmpty, let added = alone.query else { return alone }
        return try OutboundURL("\(origin)\(path)?\(query)&\(added)")
    }
}

/// On which page an item was seen last, so that its text is found again with one request. Lost without harm.
private final class PlaceMemory: Sendable {
    private let places = Mutex<[ExactText: RestPlace]>([:])
    private static let placesMax = 100_000

    func place(of id: ExactText) -> RestPlace? { places.withLock { $0[id] } }

    func keep(_ ids: [ExactText], _ place: RestPlace) {
        places.withLock { places in
            if places.count + ids.count > Self.placesMax { places = [:] }
            for id in ids.prefix(Self.placesMax) { places[id] = place }
        }
    }
}
