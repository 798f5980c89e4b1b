import Foundation
import Kit
import Outbound
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

@Suite(.timeLimit(.minutes(10))) struct ConfluenceChangesTests {
    typealias Edition = ConfluenceSettings.Edition

    private static func titles(_ swept: Swept) -> Set<String> { Set(swept.items.values.compactMap(\.title)) }

    @Test(arguments: Edition.allCases) func `drafts, trash, archived and other spaces stay out unless they are wanted`(
        edition: Edition
    ) async throws {
        try await FakeConfluence.run(edition) { fake in
            fake.change { wiki in
                for status in ["current", "draft", "trashed", "archived", "historical"] {
                    let id = wiki.page(status)
                    wiki.contents[id]?.status = status
                }
                wiki.space("OLD", [.group("g-staff")])
                wiki.spaces["OLD"]?.isArchived = true
                wiki.space("~ann", [.user("ann")])
                let old = wiki.page("in an old space", in: "OLD")
                _ = wiki.attachment("old.pdf", on: old, [1])
                _ = wiki.page("of ann", in: "~ann")
            }
            var settings = fake.settings
            #expect(Self.titles(try await sweep(try fake.connector())) == ["current", "of ann"])
            settings.spaces = ["~ann"]
            #expect(Self.titles(try await sweep(try fake.connector(settings))) == ["of ann"])
            settings.spaces = []
            settings.includesArchived = true
            let all = Self.titles(try await sweep(try fake.connector(settings)))
            #expect(all.isSuperset(of: ["current", "of ann", "in an old space", "old.pdf"]))
            #expect(all.isDisjoint(with: ["draft", "trashed", "historical"]))
        }
    }

    @Test(arguments: Edition.allCases) func `attachments and comments are items with their page's permissions`(
        edition: Edition
    ) async throws {
        try await FakeConfluence.run(edition) { fake in
            let (file, comment) = fake.change { wiki in
                let page = wiki.page("Leave", only: [.user("ann")])
                let logo = wiki.attachment("logo.png", on: 0, [1])
                wiki.contents[logo]?.container = nil
                wiki.contents[logo]?.space = "HR"
                return (wiki.attachment("form.pdf", on: page, [7, 8, 9]), wiki.comment("<p>Well said</p>", on: page))
            }
            let connector = try fake.connector()
            let items = try await sweep(connector).items
            #expect(items.count == 3, "the picture of the space is no document")
            let form = try #require(items[ExactText("att\(file)")])
            #expect(form.path == "HR/Leave/form.pdf" && form.size == 3 && form.mediaType == "application/pdf")
            #expect(form.permissions.admits([.user("ann"), .group(edition == .cloud ? "g-staff" : "staff")]))
            #expect(!form.permissions.admits([.user("bob"), .group(edition == .cloud ? "g-staff" : "staff")]))
            #expect(try await connector.content(of: form, bytesMax: 3).bytes == [7, 8, 9])
            let tooMuch = try await thrown { _ = try await connector.content(of: form, bytesMax: 2) }
            #expect(tooMuch == .poison(.tooLarge(bytesMax: 2)))
            let said = try #require(items[ExactText("\(comment)")])
            #expect(said.permissions == form.permissions)
            #expect(said.path == "HR/Leave/comment \(comment)")
            let text = try await connector.content(of: said, bytesMax: 1000).bytes
            #expect(String(decoding: text, as: UTF8.self).contains("<p>Well said</p>"))
            var settings = fake.settings
            (settings.readsAttachments, settings.readsComments) = (false, false)
            #expect(try await sweep(try fake.connector(settings)).items.count == 1)
            fake.change { wiki in wiki.edit(file) { $0.bytes = [1] } }
            #expect(try await thrown { _ = try await connector.content(of: form, bytesMax: 9) } == .changed)
            settings = fake.settings
            settings.spaces = ["OTHER"]
            let other = try fake.connector(settings)
            #expect(try await thrown { _ = try await other.content(of: form, bytesMax: 9) } == .gone)
        }
    }

    @Test(arguments: Edition.allCases) func `CNF-3, edits come by the search and everything else by the next listing`(
        edition: Edition
    ) async throws {
        let time = VirtualClock()
        try await FakeConfluence.run(edition, time: time) { fake in
            let ids = fake.change { wiki in
                wiki.now = time.now
                return (0..<6).map { wiki.page("page \($0)") }
            }
            var settings = fake.settings
            settings.fullEvery = .seconds(300)
            let connector = try fake.connector(settings)
            let first = try await sweep(connector)
            #expect(first.pages.allSatisfy(\.isListing) && first.items.count == 6)

            time.advance(by: .seconds(120))
            let lagging = fake.change { wiki in
                wiki.now = nil
                wiki.index = wiki.contents
                return wiki.contents
            }
            time.advance(by: .seconds(60))
            fake.change { wiki in
                for id in wiki.contents.keys { wiki.contents[id]?.modified = FakeWiki.start - .seconds(86_400) }
                wiki.index = wiki.contents
                wiki.now = time.now
                wiki.edit(ids[1]) { $0.body = "<p>new</p>" }
                wiki.contents[ids[2]]?.readers = [.user("ann")]
                wiki.contents[ids[3]] = nil
                wiki.now = nil
            }
            #expect(lagging.count == 6)
            let unseen = try await sweep(connector, since: first.next)
            #expect(unseen.items.isEmpty && unseen.pages.allSatisfy { !$0.isListing }, "the index does not know it yet")
            fake.change { $0.index = nil }
            time.advance(by: .seconds(30))
            let seen = try await sweep(connector, since: unseen.next)
            #expect(Set(seen.items.keys) == [ExactText("\(ids[1])")], "the overlap finds it")

            time.advance(by: .seconds(120))
            let full = try await sweep(connector, since: seen.next)
            #expect(full.pages.allSatisfy(\.isListing) && full.items.count == 5)
            let restricted = try #require(full.items[ExactText("\(ids[2])")])
            #expect(restricted.permissions != first.items[ExactText("\(ids[2])")]?.permissions)
        }
    }

    @Test func `what was edited and then trashed is said to be removed`() async throws {
        let time = VirtualClock()
        try await FakeConfluence.run(.datacenter, time: time) { fake in
            let id = fake.change { wiki in
                wiki.now = time.now
                return wiki.page("page")
            }
            var settings = fake.settings
            (settings.fullEvery, settings.spaces) = (.seconds(300), ["HR"])
            let first = try await sweep(try fake.connector(settings))
            fake.change { wiki in
                wiki.contents[id]?.status = "trashed"
                // Found by an index that lags, and given as it is.
                let found = wiki.contents[id].map { FakeConfluenceJSON(wiki).content($0, ["space"]) }
                let answer = Self.json(["results": [found ?? [:]], "_links": [String: String]()])
                wiki.override = { $0.path.hasSuffix("search") ? answer : nil }
            }
            let next = try await sweep(try fake.connector(settings), since: first.next)
            #expect(next.changes == [.removed(ExactText("\(id)"))])
        }
    }

    @Test(arguments: Edition.allCases)
    func `10,000 pages, 2,000 attachments and 1,000 comments stay within 400 requests a minute`(edition: Edition)
        async throws
    {
        let time = VirtualClock()
        try await FakeConfluence.run(edition, time: time) { fake in
            fake.change(Self.fillMuch)
            fake.change { $0.perMinute = 400 + 20 }
            var settings = fake.settings
            (settings.requestsPerMinute, settings.fullEvery) = (400, .seconds(300))
            let connector = try fake.connector(settings)
            let begun = time.now
            let first = try await sweep(connector)
            #expect(first.items.count == 13_000)
            #expect(first.items.values.allSatisfy { $0.permissions.isKnown })
            let full = fake.requests.count
            #expect(full <= 400, "\(full) requests for a listing")
            #expect(time.now - begun < .seconds(120))
            fake.change { wiki in
                wiki.now = time.now
                for id in wiki.contents.keys.sorted().prefix(500) { wiki.edit(id) { $0.body = "<p>edited</p>" } }
                wiki.now = nil
            }
            time.advance(by: .seconds(60))
            let second = try await sweep(connector, since: first.next)
            #expect(second.pages.allSatisfy { !$0.isListing } && second.items.count == 500)
            let followUp = fake.requests.count - full
            #expect(followUp <= 60, "\(followUp) requests for 500 edits")
            #expect(fake.change { $0.refusals } == 0)
            print("Confluence \(edition.rawValue): \(full) requests for a listing, \(followUp) for 500 edits")
        }
    }

    private static func fillMuch(_ wiki: inout FakeWiki) {
        var generator = SeededGenerator(seed: 9)
        var pages: [String: [Int]] = [:]
        for number in 0..<20 { wiki.space("S\(number)", [.group("g-staff")]) }
        for number in 0..<10_000 {
            let space = "S\(number % 20)"
            // A tree of many levels: under one of the last pages of the space.
            let parent = pages[space]?.suffix(60).randomElement(using: &generator)
            let isShut = number % 10 == 3
            let id = wiki.page("page \(number)", in: space, under: parent, only: isShut ? [.group("g-staff")] : [])
            pages[space, default: []].append(id)
        }
        let all = pages.values.flatMap { $0 }.sorted()
        for number in 0..<2000 { _ = wiki.attachment("\(number).pdf", on: all[number * 5], [1]) }
        for number in 0..<1000 { _ = wiki.comment("<p>\(number)</p>", on: all[number * 10]) }
        for id in wiki.contents.keys { wiki.contents[id]?.modified = FakeWiki.start - .seconds(86_400) }
    }

    @Test(arguments: Edition.allCases) func `a run asks anew who may read, and many spaces are few questions`(
        edition: Edition
    ) async throws {
        let time = VirtualClock()
        try await FakeConfluence.run(edition, time: time) { fake in
            var settings = fake.settings
            settings.spaces = (0..<200).map { "SPACE\($0)" }
            let id = fake.change { wiki in
                for number in 0..<200 { wiki.space("SPACE\(number)", [.group("g-staff")]) }
                return wiki.page("page", in: "SPACE7")
            }
            let connector = try fake.connector(settings)
            let first = try await sweep(connector)
            fake.change { wiki in wiki.contents[id]?.readers = [.user("ann")] }
            let again = try await sweep(connector, since: first.next)
            #expect(first.items.count == 1 && again.items.count == 1)
            #expect(first.items.values.first?.permissions != again.items.values.first?.permissions)
            let searches = fake.requests.filter { $0.path.hasSuffix("search") && $0.query.contains("space") }
            #expect(searches.count <= 6)
        }
    }

    @Test func `a path that is too long is shown without what lies between`() async throws {
        try await FakeConfluence.run(.datacenter) { fake in
            fake.change { wiki in
                let above = wiki.page(String(repeating: "long ", count: 300))
                _ = wiki.page("Leave", under: above)
            }
            let items = try await sweep(try fake.connector()).items.values
            #expect(items.contains { $0.path == "HR/Leave" })
            #expect(items.allSatisfy { $0.path.utf8.count <= 1024 } && items.count == 2)
        }
    }

    @Test func `CNF-4, Retry-After is obeyed and nothing is lost`() async throws {
        let time = VirtualClock()
        try await FakeConfluence.run(.cloud, time: time) { fake in
            fake.change { wiki in
                for number in 0..<60 { _ = wiki.page("page \(number)") }
                (wiki.perMinute, wiki.pageMax) = (10, 5)
            }
            let swept = try await sweep(try fake.connector())
            #expect(swept.items.count == 60)
            #expect(fake.change { $0.refusals } > 0)
            #expect(time.now - FakeWiki.start >= .seconds(60))
        }
    }

    @Test func `the budget of this source is kept even where the client would send faster`() async throws {
        let time = VirtualClock()
        try await FakeConfluence.run(.datacenter, time: time) { fake in
            fake.change { wiki in
                for number in 0..<60 { _ = wiki.page("page \(number)") }
                wiki.pageMax = 1
            }
            var settings = fake.settings
            settings.requestsPerMinute = 30
            _ = try await sweep(try fake.connector(settings))
            let minutes = Double((time.now - FakeWiki.start).components.seconds) / 60
            #expect(Double(fake.requests.count - 20) <= 30 * minutes + 1)
        }
    }

    @Test(arguments: Edition.allCases) func `CNF-4, a damaged page is passed over, hidden, and comes back`(
        edition: Edition
    ) async throws {
        try await FakeConfluence.run(edition) { fake in
            let id = fake.change { wiki in
                let id = wiki.page("bad")
                _ = wiki.page("good")
                return id
            }
            let connector = try fake.connector()
            let before = try await sweep(connector)
            fake.change { $0.contents[id]?.isDamaged = true }
            let damaged = try await sweep(connector, since: before.next)
            let key = ExactText("\(id)")
            #expect(damaged.skipped == [SkippedItem(key: key, path: "\(id)", reason: .unavailable)])
            #expect(damaged.changes.contains(.permissions(key, .unknown)) && damaged.items.count == 1)
            let item = try #require(before.items[key])
            let failure = try await thrown { _ = try await connector.content(of: item, bytesMax: 1000) }
            #expect(failure == .poison(.unavailable))
            fake.change { $0.contents[id]?.isDamaged = false }
            #expect(try await sweep(connector, since: damaged.next).items == before.items)
        }
    }

    static func json(_ value: [String: Any]) -> TestAnswer {
        TestAnswer(body: Array((try? JSONSerialization.data(withJSONObject: value)) ?? Data()))
    }

    @Test(arguments: [
        ("<html>sign in</html>", 200), ("", 200), ("[1]", 200), ("{\"results\": 7}", 200), ("{\"results\": [", 200),
        (String(repeating: "[", count: 100_000), 200), ("{}", 200), ("{}", 400),
        ("{\"results\": [], \"_links\": {\"next\": \"http://evil.test/\"}}", 200),
        ("{\"results\": [], \"_links\": {\"next\": \"?cursor=%00%zz\"}}", 200),
    ]) func `what is not Confluence's is misbehaviour, and never an empty listing`(body: String, status: Int)
        async throws
    {
        try await FakeConfluence.run(.cloud) { fake in
            fake.change { $0.override = { _ in .text(body, status: status) } }
            let failure = try await thrown { _ = try await sweep(try fake.connector()) }
            guard case .misbehaved = failure else {
                Issue.record("\(body.prefix(60)): \(String(describing: failure))")
                return
            }
        }
    }

    @Test(arguments: [(401, "token"), (403, "account"), (404, "Confluence"), (302, "elsewhere"), (500, "failed")])
    func `trouble with everything throws and says what`(status: Int, word: String) async throws {
        try await FakeConfluence.run(.datacenter) { fake in
            _ = fake.change { $0.page("a") }
            let connector = try fake.connector()
            let item = try #require(try await sweep(connector).items.values.first)
            fake.change { $0.override = { _ in .status(status, [("Location", "http://evil.test/")]) } }
            let failure = try await thrown { _ = try await sweep(connector) }
            #expect(failure?.sentence.contains(word) == true, "\(status)")
            #expect(failure?.sentence.contains(FakeConfluence.token) == false)
            let single = try await thrown { _ = try await connector.content(of: item, bytesMax: 100) }
            if status == 500 { #expect(single == .poison(.unavailable), "it may be this page alone") }
            if status == 403 { #expect(single == .poison(.unreadable)) }
            if status == 404 { #expect(single == .gone) }
            if status == 401 { #expect(single == failure) }
        }
    }

    @Test func `a list in a circle ends, and a link to elsewhere is not followed`() async throws {
        try await FakeConfluence.run(.datacenter) { fake in
            let json = { @Sendable (next: String) in
                TestAnswer.text("{\"results\": [], \"_links\": {\"next\": \"\(next)\"}}")
            }
            fake.change { $0.override = { _ in json("/rest/api/content/scan?cursor=x") } }
            let failure = try await thrown { _ = try await sweep(try fake.connector()) }
            #expect(failure == .misbehaved("A list of Confluence goes in a circle."))
            fake.change { wiki in
                wiki.override = {
                    $0.items["cursor"] == nil ? json("http://evil.test/steal?cursor=x") : json("?cursor=x")
                }
            }
            let before = fake.requests.count
            _ = try await thrown { _ = try await sweep(try fake.connector()) }
            let asked = fake.requests.dropFirst(before)
            #expect(asked.count == 2 && asked.allSatisfy { $0.path == "/confluence/rest/api/content/scan" })
        }
    }
}
