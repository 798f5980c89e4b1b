import Access
import Foundation
import Kit
import Search
import Storage
import TestKit
import TestLibrary
import Testing

@testable import Library

/// Duplicates in search and in the collection's list of them (RAG-5), told only to readers of both.
@Suite struct DuplicatesTests {
    private static let policy = """
        The parental leave policy of the clinic gives sixteen weeks of leave to every employee who asks the manager
        in good time before the leave begins and who has worked here for a year
        """

    /// Its last word in letters: texts whose numbers differ are no copies.
    private static func copy(_ number: Int) -> String {
        let letters = String(number).unicodeScalars.compactMap { UnicodeScalar($0.value + 49).map(Character.init) }
        return policy + " copy" + String(letters) + "."
    }

    private static func query(_ limit: Int = 10) -> SearchQuery {
        SearchQuery(text: "parental leave policy", vector: nil, mode: .lexical, limit: limit)
    }

    private static func groups(
        _ world: LibraryWorld, _ collection: CollectionID, _ principal: Principal
    ) async throws -> [[DocumentID]] {
        try await world.library.duplicates(of: collection, for: principal).groups.map { $0.map(\.document.id) }
    }

    @Test func `a flood of near duplicates does not crowd out another document`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            for number in 0..<60 { try await world.upload(Self.copy(number), to: "\(number).md", in: collection) }
            let other = try await world.document(
                "Fathers find the rules of parental leave in the folder on the desk of the ward.", at: "fathers.md",
                in: collection)
            let raw = try await world.index.search(Self.query(50), for: world.admin).hits
            #expect(raw.count == 50 && !raw.contains { $0.document == other })

            let (_, passages) = try await world.library.passages(Self.query(), for: world.admin)
            #expect(passages.count == 2 && passages.last?.document.id == other)
            #expect(passages[0].document.id == raw[0].document)
            #expect(passages[0].alsoIn.count == 59 && Set(passages[0].alsoIn).count == 59)
            #expect(!passages[0].alsoIn.contains(raw[0].document) && !passages[0].alsoIn.contains(other))
            #expect(passages[0].alsoIn.prefix(9) == raw[1..<10].map(\.document)[...])
            #expect(passages[1].alsoIn.isEmpty)
            #expect(HitBody(passages[0]).alsoIn == passages[0].alsoIn)

            let report = try await world.library.duplicates(of: collection, for: world.admin)
            #expect(report.groups.map(\.count) == [60] && report.compared == 61 && report.isComplete)
            #expect(report.groups[0].allSatisfy { $0.similarity >= 0.8 && !$0.isExact })
        }
    }

    @Test func `versions of a rule whose numbers differ are shown side by side`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            for weeks in [16, 18] {
                let text = Self.policy.replacing("sixteen", with: "\(weeks)") + "."
                _ = try await world.document(text, at: "\(weeks).md", in: collection)
            }
            let (_, passages) = try await world.library.passages(Self.query(), for: world.admin)
            #expect(Set(passages.map(\.document.path)) == ["16.md", "18.md"])
        }
    }

    @Test func `the asked number of hits is kept when there are enough`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            for number in 0..<12 { try await world.upload(Self.copy(number), to: "\(number).md", in: collection) }
            for number in 0..<12 {
                let text = "Leave rule \(number) of ward \(number): ask person \(number) in room \(number)."
                try await world.upload(text, to: "rule\(number).md", in: collection)
            }
            try await world.runJobs()
            let (_, passages) = try await world.library.passages(Self.query(5), for: world.admin)
            #expect(passages.count == 5 && passages.map(\.alsoIn.count) == [11, 0, 0, 0, 0])
            let (_, again) = try await world.library.passages(Self.query(5), for: world.admin)
            #expect(again.map(HitBody.init).map(\.document) == passages.map(HitBody.init).map(\.document))
            // One is asked for and there is no other to fold.
            #expect(try await world.library.passages(Self.query(1), for: world.admin).1.map(\.alsoIn) == [[]])
        }
    }

    @Test func `of two twins the hidden one leaves no trace`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana")
            let collection = try await world.collection()
            // Older, so that it would lead the group and the order of equal hits as often as not.
            let exact = try await world.document(Self.copy(1), at: "a.md", in: collection, label: .restricted)
            let seen = try await world.document(Self.copy(1), at: "b.md", in: collection)
            let near = try await world.document(Self.copy(2), at: "c.md", in: collection, label: .restricted)
            let (_, hits) = try await world.library.passages(Self.query(), for: ana)
            #expect(hits.map(\.document.id) == [seen] && hits[0].alsoIn.isEmpty)
            let report = try await world.library.duplicates(of: collection, for: ana)
            #expect(report.groups.isEmpty && report.compared == 1 && report.isComplete)

            let all = try await world.library.duplicates(of: collection, for: world.admin)
            #expect(Set(all.groups.flatMap { $0.map(\.document.id) }) == [exact, seen, near])
            #expect(all.groups.count == 1 && all.compared == 3)
            #expect(Set(all.groups[0].filter(\.isExact).map(\.document.id)) == [exact, seen])
            let (_, both) = try await world.library.passages(Self.query(), for: world.admin)
            #expect(both.count == 1 && Set([both[0].document.id] + both[0].alsoIn) == [exact, seen, near])
        }
    }

    @Test func `a right that goes takes the twin out at once`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana")
            let collection = try await world.collection()
            let kept = try await world.document(Self.copy(1), at: "a.md", in: collection)
            let other = try await world.document(Self.copy(2), at: "b.md", in: collection)
            #expect(Set(try await Self.groups(world, collection, ana).flatMap(\.self)) == [kept, other])
            #expect(try await world.library.passages(Self.query(), for: ana).1[0].alsoIn.count == 1)
            let deny = ACLConstraint(allow: [.everyone], deny: [.subject(ana.subject)])
            try await world.library.setAccess(deny, ofDocument: other, by: world.admin, request: nil)
            #expect(try await Self.groups(world, collection, ana).isEmpty)
            let (_, hits) = try await world.library.passages(Self.query(), for: ana)
            #expect(hits.map(\.document.id) == [kept] && hits[0].alsoIn.isEmpty)
            let stranger = try await world.stranger()
            await #expect(throws: LibraryFailure.notFound) {
                try await world.library.duplicates(of: collection, for: stranger)
            }
        }
    }

    @Test func `every byte is the same with and without unseen duplicates`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana")
            let collection = try await world.collection()
            for number in 0..<4 { try await world.upload(Self.copy(number), to: "\(number).md", in: collection) }
            _ = try await world.document("The leave of absence is unpaid.", at: "other.md", in: collection)
            let before = try await Self.everything(world, collection, ana)
            for number in 0..<8 {
                try await world.upload(Self.copy(number), to: "h/\(number).md", in: collection, label: .restricted)
            }
            _ = try await world.document(
                "The leave of absence is unpaid.", at: "h/other.md", in: collection, label: .restricted)
            #expect(try await Self.everything(world, collection, ana) == before)
            #expect(try await Self.everything(world, collection, world.admin) != before)
        }
    }

    /// All that is said about duplicates, as JSON.
    private static func everything(
        _ world: LibraryWorld, _ collection: CollectionID, _ reader: Principal
    ) async throws -> [String] {
        let text = "parental leave policy"
        let vector = try await LibraryWorld.encoder().questionVector(text)
        var said: [String] = []
        for (mode, limit) in [(SearchMode.fused, 10), (.lexical, 2), (.dense, 3), (.fused, 1)] {
            let query = SearchQuery(text: text, vector: vector, mode: mode, limit: limit, explain: true)
            let hits = try await world.library.passages(query, for: reader).1.map(HitBody.init)
            said.append(String(decoding: try StoredJSON.encode(hits), as: UTF8.self))
        }
        let report = try await world.library.duplicates(of: collection, for: reader)
        return said + [String(decoding: try StoredJSON.encode(DuplicatesBody(report)), as: UTF8.self)]
    }

    @Test func `what its source refuses links and shows nothing`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let kept = try await world.document(Self.copy(1), at: "a.md", in: collection)
            let landing = Landing(
                source: SourceID(high: 1, low: 1), collection: collection, document: nil,
                place: DocumentPlace(path: try DocumentPath("b.md"), origin: nil), declaredType: "text/markdown",
                label: nil, imposed: [], bytes: Array(Self.copy(1).utf8))
            let landed = try await world.library.land(landing, by: world.admin) { _, _ in }
            try await world.runJobs()
            #expect(Set(try await Self.groups(world, collection, world.admin).flatMap(\.self)) == [kept, landed])
            world.library.register(sourceGuard: { _, _ in [] })
            defer { world.library.close() }
            #expect(try await Self.groups(world, collection, world.admin).isEmpty)
            let (_, hits) = try await world.library.passages(Self.query(), for: world.admin)
            #expect(hits.map(\.document.id) == [kept] && hits[0].alsoIn.isEmpty)
        }
    }

    @Test func `tiny documents and those without words are no duplicates of each other`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            for (number, text) in ["Yes.", "No.", "Yes or no.", "\u{b1}\u{b1}", "\u{f7}"].enumerated() {
                _ = try await world.document(text, at: "\(number).md", in: collection)
            }
            #expect(try await Self.groups(world, collection, world.admin).isEmpty)
            let twin = try await world.document("Yes.", at: "twin.md", in: collection)
            let near = try await world.document("yes", at: "near.md", in: collection)
            let report = try await world.library.duplicates(of: collection, for: world.admin)
            #expect(report.groups.map(\.count) == [3] && report.compared == 7)
            #expect(report.groups[0].first { $0.document.id == twin }?.isExact == true)
            #expect(report.groups[0].first { $0.document.id == near }?.isExact == false)
            let (_, hits) = try await world.library.passages(
                SearchQuery(text: "yes", vector: nil, mode: .lexical), for: world.admin)
            #expect(hits.count == 2 && hits.map(\.alsoIn.count).sorted() == [0, 2])
        }
    }

    @Test func `a new version brings its own sketch, and a deletion takes it`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let first = try await world.document(Self.copy(1), at: "a.md", in: collection)
            let second = try await world.document(Self.copy(2), at: "b.md", in: collection)
            #expect(Set(try await Self.groups(world, collection, world.admin).flatMap(\.self)) == [first, second])
            _ = try await world.document("Now about the boiler and its key in the kitchen.", at: "b.md", in: collection)
            #expect(try await Self.groups(world, collection, world.admin).isEmpty)
            #expect(try await Self.sketches(of: second, world) == 1)
            _ = try await world.document(Self.copy(3), at: "b.md", in: collection)
            #expect(Set(try await Self.groups(world, collection, world.admin).flatMap(\.self)) == [first, second])
            try await world.library.delete(second, by: world.admin, request: nil)
            #expect(try await Self.groups(world, collection, world.admin).isEmpty)
            #expect(try await Self.sketches(of: second, world) == 0)
            #expect(try await world.library.duplicates(of: collection, for: world.admin).compared == 1)
        }
    }

    private static func sketches(of document: DocumentID, _ world: LibraryWorld) async throws -> Int {
        try await world.database.read { connection in
            let rows = try connection.rows("SELECT sketch FROM document_versions WHERE document = \(document)")
            return try rows.count { row in
                let sealed: [UInt8]? = try row["sketch"]
                // Sealed: longer than what it holds.
                return sealed.map { $0.count > 4 * Sketch.size } ?? false
            }
        }
    }
}
