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

    /// False when the entry is damaged: the builder is then of no more use. Throws when another analyser wrote it.
    /// Vectors of other encoders are passed over.
    mutating func add(_ entry: StoredEntry) throws(SearchFailure) -> Bool {
        guard let bytes = try? EntryForm.current(entry.bytes), let places = try? EntryPlaces(bytes) else {
            return false
        }
        guard places.analyser == identity.analyser else {
            throw .foreignIndex(found: Int(places.analyser), expected: Int(identity.analyser))
        }
        let own = places.sets.first { $0.encoder == identity.encoder && $0.dimensions == identity.dimensions }
        let first = chunks.count
        guard (try? body(of: bytes, places.chunks, vectors: own?.windows)) != nil else { return false }
        documents.append(
            IndexPart.Document(
                document: entry.document, version: entry.version, collection: entry.collection,
                sequence: entry.sequence, chunks: first..<chunks.count
            ))
        return true
    }

    private mutating func body(
        of bytes: [UInt8], _ chunks: Range<Int>, vectors: Range<Int>?
    ) throws(ByteReader.Malformed) {
        var reader = ByteReader(bytes, within: chunks)
        var windows = vectors.map { ByteReader(bytes, within: $0) }
        for _ in 0..<(try reader.count(ofSize: 5)) { try chunk(&reader, &windows) }
        guard reader.isAtEnd, windows?.isAtEnd ?? true else { throw ByteReader.Malformed() }
    }

    /// `vectors` is nil for a document that this encoder has not read.
    private mutating func chunk(
        _ reader: inout ByteReader, _ vectors: inout ByteReader?
    ) throws(ByteReader.Malformed) {
        let position = UInt32(chunks.count)
        let (ordinal, start, end) = (try reader.number(), try reader.number(), try reader.number())
        let length = try reader.number()
        for _ in 0..<(try reader.count(ofSize: 2)) {
            let bytes = try reader.range(try reader.count(ofSize: 1))
            let posting = IndexPart.Posting(chunk: position, frequency: UInt32(try reader.number()))
            let term = reader.withBytes(bytes) { terms.insert($0) }
            occurrences.append((UInt32(term), posting))
        }
        let windowCount = try vectors?.count(ofSize: 4 * identity.dimensions) ?? 0
        try vectors?.appendFloats(windowCount * identity.dimensions, to: &rows)
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
