import Access
import Foundation
import Kit
import Storage
import TestKit

@testable import Search

/// A random corpus with random rights, small enough to be searched by hand and full of ties.
struct RandomWorld {
    struct Document: Sendable {
        var indexed: IndexedDocument
        var acl: Int
        var sequence: ChangeSequence
    }

    static let words = (0..<24).map { "w\($0)" } + ["running", "runs", "part-7/b", "été", "the"]

    var generator: SeededGenerator
    let settings: SearchSettings
    let analyser: Analyser
    let tenant: TenantID
    let acls: [EffectiveACL]
    let readers: [Principal]
    let collections: [CollectionID]
    /// What can be found now, by whomever.
    var documents: [DocumentID: Document] = [:]
    var sequence: ChangeSequence = 0

    init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var settings = SearchSettings()
        settings.dimensions = 16
        settings.encoder = "test"
        settings.averageTerms = 9
        settings.fusion = Bool.random(using: &generator) ? .convex : .reciprocalRank
        self.settings = settings
        analyser = Analyser(stopWords: settings.stopWords)
        let randomness = Randomness.seeded(seed)
        tenant = randomness.identifier()
        collections = (0..<3).map { _ in randomness.identifier() }
        let subjects = (0..<3).map { _ in randomness.identifier(SubjectID.self) }
        let groups = (0..<3).map { _ in randomness.identifier(GroupID.self) }
        readers = Self.readers(tenant, subjects, groups, &generator)
        acls = (0..<6).map { _ in Self.acl(subjects, groups, &generator) }
        self.generator = generator
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

    mutating func randomDocument(_ id: DocumentID? = nil) -> Document {
        sequence += 1
        let acl = acls.indices.randomElement(using: &generator) ?? 0
        let chunks = (0..<Int.random(in: 0...3, using: &generator)).map { randomChunk($0) }
        let document = IndexedDocument(
            document: id ?? randomIdentifier(), version: randomIdentifier(),
            collection: collections.randomElement(using: &generator) ?? collections[0], acl: acls[acl].id,
            chunks: chunks
        )
        return Document(indexed: document, acl: acl, sequence: sequence)
    }

    mutating func randomQuery() -> SearchQuery {
        SearchQuery(
            text: randomText(1...4), vector: randomVector(),
            mode: SearchMode.allCases.randomElement(using: &generator) ?? .fused,
            limit: Int.random(in: 1...20, using: &generator),
            collections: chance(25) ? Set(collections.filter { _ in chance(50) }) : nil, explain: true
        )
    }

    func entry(_ document: Document) throws -> StoredEntry {
        let bytes = try EntryWriter(analyser: analyser, settings: settings).bytes(of: document.indexed)
        return StoredEntry(
            document: document.indexed.document, version: document.indexed.version,
            collection: document.indexed.collection, sequence: document.sequence, bytes: bytes
        )
    }

    func row(_ document: Document) -> LiveRow {
        LiveRow(
            document: document.indexed.document, version: document.indexed.version,
            collection: document.indexed.collection, acl: acls[document.acl].id, sequence: document.sequence
        )
    }

    var rules: [ACLID: EffectiveACL] { Dictionary(acls.map { ($0.id, $0) }) { first, _ in first } }

    func visible(to reader: Principal) -> [Document] {
        documents.values.filter { acls[$0.acl].admits(reader) }
            .sorted { $0.indexed.document < $1.indexed.document }
    }

    func search(_ live: LiveIndex, _ query: SearchQuery, _ reader: Principal) -> SearchResult {
        QueryPlan(snapshot: live.snapshot(), query: query, reader: reader, settings: settings).run(analyser)
    }

    // MARK: Parts

    mutating func randomIdentifier<Kind>() -> Identifier<Kind> {
        Identifier(high: generator.next(), low: generator.next())
    }

    private mutating func randomChunk(_ ordinal: Int) -> IndexedChunk {
        let text = randomText(0...14)
        let vectors = (0..<Int.random(in: 0...3, using: &generator)).map { _ in randomVector() }
        return IndexedChunk(
            ordinal: ordinal, start: ordinal * 10, end: ordinal * 10 + 9, text: Array(text.utf8), vectors: vectors
        )
    }

    private mutating func randomText(_ count: ClosedRange<Int>) -> String {
        let words = (0..<Int.random(in: count, using: &generator)).map { _ in
            Self.words[min(Int.random(in: 0..<29, using: &generator), Int.random(in: 0..<29, using: &generator))]
        }
        return words.joined(separator: " ")
    }

    /// One in three is one of four fixed vectors: equal scores must be common.
    private mutating func randomVector() -> [Float] {
        if chance(33) {
            let axis = Int.random(in: 0..<4, using: &generator)
            return (0..<16).map { $0 == axis ? 1 : 0 }
        }
        let values = (0..<16).map { _ in Float.random(in: -1...1, using: &generator) }
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return values.map { $0 / length }
    }

    private static func readers(
        _ tenant: TenantID, _ subjects: [SubjectID], _ groups: [GroupID], _ generator: inout SeededGenerator
    ) -> [Principal] {
        subjects.map { subject in
            Principal(
                tenant: tenant, subject: subject,
                groups: Set(groups.filter { _ in Bool.random(using: &generator) }), roles: [.user],
                clearance: Classification.allCases.randomElement(using: &generator) ?? .internal, purpose: .general,
                permissions: [.searchQuery], credential: .localOperator
            )
        }
    }

    private static func acl(
        _ subjects: [SubjectID], _ groups: [GroupID], _ generator: inout SeededGenerator
    ) -> EffectiveACL {
        let all = [Grantee.everyone] + subjects.map { .subject($0) } + groups.map { .group($0) }
        func some(_ percent: Int) -> Set<Grantee> {
            Set(all.filter { _ in Int.random(in: 0..<100, using: &generator) < percent })
        }
        let constraints = (0..<Int.random(in: 1...2, using: &generator)).map { _ in
            ACLConstraint(allow: some(45), deny: some(5).subtracting([.everyone]))
        }
        let label: Classification = Bool.random(using: &generator) ? .public : .confidential
        return EffectiveACL(constraints: constraints, label: label)
    }
}

/// A follower without a database: pages of random size, segments at random moments.
struct RandomFollower {
    var live: LiveIndex

    init(_ world: RandomWorld) { live = LiveIndex(settings: world.settings) }

    mutating func apply(_ documents: [RandomWorld.Document], removed: [DocumentID], _ world: RandomWorld) throws {
        let unknown = documents.filter { live.known.sequences[$0.indexed.document] != $0.sequence }
        let damaged = try live.apply(
            live: documents.map(world.row), removed: removed, entries: unknown.map(world.entry), acls: world.rules
        )
        precondition(damaged == nil)
        live.cursor = ChangeCursor(sequence: world.sequence, document: "")
    }

    /// Makes the tail a segment, or throws away what is dead in one.
    mutating func seal(_ world: inout RandomWorld) throws {
        let tail = live.tailEntries
        if tail.isEmpty { return }
        let part = try IndexPart(entries: tail, identity: live.identity, segment: world.randomIdentifier())
        live.replaceParts(with: live.sealedParts + [part])
    }
}
