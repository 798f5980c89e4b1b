import Encoder
import Kit

/// The binary form of an entry: what is searched by terms, and beside it one set of vectors for each encoder that has
/// read the document. While a tenant changes its encoder there are two sets; a search looks at one of them.
///
///     1 byte   format, 2           chunks: number of them, then each
///     1 byte   analyser version      number ordinal, start, end, length, terms
///     counted  chunks                per term, in canonical order: counted bytes, number frequency
///     number   sets, then each     windows: per chunk
///       counted  encoder             number windows, then fp32 little-endian values
///       number   dimensions
///       counted  windows
///
/// Format 1 had one set of vectors between the chunks, and named its encoder without the weights. Only one model was
/// ever shipped with it, so its vectors are read as those of that model (`Encoder.firstFingerprint`).
struct EntryForm: Equatable, Sendable {
    static let format: UInt8 = 2
    private static let firstFormat: UInt8 = 1
    private static let firstEncoder = "all-MiniLM-L6-v2; fp32; wordpiece-uncased/tokenizers-0.23/1"

    struct VectorSet: Equatable, Sendable {
        let encoder: String
        let dimensions: Int
        let windows: [UInt8]
    }

    let analyser: UInt8
    let chunks: [UInt8]
    var sets: [VectorSet]

    init(analyser: UInt8, chunks: [UInt8], sets: [VectorSet]) {
        self.analyser = analyser
        self.chunks = chunks
        self.sets = sets
    }

    init(_ bytes: [UInt8]) throws(ByteReader.Malformed) {
        let whole = try Self.current(bytes)
        let places = try EntryPlaces(whole)
        self.init(
            analyser: places.analyser, chunks: Array(whole[places.chunks]),
            sets: places.sets.map {
                VectorSet(encoder: $0.encoder, dimensions: $0.dimensions, windows: Array(whole[$0.windows]))
            })
    }

    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.raw([Self.format, analyser])
        writer.counted(chunks)
        writer.number(sets.count)
        for set in sets {
            writer.counted(Array(set.encoder.utf8))
            writer.number(set.dimensions)
            writer.counted(set.windows)
        }
        return writer.bytes
    }

    /// Without the vectors of others.
    func keeping(_ encoders: Set<String>) -> EntryForm {
        var form = self
        form.sets.removeAll { !encoders.contains($0.encoder) }
        return form
    }

    /// As the row beside the entry names them; "" for none of `encoder`.
    func encoders(of encoder: String) -> (own: String, earlier: String?) {
        let names = sets.map(\.encoder)
        return (names.contains(encoder) ? encoder : "", names.first { $0 != encoder })
    }

    /// `bytes` in today's format.
    static func current(_ bytes: [UInt8]) throws(ByteReader.Malformed) -> [UInt8] {
        bytes.first == firstFormat ? try upgraded(bytes) : bytes
    }

    private static func upgraded(_ bytes: [UInt8]) throws(ByteReader.Malformed) -> [UInt8] {
        var reader = ByteReader(bytes)
        _ = try reader.byte()
        let analyser = try reader.byte()
        let dimensions = try reader.number()
        let named = String(decoding: try reader.counted(), as: UTF8.self)
        let count = try reader.count(ofSize: 6)
        var (chunks, vectors) = (ByteWriter(), ByteWriter())
        chunks.number(count)
        for _ in 0..<count {
            let start = reader.position
            for _ in 0..<4 { _ = try reader.number() }
            for _ in 0..<(try reader.count(ofSize: 2)) {
                _ = try reader.counted()
                _ = try reader.number()
            }
            chunks.raw(bytes[start..<reader.position])
            let windows = try reader.count(ofSize: 4 * dimensions)
            vectors.number(windows)
            vectors.raw(try reader.raw(windows * 4 * dimensions))
        }
        guard reader.isAtEnd else { throw ByteReader.Malformed() }
        let encoder = named == firstEncoder ? Encoder.firstFingerprint : named
        let set = VectorSet(encoder: encoder, dimensions: dimensions, windows: vectors.bytes)
        return EntryForm(analyser: analyser, chunks: chunks.bytes, sets: [set]).bytes
    }
}

/// Where the parts of an entry lie in its bytes, so that what is not needed is not copied.
struct EntryPlaces {
    struct VectorSet {
        let encoder: String
        let dimensions: Int
        let windows: Range<Int>
    }

    let analyser: UInt8
    let chunks: Range<Int>
    let sets: [VectorSet]

    /// Of bytes in today's format.
    init(_ bytes: [UInt8]) throws(ByteReader.Malformed) {
        var reader = ByteReader(bytes)
        guard try reader.byte() == EntryForm.format else { throw ByteReader.Malformed() }
        analyser = try reader.byte()
        chunks = try reader.range(try reader.count(ofSize: 1))
        var sets: [VectorSet] = []
        for _ in 0..<(try reader.count(ofSize: 3)) {
            let encoder = String(decoding: try reader.counted(), as: UTF8.self)
            let dimensions = try reader.number()
            let windows = try reader.range(try reader.count(ofSize: 1))
            sets.append(VectorSet(encoder: encoder, dimensions: dimensions, windows: windows))
        }
        guard reader.isAtEnd else { throw ByteReader.Malformed() }
        self.sets = sets
    }
}
