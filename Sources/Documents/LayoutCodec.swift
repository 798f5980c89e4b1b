/// A layout as bytes, for the frame from a parser's process and for the sealed column of a version.
///
/// Numbers are LEB128, places are distances from the place before. Version 1 had no language. The bytes may come from a
/// process that a hostile file has taken over: nothing is believed that does not fit the text.
package struct LayoutCodec {
    package enum Failure: Error { case malformed }

    private static let version: UInt64 = 2
    /// Letters of a language's code (BCP 47, primary language).
    fileprivate static let languageLetters = 2...3

    package static func encode(_ layout: DocumentLayout) -> [UInt8] {
        var out = Output()
        out.put(Int(version))
        out.put(language: layout.language)
        out.put(layout.blocks.count)
        for block in layout.blocks { out.put(block) }
        out.place = 0
        out.put(layout.pages.count)
        for page in layout.pages {
            out.put(page.number)
            out.put(page.width)
            out.put(page.height)
            out.put(page.range)
        }
        out.place = 0
        out.put(layout.words.count)
        for word in layout.words {
            out.put(Int(word.start)..<Int(word.end))
            for edge in [word.box.left, word.box.top, word.box.right, word.box.bottom] { out.put(Int(edge)) }
        }
        return out.bytes
    }

    /// `text` is what the places are in.
    package static func decode(_ bytes: [UInt8], of text: [UInt8]) throws(Failure) -> DocumentLayout {
        var input = Input(bytes: bytes, text: text)
        let version = try input.number()
        guard (1...Self.version).contains(version) else { throw .malformed }
        var layout = DocumentLayout()
        if version > 1 { layout.language = try input.language() }
        var path = HeadingPath()
        for _ in 0..<(try input.count()) { layout.blocks.append(try input.block(&path)) }
        input.place = 0
        for _ in 0..<(try input.count()) {
            let (number, width, height) = (try input.int(), try input.int(), try input.int())
            layout.pages.append(
                DocumentLayout.Page(number: number, width: width, height: height, range: try input.range()))
        }
        input.place = 0
        for _ in 0..<(try input.count()) { layout.words.append(try input.word()) }
        guard input.isAtEnd else { throw .malformed }
        return layout
    }
}

private struct Output {
    private(set) var bytes: [UInt8] = []
    /// Where the range before ended.
    var place = 0

    mutating func put(_ number: Int) {
        var rest = UInt64(max(number, 0))
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func put(language: String?) {
        let letters = Array((language ?? "").utf8)
        put(letters.count)
        bytes += letters
    }

    mutating func put(_ range: Range<Int>) {
        put(range.lowerBound - place)
        put(range.count)
        place = range.upperBound
    }

    mutating func put(_ block: DocumentLayout.Block) {
        let level = if case .heading(let level) = block.kind { level } else { 0 }
        put(LayoutCodec.codes.firstIndex { $0 == block.kind } ?? 0)
        if level > 0 { put(level) }
        put(block.range)
        guard let table = block.table else { return }
        let end = place
        place = block.range.lowerBound
        put(table.headerRows)
        put(table.rows.count)
        for row in table.rows {
            put(row.count)
            for cell in row { put(cell) }
        }
        place = end
    }
}

extension LayoutCodec {
    /// The index is the stored code; 0 stands for any heading.
    fileprivate static let codes: [DocumentLayout.Block.Kind?] = [nil, .paragraph, .listItem, .table, .code]
}

private struct Input {
    let bytes: [UInt8]
    let text: [UInt8]
    var place = 0
    private var offset = 0

    init(bytes: [UInt8], text: [UInt8]) {
        self.bytes = bytes
        self.text = text
    }

    var isAtEnd: Bool { offset == bytes.count }

    mutating func number() throws(LayoutCodec.Failure) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 63, by: 7) {
            guard offset < bytes.count else { throw .malformed }
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw .malformed
    }

    /// Small enough to be added to another without overflow.
    mutating func int() throws(LayoutCodec.Failure) -> Int {
        let value = try number()
        guard value < 1 << 48 else { throw .malformed }
        return Int(value)
    }

    /// Of things that take at least a byte each, so that a false count allocates nothing.
    mutating func count() throws(LayoutCodec.Failure) -> Int {
        let value = try int()
        guard value <= bytes.count - offset else { throw .malformed }
        return value
    }

    mutating func language() throws(LayoutCodec.Failure) -> String? {
        let count = try count()
        guard count > 0 else { return nil }
        let letters = bytes[offset..<offset + count]
        guard LayoutCodec.languageLetters.contains(count), letters.allSatisfy({ (0x61...0x7a).contains($0) }) else {
            throw .malformed
        }
        offset += count
        return String(decoding: letters, as: UTF8.self)
    }

    /// After the one before, inside the text, at whole characters.
    mutating func range() throws(LayoutCodec.Failure) -> Range<Int> {
        let start = place + (try int())
        let end = start + (try int())
        guard end <= text.count, isBoundary(start), isBoundary(end) else { throw .malformed }
        place = end
        return start..<end
    }

    private func isBoundary(_ offset: Int) -> Bool { offset == text.count || text[offset] & 0xc0 != 0x80 }

    mutating func block(_ path: inout HeadingPath) throws(LayoutCodec.Failure) -> DocumentLayout.Block {
        let code = try int()
        guard code < LayoutCodec.codes.count else { throw .malformed }
        var kind = LayoutCodec.codes[code]
        if code == 0 {
            let level = try int()
            guard (1...9).contains(level) else { throw .malformed }
            path.close(level)
            kind = .heading(level: level)
        }
        let range = try range()
        guard let kind, !range.isEmpty else { throw .malformed }
        let headings = path.titles
        if case .heading(let level) = kind { path.open(level, title: text[range]) }
        let table = kind == .table ? try table(in: range) : nil
        return DocumentLayout.Block(kind: kind, headings: headings, range: range, table: table)
    }

    private mutating func table(in block: Range<Int>) throws(LayoutCodec.Failure) -> DocumentLayout.Table {
        place = block.lowerBound
        let header = try int()
        var rows: [[Range<Int>]] = []
        for _ in 0..<(try count()) {
            var row: [Range<Int>] = []
            for _ in 0..<(try count()) { row.append(try range()) }
            rows.append(row)
        }
        guard place <= block.upperBound, header <= rows.count else { throw .malformed }
        place = block.upperBound
        return DocumentLayout.Table(headerRows: header, rows: rows)
    }

    mutating func word() throws(LayoutCodec.Failure) -> DocumentLayout.Word {
        let range = try range()
        guard !range.isEmpty, range.upperBound <= UInt32.max else { throw .malformed }
        var edges: [UInt16] = []
        for _ in 0..<4 {
            guard let edge = UInt16(exactly: try int()) else { throw .malformed }
            edges.append(edge)
        }
        return DocumentLayout.Word(
            start: UInt32(range.lowerBound), end: UInt32(range.upperBound),
            box: DocumentLayout.Box(tenthsLeft: edges[0], top: edges[1], right: edges[2], bottom: edges[3]))
    }
}
