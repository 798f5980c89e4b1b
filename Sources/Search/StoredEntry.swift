import Kit
import Storage

/// What the index keeps of one version of one document, in its binary form (`EntryForm`). The row of `search_entries`
/// holds it sealed under the document's key; the tail of the index and segments hold it as it is.
struct StoredEntry: Sendable {
    let document: DocumentID
    let version: VersionID
    let collection: CollectionID
    /// The change that published this version. With `document` it names the entry: nothing else ever has both.
    let sequence: ChangeSequence
    let bytes: [UInt8]
}

/// Binds what is searched together: entries of another analyser are refused, and of the vectors in an entry only those
/// of this encoder are ever looked at.
struct IndexIdentity: Equatable, Sendable {
    let analyser: UInt8
    let dimensions: Int
    let encoder: String

    init(analyser: UInt8 = Analyser.version, dimensions: Int, encoder: String) {
        self.analyser = analyser
        self.dimensions = dimensions
        self.encoder = encoder
    }

    init(_ settings: SearchSettings) {
        self.init(dimensions: settings.dimensions, encoder: settings.encoder)
    }
}

/// Builds the parts of a document's entry.
struct EntryWriter {
    let analyser: Analyser
    let settings: SearchSettings

    /// Throws `SearchFailure` when the document breaks a bound; nothing of it would be searchable otherwise.
    func bytes(of document: IndexedDocument) throws(SearchFailure) -> [UInt8] { try form(of: document).bytes }

    /// With the vectors of `settings.encoder` and of whichever other encoder the document brings some.
    func form(of document: IndexedDocument) throws(SearchFailure) -> EntryForm {
        try check(document)
        let chunks = document.chunks.sorted { $0.ordinal < $1.ordinal }
        var form = EntryForm(analyser: Analyser.version, chunks: chunkBytes(chunks), sets: [])
        form.sets.append(set(settings.encoder, chunks.map(\.vectors)))
        if let earlier = settings.earlierEncoder, earlier != settings.encoder,
            chunks.contains(where: { !$0.earlierVectors.isEmpty })
        {
            form.sets.append(set(earlier, chunks.map(\.earlierVectors)))
        }
        return form
    }

    private func set(_ encoder: String, _ vectors: [[[Float]]]) -> EntryForm.VectorSet {
        var writer = ByteWriter()
        for windows in vectors {
            writer.number(windows.count)
            for vector in windows { writer.floats(vector) }
        }
        return EntryForm.VectorSet(encoder: encoder, dimensions: settings.dimensions, windows: writer.bytes)
    }

    private func chunkBytes(_ chunks: [IndexedChunk]) -> [UInt8] {
        var writer = ByteWriter()
        writer.number(chunks.count)
        for chunk in chunks { write(chunk, to: &writer) }
        return writer.bytes
    }

    private func write(_ chunk: IndexedChunk, to writer: inout ByteWriter) {
        let list = analyser.terms(of: chunk.text)
        for value in [chunk.ordinal, chunk.start, chunk.end, list.length, list.terms.count] { writer.number(value) }
        for term in list.terms {
            writer.counted(term.bytes)
            writer.number(term.frequency)
        }
    }

    private func check(_ document: IndexedDocument) throws(SearchFailure) {
        func refuse(_ reason: String) -> SearchFailure { .badDocument(document.document, reason: reason) }
        let chunks = document.chunks
        if chunks.count > settings.chunksMax { throw refuse("more than \(settings.chunksMax) chunks") }
        if Set(chunks.map(\.ordinal)).count != chunks.count { throw refuse("two chunks of one ordinal") }
        for chunk in chunks {
            let numbers = [chunk.ordinal, chunk.start, chunk.end - chunk.start, Int(Int32.max) - chunk.end]
            if numbers.contains(where: { $0 < 0 }) { throw refuse("offsets or ordinal out of range") }
            if chunk.ordinal > Int(Int32.max) { throw refuse("offsets or ordinal out of range") }
            for vectors in [chunk.vectors, chunk.earlierVectors] {
                if vectors.count > settings.windowsMax { throw refuse("more than \(settings.windowsMax) windows") }
                for vector in vectors { try checkVector(vector, dimensions: settings.dimensions) }
            }
        }
    }
}

/// Throws unless `vector` has as many values as the index and all of them are finite.
func checkVector(_ vector: [Float], dimensions: Int) throws(SearchFailure) {
    guard vector.count == dimensions else {
        throw .vectorDimensions(found: vector.count, expected: dimensions)
    }
    guard vector.allSatisfy(\.isFinite) else { throw .vectorNotFinite }
}
