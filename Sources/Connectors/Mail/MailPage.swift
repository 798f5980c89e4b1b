import Kit
import Outbound

/// Where a listing of a mailbox goes on.
struct MailPlace: Equatable, Sendable {
    /// Empty: the first folder.
    var folder: ExactText = ""
    /// Of the folder, once some of it was listed; 0 before.
    var validity = 0
    /// The number of the last message that was listed, and its place at that time.
    var last = 0
    var position = 0
    var count = 0

    init(folder: ExactText = "", count: Int = 0) {
        self.folder = folder
        self.count = count
    }

    init(_ cursor: SourceCursor?, _ form: CursorForm) throws(SourceFailure) {
        guard let cursor else { return }
        let fields = try form.fields(of: cursor, count: 5)
        folder = fields[0]
        (validity, last) = (try fields[1].number(), try fields[2].number())
        (position, count) = (try fields[3].number(), try fields[4].number())
    }

    func cursor(_ form: CursorForm) throws(SourceFailure) -> SourceCursor {
        try form.cursor([folder] + [validity, last, position, count].map { ExactText($0) })
    }
}

/// One page of the listing: the folders by their names, in each the messages by their numbers.
struct MailPage {
    private let connector: MailConnector
    private let session: IMAPSession
    private var place: MailPlace
    private var changes: [SourceChange] = []
    private var skipped: [SkippedItem] = []

    /// A page ends after so many folders even where they hold nothing.
    private static let foldersMax = 200

    private var limits: SourceLimits { connector.settings.limits }

    init(_ connector: MailConnector, _ session: IMAPSession, _ place: MailPlace) {
        self.connector = connector
        self.session = session
        self.place = place
    }

    mutating func read(_ known: KnownTags) async throws -> ChangePage {
        let (folders, unusable) = try await session.folders(connector.selection)
        if place == MailPlace() { for name in unusable { skip(nil, name, .badName) } }
        let rest = folders.drop { $0.name < place.folder }
        for (index, folder) in zip(0..., rest) {
            if folder.name != place.folder { place = MailPlace(folder: folder.name, count: place.count) }
            guard index < Self.foldersMax, changes.count + skipped.count < limits.pageItemsMax,
                try await read(folder, known)
            else { return try page(isLast: false) }
        }
        place = MailPlace()
        return try page(isLast: true)
    }

    private func page(isLast: Bool) throws(SourceFailure) -> ChangePage {
        var page = ChangePage(next: try place.cursor(connector.form), isLast: isLast, isListing: true)
        (page.changes, page.skipped) = (changes, skipped)
        return page
    }

    /// False when the page is full before the folder's end.
    private mutating func read(_ folder: MailFolder, _ known: KnownTags) async throws -> Bool {
        guard let opened = try await session.examine(folder.name) else {
            // What was below stays known to the caller only as removed: nobody may read it through us.
            skip(nil, folder.path, .unreadable)
            return true
        }
        // Numbers that mean something else now: what was listed of this folder is worth nothing.
        guard place.validity == 0 || place.validity == opened.validity else { throw SourceFailure.cursorExpired }
        place.validity = Int(opened.validity)
        let start = try await start(in: opened)
        let room = limits.pageItemsMax - changes.count - skipped.count
        guard start < opened.count, room > 0 else { return start >= opened.count }
        let end = min(opened.count, start + room)
        let rows = try await session.rows((start + 1)...end).filter { $0.number > place.last }
        place.count += end - start
        guard place.count <= limits.itemsMax else { throw SourceFailure.limit(.items(limits.itemsMax)) }
        try await take(rows, folder, opened, known)
        (place.last, place.position) = (rows.last.map { Int($0.number) } ?? place.last, end)
        return end == opened.count
    }

    /// How many messages lie before the place. Others may have gone since, so it is looked for where it was and, if it
    /// is not there, by halves: numbers ascend with places, and places only become smaller.
    private func start(in opened: OpenedFolder) async throws -> Int {
        guard place.last > 0 else { return 0 }
        var (low, high) = (0, min(place.position, opened.count))
        if high == place.position, high > 0, try await session.number(at: high) == place.last { return high }
        while low < high {
            let middle = (low + high + 1) / 2
            if try await session.number(at: middle) <= place.last { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// Of what the caller knows, only the rule may be news: a message never changes.
    private mutating func take(
        _ rows: [MailRow], _ folder: MailFolder, _ opened: OpenedFolder, _ known: KnownTags
    ) async throws {
        var new: [(key: MailKey, row: MailRow)] = []
        for row in rows {
            let key = MailKey(folder: folder.name, validity: opened.validity, number: row.number)
            if try await known.tag(key.key) == key.tag {
                changes.append(.permissions(key.key, connector.permissions))
            } else if row.size ?? 0 > limits.itemBytesMax {
                skip(key.key, "\(folder.path)/\(row.number)", .tooLarge(bytesMax: limits.itemBytesMax))
            } else {
                new.append((key, row))
            }
        }
        let subjects = try await session.subjects(of: new.map(\.row.number))
        for (key, row) in new {
            let subject = subjects[row.number]
            changes.append(
                .upsert(
                    SourceItem(
                        key: key.key,
                        path: "\(folder.path)/\(subject ?? "\(row.number)")".shown(limits.pathBytesMax),
                        title: subject?.shown(512), mediaType: MailKey.mediaType, size: row.size,
                        modified: row.received, tag: key.tag, permissions: connector.permissions)))
        }
    }

    private mutating func skip(_ key: ExactText?, _ path: String, _ reason: PoisonReason) {
        skipped.append(SkippedItem(key: key, path: path.shown(limits.pathBytesMax), reason: reason))
    }
}
