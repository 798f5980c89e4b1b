import Kit

/// The plain form of a sealed segment: a batch of entries, so that a node opens one blob instead of thousands of rows.
///
///     4 bytes  "CSG1"
///     number   entries, then each: document, version, collection (16 bytes each), number sequence, counted bytes
///
/// It holds no access rule: rights live in the table and are applied to every query. It is derived data: a damaged
/// segment is dropped and its documents are read from `search_entries`.
enum SegmentForm {
    private static let magic = Array("CSG1".utf8)

    static func encode(_ entries: [StoredEntry]) -> [UInt8] {
        var writer = ByteWriter()
        writer.raw(magic)
        writer.number(entries.count)
        for entry in entries {
            writer.raw(entry.document.bytes)
            writer.raw(entry.version.bytes)
            writer.raw(entry.collection.bytes)
            writer.number(Int(entry.sequence))
            writer.counted(entry.bytes)
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws(ByteReader.Malformed) -> [StoredEntry] {
        var reader = ByteReader(bytes)
        guard try reader.raw(magic.count).elementsEqual(magic) else { throw ByteReader.Malformed() }
        var entries: [StoredEntry] = []
        for _ in 0..<(try reader.count(ofSize: 50)) {
            entries.append(
                StoredEntry(
                    document: try reader.identifier(), version: try reader.identifier(),
                    collection: try reader.identifier(), sequence: Int64(try reader.number(limit: .max)),
                    bytes: Array(try reader.counted())
                ))
        }
        guard reader.isAtEnd else { throw ByteReader.Malformed() }
        return entries
    }
}

extension ByteReader {
    fileprivate mutating func identifier<Kind>() throws(Malformed) -> Identifier<Kind> {
        Identifier(high: try identifierHalf(), low: try identifierHalf())
    }
}
