import Access
import AuditTrail
import Connectors
import JobQueue
import Kit
import Library
import Outbound
import Storage
import Synchronization

/// Which other systems feed the library, and how current is what came from them.
///
/// A source belongs to one collection and runs as a chain of jobs: each run, when it ends, enqueues the next. The
/// `round` of a source names the link of the chain that counts; starting, pausing or deleting it by hand makes a new
/// round, and a job of an old one undoes what it was about to commit.
package final class Intake: Sendable {
    package struct Parts: Sendable {
        package let database: any Database
        package let sealer: any Sealer
        package let audit: AuditTrail
        package let access: AccessService
        package let jobs: JobQueue
        package let library: DocumentLibrary
        package let tools: ConnectorTools
        package let kinds: [ConnectorKind]
        package let clock: WallClock
        package let randomness: Randomness

        package init(
            database: any Database, sealer: any Sealer, audit: AuditTrail, access: AccessService, jobs: JobQueue,
            library: DocumentLibrary, tools: ConnectorTools, kinds: [ConnectorKind] = ConnectorKind.all,
            clock: WallClock, randomness: Randomness
        ) {
            self.database = database
            self.sealer = sealer
            self.audit = audit
            self.access = access
            self.jobs = jobs
            self.library = library
            self.tools = tools
            self.kinds = kinds
            self.clock = clock
            self.randomness = randomness
        }
    }

    let parts: Parts
    let settings: IntakeSettings
    let sources: SourceStore
    package let watchers = SourceWatchers()
    let refusals = Mutex(HookRefusals())
    /// What a delivery is compared with where there is no secret, so that this takes as long as a wrong one.
    let noSecret: Secret

    package init(_ parts: Parts, settings: IntakeSettings = IntakeSettings()) {
        self.parts = parts
        self.settings = settings
        sources = SourceStore(sealer: parts.sealer)
        noSecret = Secret(Hex.encode(parts.randomness.bytes(32)))
    }

    package var kinds: [ConnectorKind] { parts.kinds }

    func kind(_ name: String) throws(IntakeFailure) -> ConnectorKind {
        guard let kind = parts.kinds.first(where: { $0.name == name }) else {
            throw .unknownKind(parts.kinds.map(\.name))
        }
        return kind
    }

    /// Checks every setting; connects to nothing.
    func connector(for settings: SourceSettings) throws(IntakeFailure) -> any Connector {
        let kind = try kind(settings.kind)
        do throws(SourceFailure) {
            return try kind.make(try SourceOptions(settings.options, of: kind.options), parts.tools)
        } catch {
            throw .settings(error)
        }
    }

    func items(of record: SourceRecord) -> SourceItemStore {
        SourceItemStore(sealer: parts.sealer, source: record.id, collection: record.settings.collection)
    }

    func require(_ id: SourceID, for principal: Principal, in connection: any SQLConnection) throws -> SourceRecord {
        guard let record = try sources.source(id, for: principal, in: connection) else { throw IntakeFailure.notFound }
        return record
    }
}

/// Bounds of intake.
package struct IntakeSettings: Sendable {
    /// Of one tenant.
    package var sourcesMax = 200
    /// Documents that wait to be read before a source waits too.
    package var waitingMax = 2000
    /// How long one run reads documents before it lets the next one look what changed.
    package var readingTimeMax: Duration = .seconds(240)
    /// How old what is known of groups may get within a run.
    package var peopleAgeMax: Duration = .seconds(240)
    /// How long a reader waits for a source that is asked.
    package var askingTimeMax: Duration = .seconds(3)
    /// Lines that are held to sources; the rest is looked at by the clock alone.
    package var watchersMax = 100
    /// From one run that a source asked for to the next.
    package var watchPause: Duration = .seconds(2)
    /// How often a line asks whether it is still wanted.
    package var watchCheck: Duration = .seconds(30)
    /// Waits after a line that broke.
    package var watchBackoff = Backoff(first: .seconds(5), longest: .seconds(900))
    /// Bytes of one document.
    package var itemBytesMax = 32 << 20
    /// Of the documents that a source brought, so many percent may go in one listing without being asked about.
    package var removalPercentMax = 30
    /// But so many always may.
    package var removalsMin = 20
    /// From the beginning of one run to the next that a webhook may ask for.
    package var hintGap: Duration = .seconds(SourceSettings.everyRange.lowerBound)
    /// Time between entries of the audit log about refused deliveries for one source.
    package var refusalGap: Duration = .seconds(60)
    /// The first wait after a failed run; doubles with each, up to an hour.
    package var backoff: Duration = .seconds(30)
    /// Waits and attempts of one document that could not be had.
    package var itemBackoff: Duration = .seconds(60)
    package var itemAttemptsMax = 20

    package init() {}
}
