import Access
import Kit
import Search
import TestKit
import TestLibrary
import Testing

@testable import Library

@Suite struct FilingTests {
    private static func found(
        _ world: LibraryWorld, _ filter: DocumentFilter = DocumentFilter(), as reader: Principal? = nil
    ) async throws -> Set<String> {
        let query = SearchQuery(text: "pump", vector: nil, mode: .lexical)
        let (_, passages) = try await world.library.passages(query, filter, for: reader ?? world.admin)
        return Set(passages.map(\.document.path))
    }

    private static func filter(_ body: (inout DocumentFilter) throws -> Void) rethrows -> DocumentFilter {
        var filter = DocumentFilter()
        try body(&filter)
        return filter
    }

    @Test func `tags, labels, folders and dates cut a search down before anything is scored`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let first = try await world.document("The pump, old.", at: "tech/pumps/a.md", in: collection)
            world.time.advance(by: .seconds(86_400))
            let second = try await world.document(
                "The pump, new.", at: "tech/b.md", in: collection, label: .confidential)
            _ = try await world.document("The pump, plain.", at: "c.md", in: collection)
            let library = world.library
            try await library.file(
                first, as: DocumentFiling(tags: [" Pumps ", "spare   parts"]), by: world.admin, request: nil)
            try await library.file(second, as: DocumentFiling(tags: ["pumps"]), by: world.admin, request: nil)
            #expect(try await library.filing(of: first, for: world.admin).tags == ["pumps", "spare parts"])
            #expect(try await Self.found(world).count == 3)
            #expect(
                try await Self.found(world, Self.filter { $0.tags = ["PUMPS"] }) == ["tech/pumps/a.md", "tech/b.md"])
            #expect(
                try await Self.found(world, Self.filter { $0.tags = ["pumps", "spare parts"] }) == ["tech/pumps/a.md"])
            #expect(try await Self.found(world, Self.filter { $0.tags = ["none"] }).isEmpty)
            #expect(try await Self.found(world, Self.filter { $0.labels = [.confidential] }) == ["tech/b.md"])
            let folder = try DocumentPath("tech")
            #expect(
                try await Self.found(world, Self.filter { $0.folder = folder }) == ["tech/pumps/a.md", "tech/b.md"])
            let elsewhere = try DocumentPath("elsewhere")
            #expect(try await Self.found(world, Self.filter { $0.folder = elsewhere }).isEmpty)
            let yesterday = world.time.now - .seconds(3600)
            #expect(try await Self.found(world, Self.filter { $0.updatedBefore = yesterday }) == ["tech/pumps/a.md"])
            try await library.delete(first, by: world.admin, request: nil)
            #expect(try await Self.found(world, Self.filter { $0.tags = ["pumps"] }) == ["tech/b.md"])
        }
    }

    @Test func `what no longer holds, or not yet, is found only when it is asked for`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let now = world.time.now
            let old = try await world.document("The pump of last year.", at: "old.md", in: collection)
            let new = try await world.document("The pump of next year.", at: "new.md", in: collection)
            _ = try await world.document("The pump of always.", at: "always.md", in: collection)
            let day = Duration.seconds(86_400)
            try await world.library.file(
                old, as: DocumentFiling(effectiveUntil: now + day), by: world.admin, request: nil)
            try await world.library.file(
                new, as: DocumentFiling(effectiveFrom: now + day * 2), by: world.admin, request: nil)
            #expect(try await Self.found(world) == ["old.md", "always.md"])
            world.time.advance(by: day)
            #expect(try await Self.found(world) == ["always.md"])
            world.time.advance(by: day)
            #expect(try await Self.found(world) == ["new.md", "always.md"])
            #expect(try await Self.found(world, Self.filter { $0.effectiveOn = now }) == ["old.md", "always.md"])
            #expect(try await Self.found(world, Self.filter { $0.includesOutdated = true }).count == 3)
        }
    }

    @Test func `a superseded document is left out only for those who see what supersedes it`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let (ann, ben) = (try await world.person("ann"), try await world.person("ben"))
            let old = try await world.document("The pump rule of 2024.", at: "2024.md", in: collection)
            let new = try await world.document("The pump rule of 2026.", at: "2026.md", in: collection)
            try await world.library.file(
                old, as: DocumentFiling(supersededBy: new), by: world.admin, request: nil)
            #expect(try await Self.found(world, as: ann) == ["2026.md"])
            try await world.library.setAccess(
                ACLConstraint(allow: [.subject(ann.subject), .subject(world.admin.subject)]), ofDocument: new,
                by: world.admin, request: nil)
            #expect(try await Self.found(world, as: ben) == ["2024.md"])
            #expect(try await Self.found(world, as: ann) == ["2026.md"])
            await #expect(throws: LibraryFailure.self) {
                try await world.library.file(old, as: DocumentFiling(supersededBy: new), by: ben, request: nil)
            }
            try await world.library.delete(new, by: world.admin, request: nil)
            #expect(try await Self.found(world, as: ann) == ["2024.md"])
        }
    }

    @Test func `a label that is raised hides the document from the next search on (XCC-4)`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let ann = try await world.person("ann", [.user], clearance: .internal)
            let document = try await world.document("The pump.", at: "a.md", in: collection)
            #expect(try await Self.found(world, as: ann) == ["a.md"])
            try await world.library.relabel(document, to: .restricted, by: world.admin, request: nil)
            #expect(try await Self.found(world, as: ann).isEmpty)
            await #expect(throws: LibraryFailure.labelAboveClearance) {
                try await world.library.relabel(document, to: .topSecret, by: ann, request: nil)
            }
            await #expect(throws: LibraryFailure.notFound) {
                try await world.library.relabel(document, to: .public, by: ann, request: nil)
            }
            #expect(try await world.audited().suffix(1) == ["documents.relabel"])
        }
    }

    @Test(arguments: [
        DocumentFiling(tags: [""]), DocumentFiling(tags: ["a\u{0}b"]),
        DocumentFiling(tags: [String(repeating: "a", count: 101)]),
        DocumentFiling(tags: Set((0...50).map { "t\($0)" })),
        DocumentFiling(effectiveFrom: Timestamp(microseconds: 5), effectiveUntil: Timestamp(microseconds: 5)),
    ])
    func `a filing that cannot be is refused with a reason`(_ filing: DocumentFiling) {
        #expect(throws: LibraryFailure.self) { try filing.checked() }
    }

    @Test func `versions are listed newest first and name the one that is shown`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let document = try await world.document("The pump, one.", at: "a.md", in: collection)
            _ = try await world.document("The pump, two.", at: "a.md", in: collection)
            let versions = try await world.library.versions(of: document, for: world.admin)
            #expect(versions.map(\.number) == [2, 1])
            #expect(versions.map(\.isCurrent) == [true, false])
            let stranger = try await world.stranger()
            await #expect(throws: LibraryFailure.notFound) {
                try await world.library.versions(of: document, for: stranger)
            }
        }
    }
}
