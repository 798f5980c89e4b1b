import AuditTrail
import Kit
import Search
import Storage
import Synchronization
import TestLibrary
import Testing

@testable import Library

/// What a deletion says of itself is what the stores had.
@Suite struct ForgettingTests {
    @Test func `each step is told in its order, with the counts of the stores`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            _ = try await world.document("Word grumbo.", at: "kept.md", in: collection)
            let document = try await world.document("# Gone\n\nWord plumbus.", at: "gone.md", in: collection)
            _ = try await world.document("# Gone\n\nWord plumbus two.", at: "gone.md", in: collection)
            try await world.index.seal(world.tenant)
            let counts = try await world.database.read {
                try world.index.counts(of: document, tenant: world.tenant, in: $0)
            }
            #expect(counts.passages == 1 && counts.vectors == 1 && counts.postings >= 3)

            let steps = try await Self.forget(document, in: world)
            #expect(steps.count == 6)
            #expect(steps[0] == .rowsGone(versions: 2, passages: 2) && steps[1] == .keyDestroyed)
            #expect(steps[2] == .originalsDeleted(2) && steps[3] == .indexCleared(counts, segments: 1))
            #expect(steps[4] == .tested)
            let newest = try await world.audit.entries(for: world.admin, page: .init(limit: 2)).items[1].record
            #expect(steps[5] == .recorded(sequence: newest.sequence, log: newest.log.description))
            #expect(newest.entry.action == "documents.erased" && newest.entry.facts["passages"] == "2")
            #expect(newest.entry.facts["postings"] == String(counts.postings) && newest.entry.facts["segments"] == "1")
            let after = try await world.database.read {
                try world.index.counts(of: document, tenant: world.tenant, in: $0)
            }
            #expect(after == EntryCounts.none)
        }
    }

    @Test func `a document that nothing was read of takes nothing but its original along`() async throws {
        try await LibraryWorld.each { world in
            let collection = try await world.collection()
            let receipt = try await world.upload("Word plumbus.", to: "a.md", in: collection)
            let steps = try await Self.forget(receipt.document, in: world)
            #expect(steps[0] == .rowsGone(versions: 1, passages: 0))
            #expect(steps[2] == .originalsDeleted(1) && steps[3] == .indexCleared(.none, segments: 0))
        }
    }

    private static func forget(_ document: DocumentID, in world: LibraryWorld) async throws -> [ErasureStep] {
        let told = Mutex<[ErasureStep]>([])
        let erasure = try await world.library.beginDeletion(of: document, by: world.admin, request: nil)
        try await world.library.finish(erasure) { step in told.withLock { $0.append(step) } }
        return told.withLock { $0 }
    }
}
