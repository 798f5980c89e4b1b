import Access
import AuditTrail
import Connectors
import Kit
import Library
import Storage
import Synchronization
import TestKit
import TestLibrary
import Testing

@testable import Intake
@testable import TestConnectors

@Suite struct HookTests {
    private static let body = Array(#"{"event":"page_updated"}"#.utf8)
    private static let right = HookDelivery(signatures: [], secrets: [IntakeWorld.hookSecret], body: body)
    private static let wrong = HookDelivery(signatures: [], secrets: ["a secret for something"], body: body)

    private static func signed(_ prefix: String, _ secret: String, _ body: [UInt8] = Self.body) -> HookDelivery {
        HookDelivery(signatures: [prefix + Webhook.code(of: Self.body, secret)], secrets: [], body: body)
    }

    /// Vectors of RFC 4231, cases 1 and 2, and of GitHub's "Validating webhook deliveries".
    @Test(
        arguments: [
            (
                "Jefe", "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                "It's a Secret to Everybody", "Hello, World!",
                "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
            ),
        ])
    func `the published examples of signatures prove themselves`(_ secret: String, _ text: String, _ code: String) {
        let delivery = HookDelivery(signatures: ["sha256=" + code], secrets: [], body: Array(text.utf8))
        #expect(delivery.proves(Secret(secret)))
        #expect(!delivery.proves(Secret(secret + " ")))
    }

    @Test func `only the secret, or a signature of this body with it, is a proof`() {
        let secret = Secret(IntakeWorld.hookSecret)
        #expect(Self.right.proves(secret))
        #expect(Self.signed("sha256=", IntakeWorld.hookSecret).proves(secret))
        #expect(Self.signed("SHA256=", IntakeWorld.hookSecret).proves(secret))
        let none = [
            Self.wrong, Self.signed("sha256=", "a secret for something"),
            Self.signed("sha1=", IntakeWorld.hookSecret), Self.signed("", IntakeWorld.hookSecret),
            Self.signed("sha256=", IntakeWorld.hookSecret, Self.body + [0x20]),
            HookDelivery(signatures: ["sha256="], secrets: [""], body: Self.body),
            HookDelivery(signatures: [], secrets: [], body: Self.body),
            HookDelivery(
                signatures: [], secrets: Array(repeating: "x", count: 4) + [IntakeWorld.hookSecret], body: Self.body),
        ]
        for delivery in none { #expect(!delivery.proves(secret), "\(delivery)") }
    }

    @Test func `a delivery brings the next run forward, and many bring one`() async throws {
        try await IntakeWorld.each { world in
            world.source.put("a", "lantern")
            let id = try await world.hooked()
            world.base.time.advance(by: .seconds(20))
            world.source.put("b", "lantern two")
            try await world.base.runJobs()
            #expect(try await world.summary(id).documents == 1)
            let listing = try await world.state(id).listing
            for _ in 0..<50 { try await world.intake.hint(id, by: Self.right, request: nil) }
            try await world.base.runJobs()
            #expect(try await world.summary(id).documents == 2)
            #expect(try await world.state(id).listing == listing + 1)
            #expect(try await world.state(id).hintedAt == nil)
        }
    }

    @Test func `deliveries without end make a run every ten seconds and no more`() async throws {
        try await IntakeWorld.each { world in
            let id = try await world.hooked()
            let listing = try await world.state(id).listing
            for _ in 0..<40 {
                world.base.time.advance(by: .seconds(1))
                try await world.intake.hint(id, by: Self.right, request: nil)
                try await world.base.runJobs()
            }
            #expect(try await world.state(id).listing == listing + 4)
        }
    }

    @Test func `what changes while a run is under way is seen by the next, soon`() async throws {
        try await IntakeWorld.each { world in
            let id = try await world.hooked()
            world.base.time.advance(by: .seconds(301))
            world.source.meanwhile.withLock {
                $0 = { try? await world.intake.hint(id, by: Self.right, request: nil) }
            }
            try await world.base.runJobs()
            world.source.meanwhile.withLock { $0 = nil }
            let listing = try await world.state(id).listing
            world.base.time.advance(by: .seconds(11))
            try await world.base.runJobs()
            #expect(try await world.state(id).listing == listing + 1)
        }
    }

    @Test(arguments: [SourceState.paused, .failing])
    func `a source that rests on purpose is not woken`(_ state: SourceState) async throws {
        try await IntakeWorld.each { world in
            let id = try await world.hooked()
            if state == .paused {
                _ = try await world.intake.pause(id, by: world.admin, request: nil)
            } else {
                world.source.change { $0.listingFailure = .retryable(after: .seconds(600), "Wait.") }
                try await world.nextRun()
            }
            #expect(try await world.state(id).state == state)
            let round = try await world.state(id).round
            try await world.intake.hint(id, by: Self.right, request: nil)
            world.base.time.advance(by: .seconds(60))
            try await world.base.runJobs()
            #expect(try await world.state(id).round == round)
        }
    }

    @Test func `every refusal is the same, and the log hears of it once a minute`() async throws {
        try await IntakeWorld.each { world in
            let (id, without) = (try await world.hooked(), try await world.connected(world.draft("other")))
            let nobody = Randomness.system.identifier(SourceID.self)
            let before = try await Self.denials(world)
            for _ in 0..<5 {
                for source in [id, without, nobody, nil] {
                    await #expect(throws: IntakeFailure.hookRefused) {
                        try await world.intake.hint(source, by: Self.wrong, request: nil)
                    }
                }
            }
            await #expect(throws: IntakeFailure.hookRefused) {
                try await world.intake.hint(without, by: Self.right, request: nil)
            }
            #expect(try await Self.denials(world) == before + 2)
            world.base.time.advance(by: .seconds(60))
            await #expect(throws: IntakeFailure.hookRefused) {
                try await world.intake.hint(id, by: Self.wrong, request: nil)
            }
            #expect(try await Self.denials(world) == before + 3)
        }
    }

    /// Entries of the tenant's log.
    private static func denials(_ world: IntakeWorld) async throws -> Int {
        let page = try await world.base.audit.entries(for: world.admin, page: PageRequest(limit: 200))
        return page.items.count { $0.record.entry.action == "sources.hint" && $0.record.entry.outcome == .denied }
    }

    @Test func `a secret that can be guessed is refused, and no secret is shown`() async throws {
        try await IntakeWorld.each { world in
            var draft = world.draft()
            draft.options["hook_secret"] = .text("short")
            await #expect(throws: IntakeFailure.settings(.weakHookSecret)) {
                try await world.intake.create(draft, by: world.admin, request: nil)
            }
            let id = try await world.hooked()
            let summary = try await world.summary(id)
            #expect(ConnectorKind.all.allSatisfy { $0.secrets.contains("hook_secret") })
            let body = SourceBody(summary, secrets: ["hook_secret", "token"], now: world.intake.now)
            #expect(body.secrets == ["hook_secret", "token"])
            #expect(body.options["hook_secret"] == nil)
        }
    }

    @Test func `what is remembered of refusals is bounded`() {
        var refusals = HookRefusals()
        let (start, gap) = (Timestamp(microseconds: 0), Duration.seconds(60))
        let ids = (0...HookRefusals.sourcesMax).map { _ in Randomness.system.identifier(SourceID.self) }
        let news = ids.map { refusals.isNews($0, at: start, gap: gap) }
        #expect(news == ids.indices.map { $0 < HookRefusals.sourcesMax })
        let later = refusals.isNews(ids[0], at: start + gap, gap: gap)
        #expect(later)
    }
}
