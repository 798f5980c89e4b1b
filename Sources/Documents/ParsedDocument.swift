/// The one normalised form that chunking, citation and extraction share: text without markup, the blocks in it and,
/// where the file has pages, the place of every word.
///
/// Offsets are UTF-8 byte offsets in `text`. Line ends are LF, there is no byte order mark and no NUL.
package struct ParsedDocument: Equatable, Sendable {
    package let title: String
    package let text: [UInt8]
    package let layout: DocumentLayout
    /// Recorded with each version: a citation names the parser that gave its offsets.
    package let parser: String
    /// What a person should know about this reading: parts that were left out, a guessed character set.
    package let notes: [ParseNote]

    package var blocks: [DocumentLayout.Block] { layout.blocks }

    package init(title: String, text: [UInt8], layout: DocumentLayout, parser: String, notes: [ParseNote] = []) {
        self.title = title
        self.text = text
        self.layout = layout
        self.parser = parser
        self.notes = notes
    }
}

/// Everything about a text but the text itself.
package struct DocumentLayout: Equatable, Sendable {
    /// In reading order, not overlapping, none empty.
    package var blocks: [Block] = []
    /// In order; empty when the file has no pages.
    package var pages: [Page] = []
    /// In order of their place in the text; empty when the file has no pages.
    package var words: [Word] = []
    /// BCP 47, such as `de`; nil when the text is too short or shows no language clearly.
    package var language: String?

    package init() {}

    package struct Block: Equatable, Sendable {
        package enum Kind: Equatable, Sendable { case heading(level: Int), paragraph, listItem, table, code }

        package let kind: Kind
        /// Titles of the headings above, outermost first.
        package let headings: [String]
        package let range: Range<Int>
        /// Set exactly for a table.
        package let table: Table?
    }

    package struct Table: Equatable, Sendable {
        /// How many rows at the top name the columns.
        package let headerRows: Int
        /// Row by row the place of each cell in the text; a cell may be empty.
        package let rows: [[Range<Int>]]
    }

    /// Points of 1/72 inch, the origin at the top left.
    package struct Page: Equatable, Sendable {
        /// From 1.
        package let number: Int
        package let width: Int
        package let height: Int
        package let range: Range<Int>
    }

    package struct Word: Equatable, Sendable {
        package let start: UInt32
        package let end: UInt32
        package let box: Box
    }

    /// Tenths of a point from the top left of the page.
    package struct Box: Equatable, Sendable {
        package let left: UInt16
        package let top: UInt16
        package let right: UInt16
        package let bottom: UInt16

        /// From points; what lies outside the page or is no number is brought to its edge.
        package init(left: Double, top: Double, right: Double, bottom: Double) {
            func tenths(_ points: Double) -> UInt16 {
                points.isFinite ? UInt16(max(0, min(points * 10, Double(UInt16.max)))) : 0
            }
            (self.left, self.top) = (tenths(left), tenths(top))
            (self.right, self.bottom) = (max(tenths(right), tenths(left)), max(tenths(bottom), tenths(top)))
        }

        init(tenthsLeft left: UInt16, top: UInt16, right: UInt16, bottom: UInt16) {
            (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
        }
    }
}

/// Something about a reading that its owner should know. Holds no content.
package enum ParseNote: String, Equatable, Sendable, CaseIterable {
    /// No valid UTF-8 and no declared character set: read as Windows-1252.
    case guessedCharacterSet = "guessed_character_set"
    /// An attachment, an archive's member or an embedded file could not be read.
    case partUnreadable = "part_unreadable"
    /// A part was skipped because it is of no kind that is read, such as sound.
    case partSkipped = "part_skipped"
    /// A page without text was read by character recognition.
    case recognisedText = "recognised_text"
    /// A page without text was left out because no recogniser is installed.
    case recogniserMissing = "recogniser_missing"
    /// The file breaks the rules of its format; what could be read was.
    case repaired = "repaired"
    /// Text that a person does not see when the file is open was left out: it may be meant for machines only.
    case hiddenText = "hidden_text"
    /// Characters that nobody sees were left out: Unicode tags, overrides of the writing direction, runs without width.
    case invisibleText = "invisible_text"

    package var sentence: String {
        switch self {
        case .guessedCharacterSet: "The character set was not declared and was taken for Windows-1252."
        case .partUnreadable: "A part of this file could not be read."
        case .partSkipped: "A part of this file is of a kind that is not read."
        case .recognisedText: "Some text was read from an image and may hold mistakes."
        case .recogniserMissing: "Pages that are images were left out: no text recognition is installed."
        case .repaired: "The file is damaged; what could be read was read."
        case .hiddenText: "Text that is hidden in this file was left out."
        case .invisibleText: "Invisible characters that could carry a message were left out."
        }
    }
}

extension DocumentLayout {
    /// Titles of the headings above a place in the text, outermost first.
    package func headings(at offset: Int) -> [String] {
        blocks.last { $0.range.lowerBound <= offset }?.headings ?? []
    }

    /// The number of the page that a place in the text stands on.
    package func page(at offset: Int) -> Int? { pages.last { $0.range.lowerBound <= offset }?.number }

    /// Kept apart: few readers need the words' boxes, and they are the most of it.
    package var withoutWords: DocumentLayout {
        var rest = self
        rest.words = []
        return rest
    }

    package var wordsOnly: DocumentLayout {
        var words = DocumentLayout()
        words.words = self.words
        return words
    }
}

/// The titles of the headings above a place, kept while walking blocks in order.
struct HeadingPath {
    /// A heading stands before each chunk below it, so a hostile one must not be as long as the file.
    static let titleBytesMax = 200

    private var open: [(level: Int, title: String)] = []

    var titles: [String] { open.map(\.title) }

    /// Call before the heading's own block is made.
    mutating func close(_ level: Int) { open.removeAll { $0.level >= level } }

    /// Call after it.
    mutating func open(_ level: Int, title: some Collection<UInt8>) {
        open.append((level, String(decoding: Array(title).prefixOfWholeCharacters(Self.titleBytesMax), as: UTF8.self)))
    }
}
