import Access
import Kit
import TestLibrary
import Testing

@testable import Library

@Suite struct VersionComparisonTests {
    private static func versions(_ world: LibraryWorld, _ document: DocumentID) async throws -> [VersionID] {
        try await world.library.versions(of: document, for: world.admin).map(\.id)
    }

    @Test func `a change is shown with its neighbours and its heading, and the rest is counted`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let lines = (0..<40).map { "Line \($0) of the handbook.\n\n" }
            let document = try await world.document(
                "# Roster\n\n" + lines.joined() + "## Night\n\nBegins at 21:45.\n\n" + lines.joined(), at: "a.md",
                in: collection)
            _ = try await world.document(
                "# Roster\n\n" + lines.joined() + "## Night\n\nBegins at 22:15.\n\n" + lines.joined(), at: "a.md",
                in: collection)
            let ids = try await Self.versions(world, document)
            #expect(ids.count == 2)
            let found = try await world.library.comparison(
                of: document, from: ids[1], to: ids[0], for: world.admin)
            let passage = try #require(found.passages.first)
            #expect(found.passages.count == 1 && !found.isCut && !found.isCoarse)
            #expect(passage.headings == ["Roster"] || passage.headings == ["Roster", "Night"], "\(passage.headings)")
            #expect(passage.skippedLines == 41)
            let changed = passage.parts.filter { $0.kind != .same }
            #expect(changed.map(\.text) == ["21:45", "22:15"] && changed.map(\.kind) == [.removed, .added])
            let around = passage.parts.filter { $0.kind == .same }.map(\.text).joined()
            #expect(
                around.hasPrefix("Night\n\nBegins at ") && around.hasSuffix("Line 0 of the handbook.\n"), "\(around)")
            let same = try await world.library.comparison(of: document, from: ids[0], to: ids[0], for: world.admin)
            #expect(same.passages.isEmpty)
        }
    }

    @Test func `who may not read the document compares nothing, and no other document's version`() async throws {
        try await LibraryWorld.each { world in
            let reader = try await world.person("reader")
            let collection = try await world.collection("closed", .init(allow: [.subject(world.admin.subject)]))
            let open = try await world.collection("open")
            let hidden = try await world.document("Hidden.", at: "a.md", in: collection)
            let mine = try await world.document("Mine.", at: "b.md", in: open)
            let (secret, own) = (try await Self.versions(world, hidden)[0], try await Self.versions(world, mine)[0])
            for (who, document, earlier, later) in [
                (reader, hidden, secret, secret), (reader, mine, secret, own), (reader, mine, own, secret),
                (world.admin, mine, own, secret), (try await world.stranger(), mine, own, own),
            ] {
                await #expect(throws: LibraryFailure.notFound) {
                    try await world.library.comparison(of: document, from: earlier, to: later, for: who)
                }
            }
            #expect(try await world.library.comparison(of: mine, from: own, to: own, for: reader).passages.isEmpty)
        }
    }

    @Test func `beyond a bound the changes end`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let text = { (word: String) in
                (0..<30).map { "\(word) \($0).\n\nSame.\n\nSame.\n\nSame.\n\nSame.\n\n" }.joined()
            }
            let document = try await world.document(text("Old"), at: "a.txt", in: collection)
            _ = try await world.document(text("New"), at: "a.txt", in: collection)
            let texts = try await Self.versions(world, document).asyncMap {
                try await world.library.text(of: document, version: $0, for: world.admin)
            }
            let whole = VersionComparison(from: texts[1], to: texts[0])
            #expect(whole.passages.count == 30 && !whole.isCut)
            let cut = VersionComparison(from: texts[1], to: texts[0], bytesMax: 200)
            #expect(cut.isCut && (1..<30).contains(cut.passages.count))
        }
    }
}

extension Array {
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
