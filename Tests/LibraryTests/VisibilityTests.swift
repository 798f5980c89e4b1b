import Access
import Keyring
import Kit
import Search
import TestKit
import TestLibrary
import Testing

@testable import Library

/// Who sees what, as collection, folder and document say together (DESIGN 7.3).
@Suite struct VisibilityTests {
    @Test func `a collection without a rule is its creator's alone`() async throws {
        try await LibraryWorld.each { world in
            let record = try await world.library.createCollection(
                named: "Mine", label: .internal, access: nil, by: world.admin, request: nil)
            let ana = try await world.person("ana")
            let document = try await world.document("Word plumbus.", at: "a.md", in: record.id)
            #expect(try await world.sees(world.admin, document, in: record.id, word: "plumbus"))
            #expect(try await world.library.collections(for: ana).isEmpty)
            await #expect(throws: LibraryFailure.notFound) {
                try await world.library.collection(record.id, for: ana)
            }
            #expect(try await world.library.collection(named: "Mine", for: ana) == nil)
        }
    }

    @Test func `each level may narrow, none may widen`() async throws {
        try await LibraryWorld.each { world in
            let (ana, ben) = (try await world.person("ana"), try await world.person("ben"))
            let both = ACLConstraint(allow: [.subject(ana.subject), .subject(ben.subject)])
            let collection = try await world.collection("Shared", both)
            let document = try await world.document("Word plumbus.", at: "f/g/a.md", in: collection, as: ana)
            #expect(try await world.sees(ben, document, in: collection, word: "plumbus"))

            try await world.library.setAccess(
                ACLConstraint(allow: [.subject(ana.subject)]), ofFolder: DocumentPath("f"), in: collection,
                by: world.admin, request: nil)
            #expect(try await world.sees(ana, document, in: collection, word: "plumbus"))
            #expect(try await !world.sees(ben, document, in: collection, word: "plumbus"))

            try await world.library.setAccess(
                LibraryWorld.everyone, ofDocument: document, by: ana, request: nil)
            #expect(try await !world.sees(ben, document, in: collection, word: "plumbus"))
            let cid = try await world.person("cid")
            try await world.library.setAccess(
                ACLConstraint(), ofFolder: DocumentPath("f"), in: collection, by: world.admin, request: nil)
            #expect(try await world.sees(ben, document, in: collection, word: "plumbus"))
            // Everyone below is no more than both above.
            await #expect(throws: LibraryFailure.notFound) { try await world.library.document(document, for: cid) }
        }
    }

    @Test(arguments: ["collection", "folder", "document"])
    func `a deny at any level holds against an allow at every level`(level: String) async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana", [.developer])
            let collection = try await world.collection()
            let document = try await world.document("Word plumbus.", at: "f/a.md", in: collection)
            #expect(try await world.sees(ana, document, in: collection, word: "plumbus"))
            let deny = ACLConstraint(allow: [.everyone], deny: [.subject(ana.subject)])
            try await set(deny, level, document, collection, world)
            // A manager of collections still sees that the collection is there, and nothing in it.
            #expect(try await !world.sees(ana, document, in: collection, word: "plumbus"))
            #expect(try await world.sees(world.admin, document, in: collection, word: "plumbus"))
            try await set(LibraryWorld.everyone, level, document, collection, world)
            #expect(try await world.sees(ana, document, in: collection, word: "plumbus"))
        }
    }

    private func set(
        _ rule: ACLConstraint, _ level: String, _ document: DocumentID, _ collection: CollectionID,
        _ world: LibraryWorld
    ) async throws {
        let library = world.library
        switch level {
        case "collection":
            try await library.setAccess(rule, ofCollection: collection, by: world.admin, request: nil)
        case "folder":
            try await library.setAccess(
                rule, ofFolder: DocumentPath("f"), in: collection, by: world.admin, request: nil)
        default: try await library.setAccess(rule, ofDocument: document, by: world.admin, request: nil)
        }
    }

    @Test func `leaving a group ends what the group was allowed`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana")
            let group = try await world.access.createGroup(name: "ward", as: world.admin).id
            try await world.access.addMember(.subject(ana.subject), to: group, as: world.admin)
            let collection = try await world.collection(
                "Ward", ACLConstraint(allow: [.group(group), .subject(world.admin.subject)]))
            let document = try await world.document("Word plumbus.", at: "a.md", in: collection)
            #expect(try await world.sees(world.now(ana.subject), document, in: collection, word: "plumbus"))
            try await world.access.removeMember(.subject(ana.subject), from: group, as: world.admin)
            let outside = try await world.now(ana.subject)
            await #expect(throws: LibraryFailure.notFound) { try await world.library.document(document, for: outside) }
            #expect(try await world.found("plumbus", as: outside) == [])
        }
    }

    @Test func `a rule set before the content holds for it`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana")
            let collection = try await world.collection()
            try await world.library.setAccess(
                ACLConstraint(allow: [.subject(world.admin.subject)]), ofFolder: DocumentPath("secret/deep"),
                in: collection, by: world.admin, request: nil)
            let document = try await world.document("Word plumbus.", at: "secret/deep/er/a.md", in: collection)
            #expect(try await !world.sees(ana, document, in: collection, word: "plumbus"))
            let beside = try await world.document("Word grumbo.", at: "secret/a.md", in: collection)
            #expect(try await world.sees(ana, beside, in: collection, word: "grumbo"))
        }
    }

    @Test func `a rule that changes while the vectors are made holds at once`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana")
            let collection = try await world.collection()
            let receipt = try await world.upload("Word plumbus.", to: "f/a.md", in: collection)
            try await world.library.setAccess(
                ACLConstraint(deny: [.subject(ana.subject)]), ofFolder: DocumentPath("f"), in: collection,
                by: world.admin, request: nil)
            try await world.runJobs()
            #expect(try await !world.sees(ana, receipt.document, in: collection, word: "plumbus"))
            #expect(try await world.sees(world.admin, receipt.document, in: collection, word: "plumbus"))
        }
    }

    @Test func `a document in a restricted folder is gone for the others until it is moved back`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana")
            let collection = try await world.collection()
            try await world.library.setAccess(
                ACLConstraint(allow: [.subject(world.admin.subject)]), ofFolder: DocumentPath("board"), in: collection,
                by: world.admin, request: nil)
            let document = try await world.document("Word plumbus.", at: "open/a.md", in: collection)
            #expect(try await world.sees(ana, document, in: collection, word: "plumbus"))
            try await world.library.move(
                document, to: DocumentPath("board/a.md"), by: world.admin, request: nil)
            #expect(try await !world.sees(ana, document, in: collection, word: "plumbus"))
            #expect(try await world.library.document(document, for: world.admin).path == "board/a.md")
            try await world.library.move(document, to: DocumentPath("a.md"), by: world.admin, request: nil)
            #expect(try await world.sees(ana, document, in: collection, word: "plumbus"))
        }
    }

    @Test func `a label above the clearance hides a document, and nobody labels above their own`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana", clearance: .internal)
            let cleared = try await world.person("cid", clearance: .confidential)
            let collection = try await world.collection()
            let document = try await world.document("Word plumbus.", at: "a.md", in: collection, label: .confidential)
            #expect(try await !world.sees(ana, document, in: collection, word: "plumbus"))
            #expect(try await world.sees(cleared, document, in: collection, word: "plumbus"))
            await #expect(throws: LibraryFailure.labelAboveClearance) {
                try await world.upload("Word.", to: "b.md", in: collection, label: .restricted, as: cleared)
            }
            await #expect(throws: LibraryFailure.labelAboveClearance) {
                try await world.library.createCollection(
                    named: "High", label: .restricted, access: LibraryWorld.everyone, by: cleared, request: nil)
            }
            let high = try await world.collection("High", label: .restricted)
            await #expect(throws: LibraryFailure.labelAboveClearance) {
                try await world.upload("Word.", to: "b.md", in: high, as: cleared)
            }
        }
    }

    @Test func `a stricter label with a new version holds at once, a laxer one changes nothing`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana", clearance: .internal)
            let collection = try await world.collection()
            let document = try await world.document("Word plumbus.", at: "a.md", in: collection)
            #expect(try await world.sees(ana, document, in: collection, word: "plumbus"))
            await #expect(throws: LibraryFailure.labelAboveClearance) {
                try await world.upload("Word two.", to: "a.md", in: collection, label: .restricted, as: ana)
            }
            #expect(try await world.row(document)?.label == .internal)
            // The old version still is the one that is shown, and to nobody below the new label.
            let raised = try await world.upload("Word grumbo.", to: "a.md", in: collection, label: .restricted)
            #expect(raised.document == document)
            #expect(try await !world.sees(ana, document, in: collection, word: "plumbus"))
            try await world.runJobs()
            #expect(try await !world.sees(ana, document, in: collection, word: "grumbo"))
            #expect(try await world.sees(world.admin, document, in: collection, word: "grumbo"))
            let lower = try await world.upload("Word grumbo.", to: "a.md", in: collection, label: .public)
            #expect(!lower.isNew)
            #expect(try await world.row(document)?.label == .restricted)
        }
    }

    @Test func `the same bytes under a stricter label are not the same`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana")
            let collection = try await world.collection()
            let document = try await world.document("Word plumbus.", at: "a.md", in: collection)
            #expect(try await world.upload("Word plumbus.", to: "a.md", in: collection, label: .restricted).isNew)
            #expect(try await !world.sees(ana, document, in: collection, word: "plumbus"))
            #expect(try await !world.upload("Word plumbus.", to: "a.md", in: collection, label: .restricted).isNew)
        }
    }

    @Test func `lists and counts are of the visible alone`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana")
            let collection = try await world.collection()
            let shown = try await world.document("Shown.", at: "shown.md", in: collection)
            for number in 1...4 {
                let label: Classification = number.isMultiple(of: 2) ? .restricted : .confidential
                _ = try await world.document("Hidden \(number).", at: "h/\(number).md", in: collection, label: label)
            }
            #expect(try await world.listed(collection, as: ana) == [shown])
            #expect(try await world.library.collection(collection, for: ana).documents == 1)
            #expect(try await world.library.collections(for: ana).map(\.documents) == [1])
            #expect(try await world.library.progress(of: collection, for: ana) == [.ready: 1])
            #expect(try await world.library.collection(collection, for: world.admin).documents == 5)
            #expect(try await world.library.progress(of: collection, for: world.admin) == [.ready: 5])
        }
    }

    @Test func `pages hold every visible document once and end`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana")
            let collection = try await world.collection()
            var shown: Set<DocumentID> = []
            for number in 0..<9 {
                let label: Classification = number.isMultiple(of: 3) ? .restricted : .internal
                let receipt = try await world.upload(
                    "Text \(number).", to: "\(number).md", in: collection, label: label)
                if label == .internal { shown.insert(receipt.document) }
                if number == 4 { world.time.advance(by: .seconds(1)) }
            }
            var seen: [DocumentID] = []
            var key: String?
            repeat {
                let page = try await world.library.documents(
                    of: collection, PageRequest(limit: 2, after: key), for: ana)
                #expect(page.items.count <= 2)
                seen += page.items.map(\.id)
                key = page.next
            } while key != nil && seen.count < 20
            #expect(seen.count == shown.count && Set(seen) == shown)
        }
    }

    @Test func `a hidden document's path can be used without learning of it`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana")
            let collection = try await world.collection()
            let hidden = try await world.document("Word plumbus.", at: "f/a.md", in: collection, label: .restricted)
            let free = try await world.upload("Word grumbo.", to: "f/b.md", in: collection, as: ana)
            let taken = try await world.upload("Word plumbus.", to: "f/a.md", in: collection, as: ana)
            #expect(taken.isNew && taken.document != hidden)
            #expect(taken.state == free.state)
            try await world.runJobs()
            #expect(try await world.listed(collection, as: ana) == [free.document, taken.document])
            #expect(try await world.text(hidden, as: world.admin) == "Word plumbus.")
            #expect(try await world.row(hidden)?.state == .ready)
            // Sending it again meets the writer's own.
            let again = try await world.upload("Word two.", to: "f/a.md", in: collection, as: ana)
            #expect(again.document == taken.document)
        }
    }

    @Test func `a hidden document fails at every door as an unknown one does`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana", [.developer])
            let collection = try await world.collection()
            let hidden = try await world.document("Word plumbus.", at: "a.md", in: collection, label: .restricted)
            let version = try await world.row(hidden)?.currentVersion
            for id in [hidden, DocumentID(high: 7, low: 7)] {
                try await expectNotFound(id, version, of: world, for: ana)
            }
            #expect(try await world.state(hidden) == .ready)
        }
    }

    @Test func `another tenant finds nothing by any identifier`() async throws {
        try await LibraryWorld.each { world in
            let stranger = try await world.stranger()
            let collection = try await world.collection()
            let document = try await world.document("Word plumbus.", at: "f/a.md", in: collection)
            let version = try await world.row(document)?.currentVersion
            try await expectNotFound(document, version, of: world, for: stranger)
            try await expectNotFound(collection, of: world, for: stranger)
            #expect(try await world.found("plumbus", as: stranger) == [])
            #expect(try await world.library.collections(for: stranger).isEmpty)
            #expect(try await world.library.collection(named: "Handbook", for: stranger) == nil)
            #expect(try await world.sees(world.admin, document, in: collection, word: "plumbus"))
            // Their own collection of the same name is their own.
            _ = try await world.library.createCollection(
                named: "Handbook", label: .internal, access: nil, by: stranger, request: nil)
        }
    }

    private func expectNotFound(
        _ id: DocumentID, _ version: VersionID?, of world: LibraryWorld, for principal: Principal
    ) async throws {
        let library = world.library
        let doors: [(String, () async throws -> Void)] = [
            ("document", { _ = try await library.document(id, for: principal) }),
            ("text", { _ = try await library.text(of: id, version: nil, for: principal) }),
            ("version", { _ = try await library.text(of: id, version: version, for: principal) }),
            ("delete", { try await library.delete(id, by: principal, request: nil) }),
            ("move", { try await library.move(id, to: DocumentPath("x.md"), by: principal, request: nil) }),
            ("access", { try await library.setAccess(ACLConstraint(), ofDocument: id, by: principal, request: nil) }),
            ("why", { _ = try await library.explainAccess(to: id, of: principal, for: principal) }),
        ]
        for (name, open) in doors {
            await #expect(throws: LibraryFailure.notFound, "\(name)") { try await open() }
        }
    }

    private func expectNotFound(_ id: CollectionID, of world: LibraryWorld, for principal: Principal) async throws {
        let library = world.library
        let doors: [(String, () async throws -> Void)] = [
            ("collection", { _ = try await library.collection(id, for: principal) }),
            ("documents", { _ = try await library.documents(of: id, PageRequest(), for: principal) }),
            ("progress", { _ = try await library.progress(of: id, for: principal) }),
            ("delete", { try await library.deleteCollection(id, by: principal, request: nil) }),
            ("access", { try await library.setAccess(ACLConstraint(), ofCollection: id, by: principal, request: nil) }),
            (
                "folder",
                {
                    try await library.setAccess(
                        ACLConstraint(), ofFolder: DocumentPath("f"), in: id, by: principal, request: nil)
                }
            ),
            ("upload", { try await world.upload("Word.", to: "x.md", in: id, as: principal) }),
        ]
        for (name, open) in doors {
            await #expect(throws: LibraryFailure.notFound, "\(name)") { try await open() }
        }
    }

    @Test func `the reason is told in identifiers`() async throws {
        try await LibraryWorld.each { world in
            let ana = try await world.person("ana")
            let collection = try await world.collection()
            let document = try await world.document("Word.", at: "a.md", in: collection)
            let open = try await world.library.explainAccess(to: document, of: ana, for: world.admin)
            #expect(open.isGranted && open.rule.contains("everyone"))
            try await world.library.setAccess(
                ACLConstraint(deny: [.subject(ana.subject)]), ofDocument: document, by: world.admin, request: nil)
            let closed = try await world.library.explainAccess(to: document, of: ana, for: world.admin)
            #expect(!closed.isGranted && closed.rule.contains(ana.subject.description))
        }
    }

    @Test func `a collection's name is its own, and it goes only when empty`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            await #expect(throws: LibraryFailure.nameTaken) { try await world.collection() }
            for name in ["", "a\u{7}b", "a\nb", String(repeating: "a", count: 201)] {
                await #expect(throws: LibraryFailure.badName) { try await world.collection(name) }
            }
            let document = try await world.document("Word.", at: "f/g/a.md", in: collection)
            await #expect(throws: LibraryFailure.collectionNotEmpty) {
                try await world.library.deleteCollection(collection, by: world.admin, request: nil)
            }
            try await world.library.delete(document, by: world.admin, request: nil)
            try await world.library.deleteCollection(collection, by: world.admin, request: nil)
            #expect(try await world.library.collections(for: world.admin).isEmpty)
            #expect(try world.keyring.hasKey(.collection(world.tenant, collection)) == false)
            _ = try await world.collection()
        }
    }
}
