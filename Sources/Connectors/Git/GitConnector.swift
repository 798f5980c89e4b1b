import Kit
import Outbound

/// Files of a Git repository at the newest commit of a branch. An item is its path, its version the name of its
/// content.
///
/// No clone is kept. A listing reads the trees of one commit, which are small, and ends with that commit's name: while
/// the branch stays there, nothing changed. Any other commit, also one that the branch was forced to, is listed again
/// from its trees, and the tags tell what is new. A listing that began goes on with its own commit.
package struct GitConnector: Connector {
    let settings: GitSettings
    let form: CursorForm
    let repository: GitRepository
    let server: any GitTransport
    private let permissions: SourcePermissions
    private let clock: WallClock
    private let memory: GitMemory
    private let turns = GitTurns()
    private let web: GitWeb?

    /// Throws `.misconfigured`.
    package init(_ settings: GitSettings, client: RetryingClient, clock: WallClock = .system) throws(SourceFailure) {
        try settings.validate()
        self.settings = settings
        self.clock = clock
        let selection = try PathSelection(include: settings.include, exclude: settings.exclude)
        let address = try settings.address()
        server = try settings.transport(to: address, client)
        repository = GitRepository(server: server, settings: settings, selection: selection)
        permissions = settings.permissions?.permissions ?? .unknown
        memory = GitMemory(settings)
        web = GitWeb(address)
        form = CursorForm(
            connector: "git.1",
            settings: [address.text, settings.branch ?? "", permissions.fingerprint, "\(settings.folders.count)"]
                + settings.folders + selection.forms)
    }

    package func changes(since cursor: SourceCursor?, known: KnownTags) async throws -> ChangePage {
        let place = try cursor.map { try GitPlace($0, form) }
        if let place, place.start > 0 {
            return try await page(of: try await plan(of: place.head, isCursor: true), place.start, known)
        }
        let head = try await head(isNew: true)
        if let place, place.commit == head.commit {
            return ChangePage(next: try GitPlace(head, 0).cursor(form), isLast: true, isListing: false)
        }
        guard head.commit != nil || place == nil else {
            throw SourceFailure.misconfigured("The repository has no commits any more. Remove the source to empty it.")
        }
        memory.beginListing()
        return try await page(of: try await plan(of: head, isCursor: false), 0, known)
    }

    package func content(of item: SourceItem, bytesMax: Int) async throws -> SourceContent {
        let bound = min(bytesMax, settings.limits.itemBytesMax)
        if let (pack, blob) = memory.ahead(item.key, item.tag, at: clock.now()) {
            return try Self.content(blob, try Self.lookUp(blob, in: pack), bound)
        }
        return try await turns.alone { try await fetched(item, bound) }
    }

    /// Another task may have fetched it while this one waited.
    private func fetched(_ item: SourceItem, _ bound: Int) async throws -> SourceContent {
        if let (pack, blob) = memory.ahead(item.key, item.tag, at: clock.now()) {
            return try Self.content(blob, try Self.lookUp(blob, in: pack), bound)
        }
        let head = try await head(isNew: false)
        let plan = try await plan(of: head, isCursor: false)
        guard let position = plan.position(of: item.key) else { throw SourceFailure.gone }
        let blob = plan.files[position].blob
        for pack in memory.asked(for: item.key) {
            guard case .found(let object) = try Self.lookUp(blob, in: pack) else { continue }
            return try Self.content(blob, .found(object), bound)
        }
        return try Self.content(blob, try await fetch(position, of: plan, bound), bound)
    }

    package func test() async -> ConnectionReport {
        var report = ConnectionReport()
        guard await server.reach(&report) else { return report }
        do {
            let head = try await head(isNew: true)
            let branch = head.branch.map { "The branch \($0.shown(100)) can be read." }
            report.passed(.listing, branch ?? "The repository can be read.")
            let plan = try await plan(of: head, isCursor: false)
            report.passed(
                .items, "\(plan.files.count) files were seen and \(plan.skipped.count) entries skipped.")
        } catch {
            report.failed(error as? SourceFailure ?? .retryable(after: nil, "The test was cancelled."))
        }
        return report
    }

    private func page(of plan: GitPlan, _ start: Int, _ known: KnownTags) async throws -> ChangePage {
        guard start <= plan.files.count else { throw SourceFailure.cursorExpired }
        let end = min(plan.files.count, start + settings.limits.pageItemsMax)
        let isLast = end == plan.files.count
        let next = try GitPlace(plan.head, isLast ? 0 : end).cursor(form)
        var page = ChangePage(next: next, isLast: isLast, isListing: true)
        if start == 0 { page.skipped = plan.skipped }
        for file in plan.files[start..<end] {
            let tag = ExactText(file.blob.hex)
            if try await known.tag(file.path) != tag { memory.expect(file.path) }
            page.changes.append(
                .upsert(
                    SourceItem(
                        key: file.path, path: file.path.text, modified: plan.time, tag: tag, permissions: permissions,
                        url: plan.head.branch.flatMap { web?.address(of: file.path.text, branch: $0) })))
        }
        return page
    }
}

extension GitConnector {
    private func capabilities(isNew: Bool) async throws -> GitCapabilities {
        if !isNew, let kept = memory.capabilities { return kept }
        do {
            let capabilities = try await server.advertisement()
            memory.capabilities = capabilities
            return capabilities
        } catch SourceFailure.poison(.tooLarge(let bytesMax)) {
            throw SourceFailure.limit(.listBytes(bytesMax))
        } catch let fault as GitFault {
            throw fault.failure
        }
    }

    private func head(isNew: Bool) async throws -> GitRepository.Head {
        let capabilities = try await capabilities(isNew: isNew)
        let now = clock.now()
        let head = try await repository.head(capabilities)
        memory.sawHead(head, at: now)
        return head
    }

    /// Throws `.cursorExpired` when a cursor's commit is not there any more.
    private func plan(of head: GitRepository.Head, isCursor: Bool) async throws -> GitPlan {
        if let kept = memory.plan(of: head) { return kept }
        guard let commit = head.commit else { return GitPlan(head, time: nil) }
        do {
            let capabilities = try await capabilities(isNew: false)
            let pack = try await repository.pack(of: commit, isWhole: false, capabilities)
            var planner = try GitPlanner(pack, settings, repository.selection)
            let plan = try planner.plan(commit, of: head)
            memory.keep(plan)
            if !capabilities.hasFilter { memory.keep(pack, with: plan.files) }
            return plan
        } catch GitFault.notGiven where isCursor {
            throw SourceFailure.cursorExpired
        } catch let fault as GitFault {
            throw fault.failure
        }
    }

    /// The file at `position`, fetched together with others that will be asked for.
    private func fetch(_ position: Int, of plan: GitPlan, _ bound: Int) async throws -> GitPack.Lookup {
        let capabilities = try await capabilities(isNew: false)
        let blob = plan.files[position].blob
        while memory.givesFiles {
            let files = memory.batch(at: position, of: plan)
            let isOne = files.count == 1
            // Compressed, a file may be a little larger than it is.
            let bytesMax = isOne ? bound + bound / 512 + 4096 : settings.batchBytesMax
            do {
                let pack = try await repository.pack(
                    of: Self.unique(files.map(\.blob)), bytesMax: bytesMax, capabilities)
                memory.fetched(files.count, wasTooLarge: false)
                memory.keep(pack, with: Array(files.dropFirst()))
                return try Self.lookUp(blob, in: pack)
            } catch GitFault.notGiven {
                memory.givesFiles = false
            } catch SourceFailure.poison(.tooLarge), GitFault.tooMuch {
                guard !isOne else { return .tooLarge }
                memory.fetched(files.count, wasTooLarge: true)
            } catch let fault as GitFault {
                throw fault.failure
            }
        }
        return try await fetchWhole(blob, of: plan, capabilities)
    }

    /// All files of the commit, from a server that gives none by its name.
    private func fetchWhole(
        _ blob: ObjectID, of plan: GitPlan, _ capabilities: GitCapabilities
    ) async throws -> GitPack.Lookup {
        guard let commit = plan.head.commit else { return .missing }
        do {
            let pack = try await repository.pack(of: commit, isWhole: true, capabilities)
            memory.keep(pack, with: plan.files)
            return try Self.lookUp(blob, in: pack)
        } catch let fault as GitFault {
            throw fault.failure
        }
    }

    private static func unique(_ blobs: [ObjectID]) -> [ObjectID] {
        var seen: Set<ObjectID> = []
        return blobs.filter { seen.insert($0).inserted }
    }

    private static func lookUp(_ blob: ObjectID, in pack: GitPack) throws(SourceFailure) -> GitPack.Lookup {
        do throws(GitFault) { return try pack.object(blob) } catch { throw error.failure }
    }

    private static func content(
        _ blob: ObjectID, _ found: GitPack.Lookup, _ bound: Int
    ) throws(SourceFailure) -> SourceContent {
        switch found {
        case .found(let object) where object.kind == .blob:
            guard object.content.count <= bound else { throw .poison(.tooLarge(bytesMax: bound)) }
            guard !GitPointer.isOne(object.content) else { throw .poison(.pointer) }
            return SourceContent(bytes: object.content, tag: ExactText(blob.hex))
        case .tooLarge: throw .poison(.tooLarge(bytesMax: bound))
        case .found, .missing: throw GitFault.notGiven.failure
        }
    }
}
