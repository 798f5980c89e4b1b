import Kit
import Synchronization

@testable import Connectors

/// A source that a test can change, for the contract suite.
protocol SourceWorld: Sendable {
    func put(_ name: String, _ bytes: [UInt8]) throws
    func remove(_ name: String) throws
    /// The key that the connector has for `name`.
    func key(_ name: String) -> ExactText
    /// What the connector gives for what was put.
    func content(_ name: String, _ bytes: [UInt8]) -> [UInt8]
    /// False where nothing changes: another content is another item, and the one before is gone.
    var keepsKeys: Bool { get }
    func connector(pageItemsMax: Int) throws -> any Connector
    /// As `connector`, with settings that list something else.
    func otherConnector() throws -> any Connector
}

extension SourceWorld {
    func content(_: String, _ bytes: [UInt8]) -> [UInt8] { bytes }
    var keepsKeys: Bool { true }
}

/// What a whole listing gave.
struct Swept {
    var items: [ExactText: SourceItem] = [:]
    var skipped: [SkippedItem] = []
    var changes: [SourceChange] = []
    var pages: [ChangePage] = []
    var next: SourceCursor
}

struct TooManyPages: Error {}

/// Pages from `cursor` to the last one.
func sweep(
    _ connector: any Connector, since cursor: SourceCursor? = nil, known: KnownTags = .none
) async throws -> Swept {
    var page = try await connector.changes(since: cursor, known: known)
    var swept = Swept(next: page.next)
    for _ in 0..<10_000 {
        swept.pages.append(page)
        swept.changes += page.changes
        swept.skipped += page.skipped
        swept.next = page.next
        for case .upsert(let item) in page.changes { swept.items[item.key] = item }
        guard !page.isLast else { return swept }
        page = try await connector.changes(since: page.next, known: known)
    }
    throw TooManyPages()
}

/// The `SourceFailure` that `work` throws; nil when it throws none.
func thrown(by work: () async throws -> Void) async throws -> SourceFailure? {
    do {
        try await work()
        return nil
    } catch let failure as SourceFailure {
        return failure
    }
}

extension SourceCursor {
    static func of(_ bytes: [UInt8]) throws -> SourceCursor {
        guard let cursor = SourceCursor(bytes: bytes) else { throw TooManyPages() }
        return cursor
    }
}
