import Kit
import Outbound
import Synchronization

/// One page of the walk: names in the order of their bytes, files and folders together, so that a path says where to go
/// on.
struct WebDAVWalk {
    private let connector: WebDAVConnector
    private let after: [ExactText]
    private let before: Int
    private let generation: Int
    private var last: [ExactText]
    private var visited = 0
    private var asked = 0
    private var changes: [SourceChange] = []
    private var skipped: [SkippedItem] = []

    private var limits: SourceLimits { connector.settings.limits }

    /// A page ends after so many folders even where they hold nothing.
    private static let foldersMax = 100

    init(_ connector: WebDAVConnector, _ cursor: SourceCursor?) throws(SourceFailure) {
        self.connector = connector
        let fields = try cursor.map { cursor throws(SourceFailure) in try connector.form.fields(of: cursor, count: 2) }
        let key = fields?[0] ?? ""
        after = key.text.isEmpty ? [] : WebDAVAddress.path(of: key)
        before = try fields?[1].number() ?? 0
        last = after
        generation = after.isEmpty ? connector.memory.begin() : connector.memory.generation
    }

    mutating func page() async throws -> ChangePage {
        let isLast = try await walk([], after[...])
        let next = isLast ? ["", ExactText(0)] : [WebDAVAddress.key(of: last), ExactText(before + visited)]
        var page = ChangePage(next: try connector.form.cursor(next), isLast: isLast, isListing: true)
        (page.changes, page.skipped) = (changes, skipped)
        return page
    }

    private var isFull: Bool {
        changes.count + skipped.count >= limits.pageItemsMax || asked >= Self.foldersMax && visited > 0
    }

    /// False when the page is full before the end.
    private mutating func walk(_ folder: [ExactText], _ after: ArraySlice<ExactText>) async throws -> Bool {
        guard let entries = try await entries(of: folder, isFresh: after.isEmpty) else { return true }
        for entry in entries {
            try Task.checkCancellation()
            let isOnTheWay = after.first == entry.name
            if let first = after.first, entry.name < first || isOnTheWay && after.count == 1 { continue }
            guard !isFull else { return false }
            let path = folder + [entry.name]
            if entry.part.isCollection {
                guard try await enter(path, isOnTheWay ? after.dropFirst() : []) else { return false }
            } else {
                try take(path, entry.part)
            }
            try count(path)
        }
        connector.memory.forget(WebDAVAddress.key(of: folder))
        return true
    }

    private mutating func enter(_ path: [ExactText], _ after: ArraySlice<ExactText>) async throws -> Bool {
        let key = WebDAVAddress.key(of: path)
        guard path.count <= limits.depthMax else {
            skip(key, .tooDeep(depthMax: limits.depthMax))
            return true
        }
        guard key.text.utf8.count <= limits.pathBytesMax else {
            skip(key, .pathTooLong)
            return true
        }
        return try await walk(path, after)
    }

    /// Nil for a folder that is gone or closed: what was below stays known to the caller only as removed.
    private mutating func entries(of folder: [ExactText], isFresh: Bool) async throws -> [FolderMemory.Entry]? {
        let key = WebDAVAddress.key(of: folder)
        if let kept = connector.memory.kept(key) { return kept }
        asked += 1
        let list: Multistatus
        switch try await connector.list(folder) {
        case .success(let found): list = found
        case .failure(let refusal):
            guard !folder.isEmpty, [403, 404, 410].contains(refusal.status) else { throw refusal.ofCollection }
            if refusal.status == 403 { skip(key, .unreadable) }
            return nil
        }
        let entries = try sorted(list, folder, isFresh)
        connector.memory.keep(key, entries, generation)
        return entries
    }

    private mutating func sorted(
        _ list: Multistatus, _ folder: [ExactText], _ isFresh: Bool
    ) throws -> [FolderMemory.Entry] {
        var byName: [ExactText: Multistatus.Part] = [:]
        var namesItself = false
        for part in list.parts {
            switch connector.addresses.place(of: part.href, in: folder) {
            case .here: namesItself = true
            case .child(let name): byName[name] = part
            case .unusable: if isFresh { skip(nil, part.href, .badName) }
            case .elsewhere: if isFresh { skip(nil, part.href, .elsewhere) }
            }
        }
        // Section 9.1: depth 1 is the collection and its members. A list of some other place must not empty ours.
        guard namesItself else {
            throw SourceFailure.misbehaved("The server lists another place than the one that was asked for.")
        }
        return byName.map { FolderMemory.Entry(name: $0.key, part: $0.value) }.sorted { $0.name < $1.name }
    }

    private mutating func take(_ path: [ExactText], _ part: Multistatus.Part) throws(SourceFailure) {
        let key = WebDAVAddress.key(of: path)
        guard connector.selection.wants(key.text) else { return }
        if let status = part.status, !(200...299).contains(status) {
            if ![404, 410].contains(status) { skip(key, .refused(status: status)) }
            return
        }
        let size = Int(part.size).flatMap { $0 >= 0 ? $0 : nil }
        guard key.text.utf8.count <= limits.pathBytesMax else { return skip(key, .pathTooLong) }
        guard let url = connector.addresses.address(of: path, isCollection: false) else { return skip(key, .badName) }
        guard size ?? 0 <= limits.itemBytesMax else { return skip(key, .tooLarge(bytesMax: limits.itemBytesMax)) }
        guard let tag = WebDAVVersion.tag(of: part) else { return skip(key, .unavailable) }
        changes.append(
            .upsert(
                SourceItem(
                    key: key, path: key.text.shown(limits.pathBytesMax),
                    mediaType: part.mediaType.isEmpty ? nil : MediaType.plain(part.mediaType), size: size,
                    modified: SourceDate.fixed(part.modified), tag: tag, permissions: connector.permissions,
                    url: url.text)))
    }

    private mutating func skip(_ key: ExactText, _ reason: PoisonReason) { skip(key, key.text, reason) }

    private mutating func skip(_ key: ExactText?, _ path: String, _ reason: PoisonReason) {
        skipped.append(SkippedItem(key: key, path: path.shown(limits.pathBytesMax), reason: reason))
    }

    /// Folders count as well, so that a tree without files ends, too.
    private mutating func count(_ path: [ExactText]) throws(SourceFailure) {
        visited += 1
        last = path
        guard before + visited <= limits.itemsMax else { throw .limit(.items(limits.itemsMax)) }
    }
}

/// Lists of the folders that a walk is in, so that a page does not ask again for what the page before it asked. Lost
/// without harm.
final class FolderMemory: Sendable {
    struct Entry: Equatable, Sendable {
        let name: ExactText
        let part: Multistatus.Part
    }

    private struct State {
        var generation = 0
        var folders: [ExactText: [Entry]] = [:]
    }

    private let state = Mutex(State())
    private static let foldersMax = 128

    var generation: Int { state.withLock { $0.generation } }

    /// A new listing begins, for which nothing older counts.
    func begin() -> Int {
        state.withLock { state in
            state.generation += 1
            state.folders = [:]
            return state.generation
        }
    }

    func kept(_ folder: ExactText) -> [Entry]? { state.withLock { $0.folders[folder] } }

    func keep(_ folder: ExactText, _ entries: [Entry], _ generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.folders.count >= Self.foldersMax { state.folders = [:] }
            state.folders[folder] = entries
        }
    }

    func forget(_ folder: ExactText) { state.withLock { $0.folders[folder] = nil } }
}
