import Foundation

/// A file of named tensors: eight bytes of header length, the header (a JSON object), the data.
///
/// Nothing of the file is believed: the header's length, each tensor's type, shape and offsets are checked against each
/// other and against the file's length before any element is read, and the tensors must cover the data without gap or
/// overlap, as the format demands. Format: https://huggingface.co/docs/safetensors
struct SafeTensors: Sendable {
    static let headerBytesMax = 1 << 20
    static let dimensionsMax = 8

    private let file: MappedFile
    private let dataStart: Int
    private let entries: [String: Entry]

    struct Entry: Sendable, Decodable {
        let dtype: String
        let shape: [Int]
        let offsets: [Int]

        private enum CodingKeys: String, CodingKey {
            case dtype, shape
            case offsets = "data_offsets"
        }
    }

    init(file: MappedFile) throws(WeightsDefect) {
        let bytes = file.bytes
        guard bytes.count >= 8 else { throw .fileTooShort(bytes: bytes.count) }
        let claimed = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        let limit = min(Self.headerBytesMax, bytes.count - 8)
        guard claimed <= UInt64(limit) else { throw .headerLength(claimed: claimed, limit: limit) }
        dataStart = 8 + Int(claimed)
        entries = try Self.parse(header: Data(bytes[8..<dataStart]))
        try Self.check(entries, dataCount: bytes.count - dataStart)
        self.file = file
    }

    /// The elements of a tensor of 32-bit floats, in the mapped file: valid only as long as this value is kept.
    /// Throws unless the shape is as told.
    func floats(_ name: String, shape: [Int]) throws(WeightsDefect) -> UnsafeBufferPointer<Float> {
        guard let entry = entries[name] else { throw .missing(tensor: name) }
        guard entry.dtype == "F32" else { throw .elementType(tensor: name, type: String(entry.dtype.prefix(100))) }
        guard entry.shape == shape else { throw .shape(tensor: name, found: entry.shape) }
        let start = dataStart + entry.offsets[0]
        guard start % MemoryLayout<Float>.alignment == 0 else { throw .misaligned(tensor: name) }
        let raw = UnsafeRawBufferPointer(rebasing: file.bytes[start..<dataStart + entry.offsets[1]])
        return raw.bindMemory(to: Float.self)
    }

    private static func parse(header: Data) throws(WeightsDefect) -> [String: Entry] {
        guard let parsed = try? JSONDecoder().decode(Header.self, from: header) else { throw .headerUnreadable }
        return parsed.entries
    }

    private static func check(_ entries: [String: Entry], dataCount: Int) throws(WeightsDefect) {
        for (name, entry) in entries { try check(entry, named: String(name.prefix(100)), dataCount: dataCount) }
        var end = 0
        for entry in entries.values.sorted(by: { $0.offsets.lexicographicallyPrecedes($1.offsets) }) {
            guard entry.offsets[0] == end else { throw .layout(offset: end) }
            end = entry.offsets[1]
        }
        guard end == dataCount else { throw .layout(offset: end) }
    }

    private static func check(_ entry: Entry, named name: String, dataCount: Int) throws(WeightsDefect) {
        guard let width = elementBytes[entry.dtype] else {
            throw .elementType(tensor: name, type: String(entry.dtype.prefix(100)))
        }
        guard entry.shape.count <= dimensionsMax, entry.shape.allSatisfy({ $0 >= 0 }) else {
            throw .shape(tensor: name, found: Array(entry.shape.prefix(dimensionsMax)))
        }
        var size = width
        for dimension in entry.shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
            guard !overflow else { throw .shape(tensor: name, found: entry.shape) }
            size = product
        }
        let offsets = entry.offsets
        guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= dataCount,
            offsets[1] - offsets[0] == size
        else { throw .range(tensor: name) }
    }

    private static let elementBytes = [
        "BOOL": 1, "U8": 1, "I8": 1, "U16": 2, "I16": 2, "F16": 2, "BF16": 2, "U32": 4, "I32": 4, "F32": 4,
        "U64": 8, "I64": 8, "F64": 8,
    ]
}

/// The header: tensor entries by name, beside an optional `__metadata__` that is not read.
private struct Header: Decodable {
    let entries: [String: SafeTensors.Entry]

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        var entries: [String: SafeTensors.Entry] = [:]
        for name in container.allKeys where name.stringValue != "__metadata__" {
            entries[name.stringValue] = try container.decode(SafeTensors.Entry.self, forKey: name)
        }
        self.entries = entries
    }
}
