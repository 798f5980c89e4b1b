import Kit
import Storage

/// What the index keeps of one version of one document, in its binary form. The row of `search_entries` holds it
/// sealed under the document's key; the tail of the index and segments hold it as it is.
///
///     1 byte   format, 1          then per chunk:
///     1 byte   analyser version     number ordinal, start, end, length, terms
///     number   dimensions           per term, in canonical order: counted bytes, number frequency
///     counted  encoder's name       number windows, then fp32 little-endian values
///     number   chunks
struct StoredEntry: Sendable {
    static let format: UInt8 = 1

    let document: DocumentID
    let version: VersionID
    let collection: CollectionID
    /// The change that published this version. With `document` it names the entry: nothing else ever has both.
    let sequence: ChangeSequence
    let bytes: [UInt8]
}

/// Binds entries to the code that wrote them: other terms or other vectors must never be searched together.
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

    var text: String { "analyser \(analyser), encoder \(encoder), \(dimensions) dimensions" }
}

/// Builds the binary form of a document's entry.
struct EntryWriter {
    let analyser: Analyser
    let settings: SearchSettings

    /// Throws `SearchFailure` when the document breaks a bound; nothing of it would be searchable otherwise.
    func bytes(of document: IndexedDocument) throws(SearchFailure) -> [UInt8] {
        try check(document)
        var writer = ByteWriter()
        writer.raw([StoredEntry.format, Analyser.version])
        writer.number(settings.dimensions)
        writer.counted(Array(settings.encoder.utf8))
        writer.number(document.chunks.count)
        for chunk in document.chunks.sorted(by: { $0.ordinal < $1.ordinal }) { write(chunk, to: &writer) }
        return writer.bytes
    }

    private func write(_ chunk: IndexedChunk, to writer: inout ByteWriter) {
        let list = analyser.terms(of: chunk.text)
        for value in [chunk.ordinal, chunk.start, chunk.end, list.length, list.terms.count] { writer.number(value) }
        for term in list.terms {
            writer.counted(term.bytes)
            writer.number(term.frequency)
        }
        writer.number(chunk.vectors.count)
        for vector in chunk.vectors { writer.floats(vector) }
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
            if chunk.vectors.count > settings.windowsMax { throw refuse("more than \(settings.windowsMax) windows") }
            for vector in chunk.vectors { try checkVector(vector, dimensions: settings.dimensions) }
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
