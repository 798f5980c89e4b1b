import AsyncHTTPClient
import Connectors
import Foundation
import HTTPKit
import HTTPTypes
import Kit
import NIOCore
import NIOHTTP1
import TestKit
import Testing

@testable import TestConnectors
@testable import cloister

/// Deliveries of webhooks as a site sends them, over the whole product.
@Suite struct WebhookTests {
    private static let secret = "of the wiki and of us"

    /// A wiki that is looked at once a week.
    private static func connect(_ fake: FakeConfluence, _ boss: Caller, to collection: String) async throws -> String {
        let options: JSON = [
            "url": .text(fake.settings.url), "edition": "datacenter", "token": .text(FakeConfluence.token),
            "hook_secret": .text(secret),
        ]
        let draft: JSON = [
            "name": "wiki", "kind": "confluence", "collection": .text(collection), "options": options,
            "every": 604_800, "people": ["obeysSource": false],
        ]
        return try await boss.post("/api/v1/sources", draft).succeeded().value("id")
    }

    private static func documents(_ collection: String, _ boss: Caller) async throws -> Double? {
        try await boss.get("/api/v1/collections/\(collection)").json["documents"]?.number
    }

    private static func send(_ hook: Webhook, to address: String) async throws -> UInt {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        for (name, value) in hook.headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(hook.body)
        return try await HTTPClient.shared.execute(request, timeout: .seconds(300)).status.code
    }

    @Test func `a new page of a wiki is taken in when the wiki says so, without waiting a week`() async throws {
        try await FakeConfluence.run(.datacenter) { fake in
            fake.change { wiki in
                wiki.now = WallClock.system.now()
                _ = wiki.page("Lantern")
            }
            let flags = ["outbound.hosts": "http://127.0.0.1:\(fake.port)"]
            try await TestPlatform.run(on: .sqlite, flags: flags) { house in
                let north = try await house.tenant("north")
                let boss = try await north.person("boss", roles: ["admin"], clearance: "top_secret").caller
                let collection = try await boss.createCollection("wiki", allow: ["everyone"])
                let source = try await Self.connect(fake, boss, to: collection)
                try await eventually("the source is current") {
                    try await boss.get("/api/v1/sources/\(source)").json["current"]?.text != nil
                }
                #expect(try await Self.documents(collection, boss) == 1)
                house.time.advance(by: .seconds(20))
                let page = fake.change { wiki in
                    wiki.now = WallClock.system.now() + .seconds(20)
                    return wiki.page("Roster")
                }
                try await BrowserJourneyTests.serve(house.platform) { origin, _ in
                    let address = "\(origin)/api/v1/sources/\(source)/hook"
                    let wrong = Webhook.confluence("page_created", page: page, secret: "of somebody else entirely")
                    let refused = try await Self.send(wrong, to: address)
                    #expect(refused == 401)
                    let right = Webhook.confluence("page_created", page: page, secret: Self.secret)
                    for _ in 0..<5 { #expect(try await Self.send(right, to: address) == 202) }
                }
                try await eventually("the page is here") { try await Self.documents(collection, boss) == 2 }
            }
        }
    }

    @Test func `who guesses learns neither which sources there are nor which have a secret`() async throws {
        try await FakeConfluence.run(.datacenter) { fake in
            let flags = ["outbound.hosts": "http://127.0.0.1:\(fake.port)"]
            try await TestPlatform.run(on: .sqlite, flags: flags) { house in
                let north = try await house.tenant("north")
                let boss = try await north.person("boss", roles: ["admin"], clearance: "top_secret").caller
                let collection = try await boss.createCollection("wiki", allow: ["everyone"])
                let source = try await Self.connect(fake, boss, to: collection)
                let nobody = Randomness.system.identifier(SourceID.self).description
                var guest = house.guest
                let field = try #require(HTTPField.Name("X-Cloister-Hook"))
                guest.headers[field] = "of somebody else entirely"
                var answers: Set<String> = []
                for name in [source, nobody, "src_x", collection] {
                    let answer = try await guest.send(.post, "/api/v1/sources/\(name)/hook", Array("{}".utf8))
                    answers.insert(answer.anonymous.replacing(name, with: ""))
                }
                #expect(answers.count == 1, "\(answers)")
                #expect(answers.first?.hasPrefix("401 ") == true)
                let large = [UInt8](repeating: 0x20, count: (1 << 20) + 1)
                #expect(try await guest.send(.post, "/api/v1/sources/\(source)/hook", large).status == 413)
                // A delivery is no credential for anything else, nor is a session one for a delivery.
                #expect(try await guest.get("/api/v1/sources/\(source)").status == 401)
                #expect(try await boss.send(.post, "/api/v1/sources/\(source)/hook").status == 401)
            }
        }
    }
}
