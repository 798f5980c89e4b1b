/// The pages of the XHTML of `pdftotext -bbox-layout`, one at a time: damage in one page stays in it, and never more
/// than one is in memory.
///
/// Dropped is what no reader sees: words outside the page, without area, or lower than two points. Such text is how
/// instructions are smuggled past a person.
struct PageReader {
    static let wordsPerPageMax = 100_000
    static let wordHeightMin = 2.0
    private var elements: PageElements

    init(_ xhtml: [UInt8]) { elements = PageElements(xhtml) }

    /// The output ended where it should.
    var isComplete: Bool { elements.isComplete }

    /// Nil at the end. A page that cannot be read gives what was read of it. `shown` is the page as it is shown, where
    /// that is known.
    mutating func next(shown: PageSize? = nil) -> PageContent? {
        guard let bytes = elements.next() else { return nil }
        var page = PageBuilder(shown: shown)
        do {
            var reader = try XMLReader(bytes, isLenient: true)
            while let event = try reader.next(), page.wordCount < Self.wordsPerPageMax { page.take(event) }
        } catch {
            // What came before the damage is kept; the caller learns of it by `isComplete`.
        }
        return page.finished()
    }
}

/// Collects one page from its XML events.
private struct PageBuilder {
    let shown: PageSize?
    private(set) var wordCount = 0
    private var page = PageContent(width: 0, height: 0)
    private var block = 0
    private var line: [PageWord] = []
    private var word: (box: Rectangle, text: [UInt8])?

    init(shown: PageSize?) { self.shown = shown }

    mutating func take(_ event: XMLReader.Event) {
        switch event {
        case .start(let element) where element.name == "page":
            let size = PageSize(element)
            // The tool tells the size of the sheet, but the places of words on the page as it is turned (`/Rotate`).
            let isTurned = shown.map { $0.isTurned(size) } ?? false
            (page.width, page.height) = isTurned ? (size.height, size.width) : (size.width, size.height)
        case .start(let element) where element.name == "block": block += 1
        case .start(let element) where element.name == "word": word = (element.rectangle, [])
        case .text(let text): word?.text += text
        case .end("word"): endWord()
        case .end("line"): endLine()
        default: break
        }
    }

    mutating func finished() -> PageContent {
        endWord()
        endLine()
        return page
    }

    private mutating func endWord() {
        guard let (box, text) = word else { return }
        word = nil
        wordCount += 1
        let word = String(decoding: text, as: UTF8.self).trimmingSpaces
        if isVisible(box), !word.isEmpty { line.append(PageWord(text: word, box: box)) }
    }

    private mutating func endLine() {
        if !line.isEmpty { page.lines.append(TextLine(line, block: block)) }
        line = []
    }

    private func isVisible(_ box: Rectangle) -> Bool {
        box.height >= PageReader.wordHeightMin && box.width > 0
            && box.right > 0 && box.bottom > 0 && box.left < page.width && box.top < page.height
    }
}

/// In points.
struct PageSize: Equatable {
    /// Tools round.
    private static let tolerance = 1.5
    let width, height: Double

    init(_ element: XMLReader.Element) {
        (width, height) = (element.number("width"), element.number("height"))
    }

    /// Whether it is `other` after a quarter turn, and the two can be told apart.
    func isTurned(_ other: PageSize) -> Bool {
        abs(width - other.height) <= Self.tolerance && abs(height - other.width) <= Self.tolerance
            && abs(width - height) > 2 * Self.tolerance
    }
}

extension XMLReader.Element {
    /// Finite and of a size that arithmetic bears; 0 for anything else.
    func number(_ name: String) -> Double {
        guard let value = self[name].flatMap({ Double($0) }), value.isFinite, abs(value) < 100_000 else { return 0 }
        return value
    }

    fileprivate var rectangle: Rectangle {
        Rectangle(left: number("xMin"), top: number("yMin"), right: number("xMax"), bottom: number("yMax"))
    }
}

/// Finds `<page ...>...</page>` in a tool's output, each as XML that can be read alone.
struct PageElements {
    /// A page of so many bytes is no page.
    static let pageBytesMax = 32 << 20
    private let bytes: [UInt8]
    private var index = 0
    private(set) var isComplete = true

    private static let start = Array("<page ".utf8)
    private static let end = Array("</page>".utf8)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> [UInt8]? {
        guard let first = bytes.firstIndex(of: Self.start, from: index) else { return nil }
        if let close = bytes.firstIndex(of: Self.end, from: first) {
            index = close + Self.end.count
        } else {
            index = bytes.count
            isComplete = false
        }
        if index - first > Self.pageBytesMax { isComplete = false }
        return Self.clean(bytes[first..<min(index, first + Self.pageBytesMax)])
    }

    /// What follows the last page.
    var rest: [UInt8] { Self.clean(bytes[index...]) }

    /// XML allows neither control characters nor U+FFFE and U+FFFF (XML 1.0, section 2.2); tools print them all.
    private static func clean(_ slice: ArraySlice<UInt8>) -> [UInt8] {
        var bytes = slice.map { $0 < 0x20 && $0 != 0x0a ? 0x20 : $0 }
        if String(validating: bytes, as: UTF8.self) == nil {
            bytes = Array(String(decoding: bytes, as: UTF8.self).utf8)
        }
        var index = 0
        while let found = bytes[index...].firstIndex(of: 0xef), found + 2 < bytes.count {
            if bytes[found + 1] == 0xbf, bytes[found + 2] >= 0xbe { bytes[found + 2] = 0xbd }
            index = found + 1
        }
        return bytes
    }
}

extension [UInt8] {
    /// Where `part`, which is not empty, stands first at or after `start`.
    func firstIndex(of part: [UInt8], from start: Int) -> Int? {
        var index = start
        while let found = self[index...].firstIndex(of: part[0]), found + part.count <= count {
            if self[found..<found + part.count].elementsEqual(part) { return found }
            index = found + 1
        }
        return nil
    }
}
