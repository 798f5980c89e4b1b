import Access
import Connectors
import Documents
import JobQueue
import Kit
import Library
import Storage

/// The pages of one run, in order, each taken in before its cursor is kept: a crash repeats a page, and what of it was
/// taken in is recognised by its tag.
struct SyncRun {
    private let run: Run
    private let connector: any Connector
    private let items: SourceItemStore
    private var record: SourceRecord
    private var people: PrincipalMap
    /// Its rights of this moment, resolved anew for every page.
    private var principal: Principal
    private var taken = 0
    /// Time spent on reading documents, and on waiting for those who read them here.
    private var reading: Duration = .zero
    private var hasPostponed = false
    private var peopleRead: Timestamp
    /// What an item of this page is marked with: the listing that names it, or nothing when a feed of changes does.
    private var mark = 0

    private var intake: Intake { run.intake }
    private var tenant: TenantID { principal.tenant }

    init(_ run: Run, _ record: SourceRecord) async throws {
        self.run = run
        self.record = record
        principal = try await run.job.principalNow()
        connector = try run.intake.connector(for: record.settings)
        items = run.intake.items(of: record)
        people = try await Self.people(run, record, connector, principal)
        peopleRead = run.intake.parts.clock.now()
    }

    private static func people(
        _ run: Run, _ record: SourceRecord, _ connector: any Connector, _ principal: Principal
    ) async throws -> PrincipalMap {
        let settings = record.settings.people
        let directory = settings.obeysSource ? try await connector.directory() : nil
        let people = try await PrincipalMap(
            directory, of: record.id, settings, run.intake.parts.access, as: principal,
            check: { try run.confirm(in: $0) })
        try await run.write { [sources = run.intake.sources] record, tx in
            (record.accounts, record.recognised) = (people.accounts, people.recognised)
            try sources.setAccounts(people.accountsOf, of: record.id, for: principal, in: tx)
        }
        return people
    }

    /// Who is in which group is read again while a long run goes on.
    private mutating func refreshPeople() async throws {
        let now = intake.parts.clock.now()
        guard now - peopleRead >= intake.settings.peopleAgeMax else { return }
        people = try await Self.people(run, record, connector, principal)
        peopleRead = now
    }

    mutating func perform() async throws {
        var isLast = false
        while !isLast {
            try run.job.checkCancelled()
            principal = try await run.job.principalNow()
            try await refreshPeople()
            let page = try await connector.changes(since: record.cursor, known: known)
            try await take(page)
            isLast = page.isLast
            if isLast, page.isListing, try await !removeUnseen() { return try await hold(page.next) }
            try await keep(page, isLast: isLast)
        }
        try await finish(isWhole: try await !retryProblems())
    }

    private var known: KnownTags {
        let (items, principal, database) = (items, principal, intake.parts.database)
        return KnownTags { key in
            try await database.read { connection in
                let known = try items.known(items.index(of: key, principal.tenant), for: principal, in: connection)
                return known.flatMap { $0.tagIndex.isEmpty ? nil : $0.item.tag }
            }
        }
    }

    // MARK: - A page

    private mutating func take(_ page: ChangePage) async throws {
        mark = page.isListing ? record.listing : 0
        var seen: [[UInt8]] = []
        for change in page.changes {
            try run.job.checkCancelled()
            switch change {
            case .upsert(let item): if let index = try await take(item) { seen.append(index) }
            case .permissions(let key, let permissions):
                if let index = try await permit(key, permissions) { seen.append(index) }
            case .removed(let key): try await remove(key)
            }
        }
        for skipped in page.skipped { if let index = try await skip(skipped) { seen.append(index) } }
        let (items, principal, listing, indexes) = (items, principal, mark, seen)
        try await intake.parts.database.write(.tenant(tenant)) { [run] tx in
            try run.confirm(in: tx)
            try items.markSeen(indexes, listing: listing, for: principal, in: tx)
        }
    }

    /// The index of an item that is as it was, and so only has to be marked as seen.
    private mutating func take(_ item: SourceItem) async throws -> [UInt8]? {
        let known = try await find(item.key)
        let (tag, rights) = (
            try items.index(of: item.tag, tenant), try items.index(of: item.permissions, tenant)
        )
        if let known, known.tagIndex == tag || isWaiting(known, for: item.tag) {
            let isSame = known.rightsIndex == rights && known.item.path == item.path && known.item.url == item.url
            if isSame { return known.index }
            try await settle(known, as: item)
            return nil
        }
        try await fetch(item, known)
        return nil
    }

    /// Whether this version failed before and its time has not come again.
    private func isWaiting(_ known: KnownItem, for tag: ExactText) -> Bool {
        let now = intake.parts.clock.now()
        return known.problem != nil && known.item.tag == tag && known.retryAt.map { $0 > now } ?? true
    }

    /// A run that reads for long would see too late what changed meanwhile: what is left when its time is up waits for
    /// the next run, which follows at once.
    private var isTimeUp: Bool { reading > intake.settings.readingTimeMax }

    /// Only the bytes wait: the rules of now hold for what was taken in before.
    private mutating func postpone(_ item: SourceItem, _ known: KnownItem?) async throws {
        hasPostponed = true
        let row = KnownItem(
            index: try items.index(of: item.key, tenant), item: item, document: known?.document,
            tagIndex: known?.tagIndex ?? [], rightsIndex: try items.index(of: item.permissions, tenant),
            problem: known?.problem, attempts: known?.attempts ?? 0, retryAt: intake.parts.clock.now())
        try await save(
            row, at: try place(of: item), under: try await people.rules(for: item.permissions), isOutdated: true)
    }

    /// The bytes and what becomes of them: a document, a note of what is wrong with them, or nothing if it is gone.
    private mutating func fetch(_ item: SourceItem, _ known: KnownItem?) async throws {
        guard try await waitForReaders(), !isTimeUp else { return try await postpone(item, known) }
        let began = intake.parts.clock.now()
        defer { reading += intake.parts.clock.now() - began }
        do {
            let content = try await connector.content(of: item, bytesMax: intake.settings.itemBytesMax)
            try await land(content, item, known)
        } catch SourceFailure.gone {
            if let known { try await run.forget(known, items, principal) }
        } catch SourceFailure.changed {
            try await note("It changed while it was read.", item, known, isPassing: true)
        } catch SourceFailure.poison(let reason) {
            try await note(reason.sentence, item, known, isPassing: reason.mayPass)
        } catch SourceFailure.forbidden(let sentence) {
            try await note(sentence, item, known, isPassing: true)
        } catch LibraryFailure.unreadable(let reason) {
            try await note(reason.sentence, item, known, isPassing: false)
        } catch LibraryFailure.empty {
            try await note("It is empty.", item, known, isPassing: false)
        } catch LibraryFailure.tooLarge(_, let bytesMax) {
            try await note("It is larger than \(bytesMax) bytes.", item, known, isPassing: false)
        } catch LibraryFailure.notFound where known?.document != nil {
            // Its document went another way; it comes anew.
            try await run.forgetRow(known?.index ?? [], items, principal)
            try await fetch(item, nil)
        } catch LibraryFailure.labelAboveClearance {
            throw SourceFailure.misconfigured("The label of its documents is above the clearance of its owner.")
        }
    }

    private mutating func land(_ content: SourceContent, _ item: SourceItem, _ known: KnownItem?) async throws {
        let index = try items.index(of: item.key, tenant)
        // The bytes decide which version this is, whatever the listing said before.
        let tag = try items.index(of: content.tag, tenant)
        let rights = try items.index(of: item.permissions, tenant)
        let landing = Landing(
            source: record.id, collection: record.settings.collection, document: known?.document,
            place: try place(of: item), declaredType: content.mediaType ?? item.mediaType,
            label: record.settings.label, imposed: try await people.rules(for: item.permissions),
            bytes: content.bytes)
        var stored = item
        stored.tag = content.tag
        let (run, items, principal, listing, final) = (run, items, principal, mark, stored)
        _ = try await intake.parts.library.land(landing, by: principal) { document, tx in
            try run.confirm(in: tx)
            let row = KnownItem(
                index: index, item: final, document: document, tagIndex: tag, rightsIndex: rights, problem: nil,
                attempts: 0, retryAt: nil)
            try items.save(row, seen: listing, for: principal, in: tx)
        }
        taken += 1
        try await run.job.report(JobProgress(done: taken, total: 0, step: nil))
    }

    private func place(of item: SourceItem) throws -> DocumentPlace {
        DocumentPlace(path: try LandingPath.path(of: item.path, in: record.settings.name), origin: item.url)
    }

    /// The same bytes under other rules or at another place.
    private mutating func settle(_ known: KnownItem, as item: SourceItem) async throws {
        let rules = try await people.rules(for: item.permissions)
        let row = KnownItem(
            index: known.index, item: item, document: known.document, tagIndex: known.tagIndex,
            rightsIndex: try items.index(of: item.permissions, tenant), problem: known.problem,
            attempts: known.attempts, retryAt: known.retryAt)
        try await save(row, at: try place(of: item), under: rules)
    }

    /// An item that could not be taken in as it is now. What was taken in before stays, under the rules of now.
    private mutating func note(
        _ sentence: String, _ item: SourceItem, _ known: KnownItem?, isPassing: Bool
    ) async throws {
        let attempts = (known?.attempts ?? 0) + 1
        let mayPass = isPassing && attempts < intake.settings.itemAttemptsMax
        let wait = intake.settings.itemBackoff * (1 << min(attempts - 1, 10))
        let row = KnownItem(
            index: try items.index(of: item.key, tenant), item: item, document: known?.document,
            tagIndex: [], rightsIndex: try items.index(of: item.permissions, tenant), problem: sentence,
            attempts: attempts,
            retryAt: mayPass ? intake.parts.clock.now() + wait : nil)
        try await save(row, at: nil, under: try await people.rules(for: item.permissions), isOutdated: true)
    }

    /// An item that the source named and could not show. Its permissions, if the page changes them, come as a change.
    private mutating func skip(_ skipped: SkippedItem) async throws -> [UInt8]? {
        guard let key = skipped.key else { return nil }
        if let known = try await find(key) {
            // Its rules were taken back, and what cannot be shown states none.
            if known.rightsIndex.isEmpty { try await run.conceal(known, items, principal) }
            return known.index
        }
        let item = SourceItem(key: key, path: skipped.path, tag: "", permissions: .unknown)
        try await note(skipped.reason.sentence, item, nil, isPassing: false)
        return nil
    }

    /// The index of an item whose rules are what they were.
    private mutating func permit(_ key: ExactText, _ permissions: SourcePermissions) async throws -> [UInt8]? {
        guard let known = try await find(key) else { return nil }
        guard try items.index(of: permissions, tenant) != known.rightsIndex else { return known.index }
        var item = known.item
        item.permissions = permissions
        try await settle(known, as: item)
        return nil
    }

    private func remove(_ key: ExactText) async throws {
        guard let known = try await find(key) else { return }
        try await run.forget(known, items, principal)
    }

    /// `isOutdated`: the source has other bytes than those that were taken in.
    private func save(
        _ row: KnownItem, at place: DocumentPlace?, under rules: [ACLConstraint], isOutdated: Bool = false
    ) async throws {
        let (run, items, principal, listing) = (run, items, principal, mark)
        let save: @Sendable (any Transaction) throws -> Void = { tx in
            try run.confirm(in: tx)
            try items.save(row, seen: listing, for: principal, in: tx)
        }
        guard let document = row.document else {
            return try await intake.parts.database.write(.tenant(tenant)) { try save($0) }
        }
        try await intake.parts.library.settle(
            document, at: place, under: rules, label: record.settings.label, isOutdated: isOutdated, of: record.id,
            by: principal, also: { try save($1) })
    }

    private func find(_ key: ExactText) async throws -> KnownItem? {
        let (items, principal) = (items, principal)
        return try await intake.parts.database.read {
            try items.known(items.index(of: key, principal.tenant), for: principal, in: $0)
        }
    }

    /// A source that is faster than reading waits, so that what waits to be read stays bounded.
    /// False when that takes too long: then the next run goes on, and this one holds up nobody.
    private mutating func waitForReaders() async throws -> Bool {
        guard taken % 50 == 0 else { return true }
        let (library, collection) = (intake.parts.library, record.settings.collection)
        while try await library.waiting(in: collection, for: principal) > intake.settings.waitingMax {
            guard !isTimeUp else { return false }
            try await intake.parts.clock.sleep(.seconds(2))
            reading += .seconds(2)
            try run.job.checkCancelled()
        }
        return true
    }

    // MARK: - The end

    /// Deletes what the listing no longer names. False when that is more than can be believed: then it is hidden.
    private mutating func removeUnseen() async throws -> Bool {
        let (items, principal, listing) = (items, principal, record.listing)
        let counts = try await intake.parts.database.read {
            try items.counts(listing: listing, for: principal, in: $0)
        }
        let bound = max(intake.settings.removalsMin, counts.documents * intake.settings.removalPercentMax / 100)
        // A listing that names nothing at all is rather a source that is not there.
        let isEmptied = counts.documents >= 3 && counts.unseen == counts.documents
        let isBelievable = counts.unseen <= bound && !isEmptied
        let isConfirmed = record.isRemovalConfirmed
        var held = 0
        var after: [UInt8] = []
        while true {
            let last = after
            let batch = try await intake.parts.database.read {
                try items.unseen(since: listing, after: last, limit: 100, for: principal, in: $0)
            }
            guard let end = batch.last else {
                record.heldCount = held
                return held == 0
            }
            after = end.index
            for item in batch {
                try run.job.checkCancelled()
                // Confirmed is what a person saw hidden, not what went since.
                if isBelievable || item.document == nil || isConfirmed && item.rightsIndex.isEmpty {
                    try await run.forget(item, items, principal)
                } else {
                    held += 1
                    try await run.hide(item, items, principal)
                }
            }
        }
    }

    private func hold(_ next: SourceCursor) async throws {
        let (count, every) = (record.heldCount, record.settings.every)
        try await run.write { [run] record, tx in
            record.state = .held
            record.heldCount = count
            (record.cursor, record.isListing) = (nil, false)
            record.problem =
                "\(count) documents are not there any more. They are hidden. Confirm that they may be deleted, or mend "
                + "the source; they come back with it."
            try run.next(&record, every: every, in: tx)
        }
    }

    private mutating func keep(_ page: ChangePage, isLast: Bool) async throws {
        record.cursor = page.next
        let (cursor, isListing) = (record.cursor, page.isListing && !isLast)
        try await run.write { record, _ in
            record.cursor = cursor
            record.isListing = isListing
        }
    }

    /// Those whose time has come; a source that tells changes only would not name them again. True when some are left.
    private mutating func retryProblems() async throws -> Bool {
        let (items, principal, now) = (items, principal, intake.parts.clock.now())
        while true {
            try run.job.checkCancelled()
            let due = try await intake.parts.database.read {
                try items.due(at: now, limit: 100, for: principal, in: $0)
            }
            if due.isEmpty { return hasPostponed }
            if isTimeUp { return true }
            for known in due { try await fetch(known.item, known) }
        }
    }

    private func finish(isWhole: Bool) async throws {
        let every = isWhole ? record.settings.every : 1
        try await run.write { [run] record, tx in
            record.state = .waiting
            record.problem = nil
            record.failures = 0
            record.heldCount = 0
            record.isRemovalConfirmed = false
            if isWhole { record.currentAt = record.startedAt }
            try run.next(&record, every: every, in: tx)
        }
    }
}
