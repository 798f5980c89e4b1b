import Kit
import Storage

/// How much of a document lies in the index.
package struct EntryCounts: Codable, Equatable, Sendable {
    package static let none = EntryCounts(passages: 0, postings: 0, vectors: 0)

    package let passages: Int
    /// A term in a passage is one, however often it stands there.
    package let postings: Int
    /// One for each embedded window, of all encoders.
    package let vectors: Int
}

extension EntryForm {
    func counts() throws -> EntryCounts {
        var reader = ByteReader(chunks, within: 0..<chunks.count)
        let passages = try reader.count(ofSize: 5)
        var postings = 0
        for _ in 0..<passages {
            for _ in 0..<4 { _ = try reader.number() }
            let terms = try reader.count(ofSize: 2)
            for _ in 0..<terms {
                _ = try reader.counted()
                _ = try reader.number()
            }
            postings += terms
        }
        return EntryCounts(
            passages: passages, postings: postings, vectors: try sets.reduce(0) { $0 + (try $1.count()) })
    }
}

extension EntryForm.VectorSet {
    fileprivate func count() throws -> Int {
        var reader = ByteReader(windows, within: 0..<windows.count)
        var found = 0
        while !reader.isAtEnd {
            let count = try reader.count(ofSize: 4 * dimensions)
            _ = try reader.raw(count * 4 * dimensions)
            found += count
        }
        return found
    }
}

extension SearchIndex {
    /// What the index holds of a document; nothing of one that is not in it, or whose entry cannot be read.
    package func counts(
        of document: DocumentID, tenant: TenantID, in connection: any SQLConnection
    ) throws -> EntryCounts {
        guard let (row, sealed) = try store.entry(document, tenant, connection),
            let bytes = try? store.open(sealed, of: row, tenant: tenant), let form = try? EntryForm(bytes)
        else { return .none }
        return (try? form.counts()) ?? .none
    }
}
