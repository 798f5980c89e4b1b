import Access
import Answers
import AuditTrail
import Documents
import Encoder
import HTTPKit
import Intake
import JobQueue
import Keyring
import Kit
import Library
import Sandbox
import Search
import Settings
import Storage
import Telemetry
import WebUI

/// Everything joined, in the order of the ranks. A list, not an algorithm: read it to know what the product is made of.
struct Platform: Sendable {
    /// What this process is for: a server owns the socket, a command is gone when it is done.
    enum Role: Sendable { case server, command }

    let settings: CloisterSettings
    let ground: Ground
    let audit: AuditTrail
    let access: AccessService
    let jobs: JobQueue
    let encoder: Encoder
    let earlierEncoder: Encoder?
    let index: SearchIndex
    let parsers: ParserPool
    let library: DocumentLibrary
    let answers: AnswerPipeline
    let intake: Intake
    let demonstration: DemonstrationRoutes
    private let role: Role
    let metrics: MetricsRegistry
    let readiness: Readiness
    let fastRoutes: [any FastRoute] = [PingRoute()]
    let socketRoutes: [WebSocketRoute] = [.echo]
    let routes: RouteTable

    /// Every table of the product and how its sealed data is erased (DESIGN 7.11).
    static let schemas: [Schema] = [
        AuditMigrations.schema, AccessMigrations.schema, JobQueue.schema, SearchIndex.schema, LibrarySchema.schema,
        AnswerSchema.schema, IntakeSchema.schema,
    ]

    /// Throws `StorageFailure.directoryLocked` while another process holds the data directory.
    static func open(
        _ settings: CloisterSettings, role: Role, clock: WallClock = .system, randomness: Randomness = .system,
        launcher: JailLauncher = .thisProgram
    ) async throws -> Platform {
        let ground = try await Ground.open(settings, clock: clock, randomness: randomness)
        let platform = try Platform(settings, role: role, on: ground, launcher: launcher)
        try await platform.recover()
        return platform
    }

    /// `launcher` is the program that parsers run in: this one, but in tests.
    init(_ settings: CloisterSettings, role: Role, on ground: Ground, launcher: JailLauncher = .thisProgram) throws {
        let (database, keyring, clock, randomness) = (ground.database, ground.keyring, ground.clock, ground.randomness)
        self.settings = settings
        self.role = role
        self.ground = ground
        audit = AuditTrail(database: database, sealer: keyring, clock: clock, randomness: randomness)
        access = try AccessService(
            database: database, sealer: keyring, audit: audit, clock: clock, randomness: randomness,
            settings: settings.access, makeKey: { try keyring.createKey($0) })
        jobs = JobQueue(
            database: database, sealer: keyring, audit: audit, clock: clock, randomness: randomness,
            settings: settings.jobQueue,
            resolve: { [access] in try await access.principal(tenant: $0, subject: $1, purpose: $2, job: $3) })
        encoder = try Encoder(directory: settings.encoder.directory, settings: settings.encoderSettings)
        earlierEncoder = try settings.encoder.earlierDirectory.map {
            try Encoder(directory: $0, settings: settings.encoderSettings)
        }
        index = SearchIndex(
            database: database, blobs: ground.segments, sealer: keyring,
            settings: settings.searchSettings(
                encoder: encoder.fingerprint, earlier: earlierEncoder?.fingerprint),
            clock: clock, randomness: randomness)
        parsers = ParserPool(bounds: settings.parserBounds, launcher: launcher)
        library = DocumentLibrary(
            .init(
                database: database, blobs: ground.originals, keyring: keyring, audit: audit, jobs: jobs, index: index,
                encoder: encoder, earlierEncoder: earlierEncoder, reader: parsers.reader,
                painter: JailedPainter(launcher: launcher).painter, clock: clock, randomness: randomness),
            settings: settings.librarySettings)
        let tools = try settings.connectorTools(clock: clock, randomness: randomness)
        answers = AnswerPipeline(
            database: database, sealer: keyring, audit: audit, library: library, encoder: encoder,
            model: try settings.chatModel(tools), settings: settings.answerSettings, clock: clock,
            randomness: randomness)
        intake = Intake(
            .init(
                database: database, sealer: keyring, audit: audit, access: access, jobs: jobs, library: library,
                tools: tools, clock: clock,
                randomness: randomness),
            settings: settings.intakeSettings)
        jobs.register(kind: IngestJob.kind) { [library] in try await IngestJob(library: library).run($0) }
        jobs.whenGivenUp(kind: IngestJob.kind) { [library] in try IngestJob(library: library).giveUp($0, in: $1) }
        jobs.register(kind: RereadJob.kind) { [library] in try await RereadJob(library: library).run($0) }
        jobs.whenGivenUp(kind: RereadJob.kind) { [library] in try RereadJob(library: library).giveUp($0, in: $1) }
        library.register { [intake] in await intake.confirmed($0, for: $1) }
        jobs.register(kind: SyncJob.kind) { [intake] in try await SyncJob(intake: intake).run($0) }
        jobs.whenGivenUp(kind: SyncJob.kind) { [intake] in try SyncJob(intake: intake).giveUp($0, in: $1) }

        demonstration = DemonstrationRoutes(access: access, pipeline: answers)
        metrics = MetricsRegistry()
        readiness = Readiness()
        let slow: [[Route]] = [
            HealthRoutes.routes(readiness), MetricsRoutes(registry: metrics).routes, AccessRoutes(access).routes,
            LocalRoutes(access: access).routes, AuditRoutes(trail: audit).table, JobRoutes(jobs).routes,
            LibraryRoutes(library: library, access: access).routes, SearchRoutes(library: library).routes,
            AnswerRoutes(pipeline: answers).routes, IntakeRoutes(intake, access: access).routes,
            demonstration.routes,
            try WebUIRoutes(webRoot: settings.server.webRoot, embedders: settings.server.embedders).routes,
        ]
        let described = HTTPService.routes(slow.flatMap { $0 }, fast: fastRoutes, sockets: socketRoutes)
        routes = try RouteTable(
            described + [OpenAPIDocument.route(describing: described, version: Release.version)],
            settings: try settings.http(role: role),
            services: RouteTableServices(
                authenticator: access, ledger: IdempotencyStore(database: database, sealer: keyring, clock: clock),
                revoked: { [access] in await access.revoked($0) }, recorder: .metrics(metrics), clock: clock,
                randomness: randomness))
    }

    /// What a crash may have left half done, finished before anybody is served.
    private func recover() async throws {
        var handlers = access.intentHandlers
        handlers[DocumentLibrary.erasureIntent] = { [library] _, payload in try await library.resumeErasure(payload) }
        try await audit.replayOpenIntents(handlers: handlers)
        try await library.sweepOrphans()
    }

    /// Job workers, index follower and credential cache: what runs beside requests.
    func runBackground() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await jobs.run() }
            group.addTask { try await index.run() }
            group.addTask { await access.run() }
            if role == .server { group.addTask { await intake.watchers.run() } }
            try await group.waitForAll()
        }
    }

    func close() async {
        encoder.close()
        earlierEncoder?.close()
        jobs.close()
        library.close()
        parsers.close()
        await ground.close()
    }
}
