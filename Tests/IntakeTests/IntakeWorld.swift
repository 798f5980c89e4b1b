import Access
import Connectors
import JobQueue
import Kit
import Library
import Outbound
import Storage
import TestKit
import TestLibrary

@testable import Intake

/// A library with one collection that a scripted source feeds. What runs is the product's own job.
struct IntakeWorld: Sendable {
    let base: LibraryWorld
    let intake: Intake
    let source: ScriptedSource
    let collection: CollectionID

    var admin: Principal { base.admin }
    var library: DocumentLibrary { base.library }

    static func each(
        settings: IntakeSettings = IntakeSettings(), isolation: isolated (any Actor)? = #isolation,
        _ body: (IntakeWorld) async throws -> Void
    ) async throws {
        try await LibraryWorld.each(more: [IntakeSchema.schema]) { base in
            try await body(IntakeWorld(base, settings))
        }
    }

    /// Fed by `connector`, or by `source`, which a test scripts.
    init(_ base: LibraryWorld, _ settings: IntakeSettings, connector: (any Connector)? = nil) async throws {
        self.base = base
        let source = ScriptedSource()
        self.source = source
        let connector = connector ?? source
        let kind = ConnectorKind(
            name: "scripted", title: "Scripted", summary: "What a test says.", statesPermissions: true,
            options: [
                OptionDeclaration("url", .text, isRequired: true, "Address."),
                OptionDeclaration("token", .secret, "Token."),
            ]
        ) { _, _ throws(SourceFailure) in connector }
        let client = try OutboundClient(policy: try OutboundPolicy(), clock: base.time.clock)
        let tools = ConnectorTools(
            client: RetryingClient(client, clock: base.time.clock), folders: [], clock: base.time.clock)
        let intake = Intake(
            .init(
                database: base.database, sealer: base.keyring, audit: base.audit, access: base.access, jobs: base.jobs,
                library: base.library, tools: tools, kinds: [kind], clock: base.time.clock, randomness: .system),
            settings: settings)
        self.intake = intake
        base.jobs.register(kind: SyncJob.kind) { try await SyncJob(intake: intake).run($0) }
        base.jobs.whenGivenUp(kind: SyncJob.kind) { try SyncJob(intake: intake).giveUp($0, in: $1) }
        base.library.register { await intake.confirmed($0, for: $1) }
        collection = try await base.collection("Wiki")
    }

    static let hookSecret = "a secret for webhooks"

    /// Connected, with a secret for its webhooks, and current.
    func hooked() async throws -> SourceID {
        var draft = draft()
        draft.options["hook_secret"] = .text(Self.hookSecret)
        return try await connected(draft)
    }

    func draft(_ name: String = "wiki", people: PeopleSettings = PeopleSettings(match: .username)) -> SourceSettings {
        SourceSettings(
            name: name, kind: "scripted", options: ["url": .text("https://wiki.example"), "token": .text("s3cret")],
            collection: collection, people: people)
    }

    /// Connected, and its first run and what that queued are done.
    func connected(_ draft: SourceSettings? = nil) async throws -> SourceID {
        let made = try await intake.create(draft ?? self.draft(), by: admin, request: nil)
        try await base.runJobs()
        return made.record.id
    }

    /// The next run by the clock, and what it queued.
    func nextRun() async throws {
        base.time.advance(by: .seconds(301))
        try await base.runJobs()
    }

    func state(_ id: SourceID) async throws -> SourceRecord { try await intake.source(id, for: admin).record }
    func summary(_ id: SourceID) async throws -> SourceSummary { try await intake.source(id, for: admin) }

    /// People of ours and of the source, by name, with the groups that the source puts them in.
    func people(_ names: [String], groups: [String: [String]] = [:], nested: [String: [String]] = [:]) async throws
        -> [String: SubjectID]
    {
        source.direct(names, groups: groups, nested: nested)
        var subjects: [String: SubjectID] = [:]
        for name in names { subjects[name] = try await base.person(name).subject }
        return subjects
    }

    /// Paths of what somebody is shown of the collection, and finds by the word that all pages have.
    func seen(by subject: SubjectID, word: String = "page") async throws -> Set<String> {
        let reader = try await base.now(subject)
        let listed = try await library.documents(of: collection, PageRequest(limit: 200), for: reader).items
        let found = try await base.found(word, as: reader)
        let (ready, hits) = (Set(listed.filter { $0.currentVersion != nil }.map(\.id)), Set(found))
        guard hits.isSubset(of: ready), hits.count == min(ready.count, hits.count) else {
            throw WorldFailure.placesDisagree([hits.isEmpty, ready.isEmpty])
        }
        return Set(listed.map(\.path))
    }
}

extension ScriptedSource {
    func direct(_ names: [String], groups: [String: [String]], nested: [String: [String]] = [:]) {
        let accounts = names.map { SourceAccount(id: ExactText($0), name: $0) }
        let all = Set(groups.keys).union(nested.keys).sorted()
        let directory = SourceDirectory(
            accounts: accounts,
            groups: all.map { name in
                SourceGroup(
                    id: ExactText(name), name: name, accounts: Set((groups[name] ?? []).map { ExactText($0) }),
                    groups: Set((nested[name] ?? []).map { ExactText($0) }))
            })
        change { $0.directory = directory }
    }
}
