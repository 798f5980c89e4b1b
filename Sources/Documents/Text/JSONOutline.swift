/// Writes JSON values as blocks. Every method gets a reader that stands behind the `begin` of what it writes and leaves
/// it behind the `end`.
struct JSONOutline {
    /// Sections deeper than this are written as lines with a path.
    private static let headingLevelsMax = 3
    private static let rowsPerTableMax = 50
    private static let blockBytesMax = 2_000

    private(set) var writer: DocumentWriter
    private var lines = JSONLines()

    init(_ writer: DocumentWriter) { self.writer = writer }

    /// The value that follows; the reader stands before it.
    mutating func value(_ reader: inout JSONReader) {
        switch reader.next() {
        case .begin(let isArray): isArray ? array(&reader, level: 1) : object(&reader, level: 1)
        case .scalar(let range): writer.lines([Inline(reader.decoded(range))])
        case .key, .end, nil: break
        }
    }

    /// Its plain members first, then one section for each of the others: behind a section's heading everything would
    /// seem to belong to it.
    private mutating func object(_ reader: inout JSONReader, level: Int) {
        guard level <= Self.headingLevelsMax else { return flatten(&reader, isArray: false, name: []) }
        var ahead = reader
        plainMembers(&ahead)
        flush()
        var name: [UInt8] = []
        while !writer.isFull, let event = reader.next(), event != .end {
            switch event {
            case .key(let range): name = reader.decoded(range)
            case .begin(let isArray):
                guard !JSONShape.isPlain(reader) else { reader.skip(); continue }
                writer.heading([Inline(name)], level: level)
                isArray ? array(&reader, level: level + 1) : object(&reader, level: level + 1)
            case .scalar, .end: break
            }
        }
    }

    private mutating func plainMembers(_ reader: inout JSONReader) {
        var name: [UInt8] = []
        while !writer.isFull, let event = reader.next(), event != .end {
            switch event {
            case .key(let range): name = reader.decoded(range)
            case .scalar(let range):
                lines.add(name, reader.decoded(range))
                flush(over: Self.blockBytesMax)
            case .begin(let isArray):
                guard JSONShape.isPlain(reader) else { reader.skip(); continue }
                flatten(&reader, isArray: isArray, name: name)
            case .end: break
            }
        }
    }

    /// Ends at the `end` or, when it has no brackets as in JSON Lines, with the text.
    mutating func array(_ reader: inout JSONReader, level: Int) {
        switch JSONShape.of(arrayAt: reader) {
        case .table(let columns): table(&reader, columns: columns)
        case .grid: grid(&reader)
        case .other: elements(&reader)
        }
    }

    /// A block for each.
    private mutating func elements(_ reader: inout JSONReader) {
        while !writer.isFull, let event = reader.next(), event != .end {
            switch event {
            case .begin(let isArray):
                flush()
                flatten(&reader, isArray: isArray, name: [])
                flush()
            case .scalar(let range):
                lines.add([], reader.decoded(range), joins: true)
                flush(over: Self.blockBytesMax)
            case .key, .end: break
            }
        }
        flush()
    }

    private mutating func table(_ reader: inout JSONReader, columns: [[UInt8]]) {
        let places = Dictionary(columns.enumerated().map { ($1, $0) }) { first, _ in first }
        var rows = [columns.map { [Inline($0)] }]
        var headerRows = 1
        while !writer.isFull, let event = reader.next(), event != .end {
            var cells = columns.map { _ in [Inline]() }
            var column: Int?
            while let event = reader.next(), event != .end {
                if case .key(let range) = event { column = places[reader.decoded(range)] }
                if case .scalar(let range) = event, let column { cells[column] = [Inline(reader.decoded(range))] }
            }
            append(cells, to: &rows, headerRows: &headerRows)
        }
        writer.table(rows, headerRows: headerRows)
    }

    private mutating func grid(_ reader: inout JSONReader) {
        var rows: [[[Inline]]] = []
        var headerRows = 0
        while !writer.isFull, let event = reader.next(), event != .end {
            var cells: [[Inline]] = []
            while case .scalar(let range) = reader.next() { cells.append([Inline(reader.decoded(range))]) }
            append(cells, to: &rows, headerRows: &headerRows)
        }
        writer.table(rows, headerRows: headerRows)
    }

    private mutating func append(_ row: [[Inline]], to rows: inout [[[Inline]]], headerRows: inout Int) {
        rows.append(row)
        guard rows.count >= Self.rowsPerTableMax + headerRows else { return }
        writer.table(rows, headerRows: headerRows)
        rows = []
        headerRows = 0
    }

    /// Everything below as lines with their path, however deep.
    private mutating func flatten(_ reader: inout JSONReader, isArray: Bool, name: [UInt8]) {
        var path = JSONPath(name: name)
        path.open(isArray: isArray)
        while !path.isEmpty, !writer.isFull, let event = reader.next() {
            switch event {
            case .key(let range): path.name(reader.decoded(range))
            case .begin(let isArray): path.open(isArray: isArray)
            case .end: path.close()
            case .scalar(let range):
                lines.add(path.text, reader.decoded(range), joins: path.isInArray)
                flush(over: Self.blockBytesMax)
            }
        }
    }

    private mutating func flush(over bytes: Int = 0) {
        if lines.bytes.count > bytes { lines.flush(to: &writer) }
    }
}

/// Lines `path: value` of the block that is being made.
private struct JSONLines {
    private static let joinedBytesMax = 1_000

    private(set) var bytes: [UInt8] = []
    private var path: [UInt8]?
    private var lineStart = 0

    /// `joins`: values with the same path stand in one line as long as it is not too long.
    mutating func add(_ path: [UInt8], _ value: [UInt8], joins: Bool = false) {
        if joins, self.path == path, bytes.count - lineStart < Self.joinedBytesMax {
            bytes += Array(", ".utf8) + value
            return
        }
        if !bytes.isEmpty { bytes.append(0x0a) }
        lineStart = bytes.count
        if !path.isEmpty { bytes += path + Array(": ".utf8) }
        bytes += value
        self.path = joins ? path : nil
    }

    mutating func flush(to writer: inout DocumentWriter) {
        writer.lines([Inline(bytes)])
        self = JSONLines()
    }
}

/// Where a value stands, as `orders[0].price`. Only the end of a very deep one is shown, or a small file could make
/// endless text.
private struct JSONPath {
    private static let stepsShown = 8
    private static let nameBytesMax = 100

    private enum Step {
        case name([UInt8])
        /// Before the first element it is -1.
        case index(Int)
    }

    private let root: [UInt8]
    private var steps: [Step] = []

    init(name: [UInt8]) { root = Array(name.prefixOfWholeCharacters(Self.nameBytesMax)) }

    var isEmpty: Bool { steps.isEmpty }
    var isInArray: Bool { if case .index = steps.last { true } else { false } }

    mutating func open(isArray: Bool) {
        if case .index(let index) = steps.last { steps[steps.count - 1] = .index(index + 1) }
        steps.append(isArray ? .index(-1) : .name([]))
    }

    mutating func close() { steps.removeLast() }

    mutating func name(_ name: [UInt8]) {
        steps[steps.count - 1] = .name(Array(name.prefixOfWholeCharacters(Self.nameBytesMax)))
    }

    /// Of a scalar in an array it is the path of the array.
    var text: [UInt8] {
        let shown = isInArray ? steps.dropLast() : steps[...]
        var text = shown.count > Self.stepsShown ? [] : root
        for step in shown.suffix(Self.stepsShown) {
            switch step {
            case .index(let index): text += Array("[\(index)]".utf8)
            case .name(let name): text += (text.isEmpty ? [] : [UInt8(ascii: ".")]) + name
            }
        }
        return text
    }
}

/// What a look ahead says about a container, in time linear in what is flat at its beginning.
enum JSONShape: Equatable {
    /// Of objects that hold only scalars, under these names.
    case table(columns: [[UInt8]])
    /// Of arrays that hold only scalars.
    case grid
    case other

    private static let columnsMax = 40
    /// Longer texts are read better as a block of their own.
    private static let cellBytesMax = 400

    /// Whether it holds only scalars. The reader stands behind its `begin`.
    static func isPlain(_ reader: JSONReader) -> Bool {
        var reader = reader
        while let event = reader.next(), event != .end {
            if case .begin = event { return false }
        }
        return true
    }

    static func of(arrayAt reader: JSONReader) -> JSONShape {
        var reader = reader
        var columns: [[UInt8]] = []
        var (rows, cells, arrays) = (0, 0, 0)
        while let event = reader.next(), event != .end {
            guard case .begin(let isArray) = event else { return .other }
            rows += 1
            arrays += isArray ? 1 : 0
            guard arrays == 0 || arrays == rows, let names = names(&reader) else { return .other }
            cells += names.count
            for name in names where !columns.contains(name) { columns.append(name) }
            guard columns.count <= columnsMax else { return .other }
        }
        guard rows > 1 else { return .other }
        if arrays == rows { return .grid }
        // Objects with few names in common would make a table of holes.
        return !columns.isEmpty && cells * 2 >= columns.count * rows ? .table(columns: columns) : .other
    }

    /// Of a container of short scalars; nil for any other.
    private static func names(_ reader: inout JSONReader) -> [[UInt8]]? {
        var names: [[UInt8]] = []
        while let event = reader.next(), event != .end {
            switch event {
            case .key(let range): names.append(reader.decoded(range))
            case .scalar(let range) where range.count <= cellBytesMax: break
            default: return nil
            }
            guard names.count <= columnsMax else { return nil }
        }
        return names
    }
}
