import Kit

/// Gathers entries into the arrays of an `IndexPart`.
struct PartBuilder {
    let identity: IndexIdentity
    private(set) var documents: [IndexPart.Document] = []
    private(set) var terms = TermTable()
    private(set) var rows: [Float] = []
    private var chunks: [IndexPart.Chunk] = []
    /// In order of chunks: which term, and its posting.
    private var occurrences: [(term: UInt32, posting: IndexPart.Posting)] = []
    private var windows = 0

    init(identity: IndexIdentity) { self.identity = identity }

    /// False when the entry is damaged: the builder is then of no more use. Throws when another analyser or encoder
    /// wrote it.
    mutating func add(_ entry: StoredEntry) throws(SearchFailure) -> Bool {
        var reader = ByteReader(entry.bytes)
        guard let found = try? header(&reader) else { return false }
        guard found == identity else { throw .foreignIndex(found: found.text, expected: identity.text) }
        let first = chunks.count
        guard (try? body(&reader)) != nil else { return false }
        documents.append(
            IndexPart.Document(
                document: entry.document, version: entry.version, collection: entry.collection,
                sequence: entry.sequence, chunks: first..<chunks.count
            ))
        return true
    }

    private func header(_ reader: inout ByteReader) throws(ByteReader.Malformed) -> IndexIdentity {
        guard try reader.byte() == StoredEntry.format else { throw ByteReader.Malformed() }
        let analyser = try reader.byte()
        let dimensions = try reader.number()
        let encoder = String(decoding: try reader.counted(), as: UTF8.self)
        return IndexIdentity(analyser: analyser, dimensions: dimensions, encoder: encoder)
    }

    private mutating func body(_ reader: inout ByteReader) throws(ByteReader.Malformed) {
        for _ in 0..<(try reader.count(ofSize: 6)) { try chunk(&reader) }
        guard reader.isAtEnd else { throw ByteReader.Malformed() }
    }

    private mutating func chunk(_ reader: inout ByteReader) throws(ByteReader.Malformed) {
        let position = UInt32(chunks.count)
        let (ordinal, start, end) = (try reader.number(), try reader.number(), try reader.number())
        let length = try reader.number()
        for _ in 0..<(try reader.count(ofSize: 2)) {
            let bytes = try reader.range(try reader.count(ofSize: 1))
            let posting = IndexPart.Posting(chunk: position, frequency: UInt32(try reader.number()))
            let term = reader.withBytes(bytes) { terms.insert($0) }
            occurrences.append((UInt32(term), posting))
        }
        let windowCount = try reader.count(ofSize: 4 * identity.dimensions)
        try reader.appendFloats(windowCount * identity.dimensions, to: &rows)
        chunks.append(
            IndexPart.Chunk(
                document: UInt32(documents.count), ordinal: UInt32(ordinal), start: UInt32(start), end: UInt32(end),
                length: UInt32(length), firstWindow: UInt32(windows)
            ))
        windows += windowCount
    }

    var finishedChunks: [IndexPart.Chunk] {
        let end = IndexPart.Chunk(
            document: .max, ordinal: 0, start: 0, end: 0, length: 0, firstWindow: UInt32(windows)
        )
        return chunks + [end]
    }

    /// Counting sort by term; within a term the order of chunks stays.
    func sortedPostings() -> (starts: [UInt32], postings: [IndexPart.Posting]) {
        var starts = [UInt32](repeating: 0, count: terms.count + 1)
        for (term, _) in occurrences { starts[Int(term) + 1] += 1 }
        for term in 0..<terms.count { starts[term + 1] += starts[term] }
        var next = starts
        var postings = [IndexPart.Posting](
            repeating: IndexPart.Posting(chunk: 0, frequency: 0), count: occurrences.count
        )
        for (term, posting) in occurrences {
            postings[Int(next[Int(term)])] = posting
            next[Int(term)] += 1
        }
        return (starts, postings)
    }
}
