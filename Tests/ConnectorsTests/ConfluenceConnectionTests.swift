import Kit
import Outbound
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

@Suite(.timeLimit(.minutes(5))) struct ConfluenceConnectionTests {
    typealias Edition = ConfluenceSettings.Edition

    private static func step(_ report: ConnectionReport) -> ConnectionReport.Step? { report.steps.last }

    @Test(arguments: Edition.allCases) func `a test says step by step what is right and what is wrong`(
        edition: Edition
    ) async throws {
        try await FakeConfluence.run(edition) { fake in
            fake.change { wiki in for number in 0..<7 { _ = wiki.page("page \(number)") } }
            let good = await (try fake.connector()).test()
            #expect(good.isGood && Self.step(good)?.sentence.hasPrefix("7 ") == true, "\(good)")
            var settings = fake.settings
            settings.spaces = ["NOPE"]
            let missing = await (try fake.connector(settings)).test()
            #expect(Self.step(missing)?.kind == .settings && Self.step(missing)?.sentence.contains("NOPE") == true)
            let wrong = await (try fake.connector(Self.changed(fake.settings, token: "wrong"))).test()
            #expect(Self.step(wrong)?.kind == .credentials && !wrong.isGood)
            fake.change { $0.spaces["HR"]?.isSecretive = true }
            let secretive = await (try fake.connector()).test()
            #expect(Self.step(secretive)?.kind == .listing && Self.step(secretive)?.sentence.contains("HR") == true)
            settings = fake.settings
            settings.url = "http://127.0.0.1:\(fake.port)/\(edition == .cloud ? "wiki" : "elsewhere")"
            let elsewhere = await (try fake.connector(settings)).test()
            #expect(elsewhere.isGood == false)
            if edition == .datacenter { #expect(Self.step(elsewhere)?.kind == .settings) }
            for report in [good, missing, wrong, secretive, elsewhere] {
                #expect(!"\(report)".contains(FakeConfluence.token))
            }
        }
    }

    private static func changed(_ settings: ConfluenceSettings, token: String) -> ConfluenceSettings {
        var changed = ConfluenceSettings(
            url: settings.url, edition: settings.edition, email: settings.email, token: Secret(token))
        changed.requestsPerMinute = settings.requestsPerMinute
        return changed
    }

    @Test func `the directory has groups, accounts and groups in groups, page by page`() async throws {
        for edition in Edition.allCases {
            try await FakeConfluence.run(edition) { fake in
                fake.change { wiki in
                    wiki.pageMax = 2
                    wiki.group("g-inner", in: ["g-staff"])
                    for number in 0..<9 { wiki.user("u\(number)", in: ["g-staff"], isActive: number != 4) }
                    wiki.user("deep", in: ["g-inner"])
                }
                let directory = try #require(try await fake.connector().directory())
                #expect(directory.accounts.count == 10 && directory.accounts.filter { !$0.isActive }.count == 1)
                #expect(directory.accounts.allSatisfy { $0.name != "Same Name" })
                let staff = directory.membership[edition == .cloud ? "g-staff" : "staff"] ?? []
                #expect(staff.count == (edition == .cloud ? 8 : 9), "Data Center nests groups, closed accounts are out")
            }
        }
    }

    @Test func `the cloud is asked at the moment of use, a server cannot be`() async throws {
        try await FakeConfluence.run(.cloud) { fake in
            let (open, shut) = fake.change { wiki in
                wiki.user("ann", in: ["g-staff"])
                return (wiki.page("open"), wiki.page("shut", only: [.user("bob")]))
            }
            let keys = [ExactText("\(open)"), ExactText("\(shut)"), "999", "../x", "att5"]
            let connector = try fake.connector()
            #expect(try await connector.readable(keys, by: "ann") == [ExactText("\(open)")])
            #expect(try await connector.readable(keys, by: "nobody") == [])
            fake.change { $0.override = { _ in .status(500) } }
            await #expect(throws: SourceFailure.self) { try await connector.readable(keys, by: "ann") }
        }
        try await FakeConfluence.run(.datacenter) { fake in
            let readable = try await fake.connector().readable(["1"], by: "ann")
            #expect(readable == nil)
        }
    }

    @Test func `settings that cannot work are refused in words`() throws {
        func refusal(_ change: (inout ConfluenceSettings) -> Void, _ edition: Edition = .cloud) -> SourceFailure? {
            var settings = ConfluenceSettings(
                url: "https://example.atlassian.net", edition: edition, email: edition == .cloud ? "a@b.test" : nil,
                token: Secret("t"))
            change(&settings)
            do throws(SourceFailure) {
                try settings.validate()
                return nil
            } catch { return error }
        }
        #expect(refusal { _ in } == nil)
        #expect(refusal({ $0.url = "https://wiki.test/confluence/" }, .datacenter) == nil)
        #expect(refusal { $0.url = "example.atlassian.net" } != nil)
        #expect(refusal { $0.url = "https://example.atlassian.net/wiki/spaces/HR" } != nil)
        #expect(refusal { $0.url = "https://example.atlassian.net/?a=b" } != nil)
        #expect(refusal { $0.email = nil } != nil)
        #expect(refusal { $0.email = "a:b@c.test" } != nil)
        #expect(refusal({ $0.email = "a@b.test" }, .datacenter) != nil)
        #expect(refusal { $0.spaces = ["A\" or space = \"B"] } != nil)
        #expect(refusal { $0.spaces = ["~5570ab:c-d", "HR"] } == nil)
        #expect(refusal { $0.requestsPerMinute = 0 } != nil)
    }

    @Test func `the kind is offered, and makes a connector from its options`() throws {
        let kind = try #require(ConnectorKind.all.first { $0.name == "confluence" })
        #expect(kind.statesPermissions)
        let values: [String: OptionValue] = [
            "url": .text("https://example.atlassian.net"), "edition": .text("cloud"), "email": .text("a@b.test"),
            "token": .text("t"), "spaces": .texts(["HR"]), "requests_per_minute": .integer(100),
            "without_comments": .flag(true),
        ]
        let tools = ConnectorTools(
            client: RetryingClient(try OutboundClient(policy: try OutboundPolicy([]))), folders: [], clock: .system)
        let made = try kind.make(try SourceOptions(values, of: kind.options), tools)
        let connector = try #require(made as? ConfluenceConnector)
        #expect(connector.settings.spaces == ["HR"] && connector.settings.requestsPerMinute == 100)
        #expect(!connector.settings.readsComments && connector.settings.readsAttachments)
        #expect(connector.settings.fullEvery == .seconds(300))
    }
}
