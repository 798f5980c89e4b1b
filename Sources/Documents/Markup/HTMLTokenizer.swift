/// HTML as a row of tags and text, after section 13.2.5 of the HTML standard, in one pass.
///
/// Written here because libxml2 2.9 needs quadratic time for a tag of many attributes and for end tags without a start:
/// half a megabyte of them holds it for eight seconds. Comments, declarations and instructions are passed over.
struct HTMLTokenizer {
    struct Tag {
        let hash: UInt64
        /// Nil for an element without a meaning of its own.
        let tag: HTMLTag?
        var attributes: [(name: HTMLAttribute, value: ArraySlice<UInt8>)] = []
        /// Ends with `/>`; counts only in XHTML.
        var isSelfClosing = false

        subscript(_ name: HTMLAttribute) -> ArraySlice<UInt8>? { attributes.first { $0.name == name }?.value }
    }

    enum Token {
        case start(Tag)
        case end(Tag)
        /// UTF-8, references replaced.
        case text(ArraySlice<UInt8>)
    }

    /// What follows is taken for an attribute.
    private static let nameBytesMax = 64
    private let bytes: [UInt8]
    private let isXHTML: Bool
    private var index = 0
    /// The element whose content comes next and is not markup.
    private var raw: Tag?

    init(_ bytes: [UInt8], isXHTML: Bool) {
        (self.bytes, self.isXHTML) = (bytes, isXHTML)
    }

    /// Nil at the end.
    mutating func next() -> Token? {
        if let element = raw, let text = rawText(of: element) { return .text(text) }
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else { return .text(text()) }
            guard index + 1 < bytes.count else { break }
            switch bytes[index + 1] {
            case UInt8(ascii: "!"):
                if let text = declaration() { return .text(text) }
            case UInt8(ascii: "?"): skip(past: ">", from: index + 2)
            case UInt8(ascii: "/"):
                if let tag = endTag() { return .end(tag) }
            case let byte where byte.isLetter:
                if let tag = startTag() { return .start(tag) }
            default:
                index += 1
                return .text(bytes[index - 1..<index])
            }
        }
        defer { index = bytes.count }
        return index < bytes.count ? .text(bytes[index...]) : nil
    }

    private mutating func text() -> ArraySlice<UInt8> {
        let end = bytes[index...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        defer { index = end }
        return CharacterReference.decoded(bytes[index..<end], isHTML: true)
    }

    /// Up to the element's end tag; nil when there is nothing before it.
    private mutating func rawText(of element: Tag) -> ArraySlice<UInt8>? {
        raw = nil
        let start = index
        var search = index
        index = bytes.count
        while element.tag != .plaintext, let found = bytes.firstIndex(ofSequence: "</", from: search) {
            if HTMLTag.hash(of: bytes[found + 2..<nameEnd(from: found + 2)]) == element.hash {
                index = found
                break
            }
            search = found + 2
        }
        guard index > start else { return nil }
        let text = bytes[start..<index]
        return element.tag == .title || element.tag == .textarea
            ? CharacterReference.decoded(text, isHTML: true) : text
    }

    private mutating func skip(past end: StaticString, from start: Int) {
        index = bytes.firstIndex(ofSequence: end, from: start).map { $0 + end.utf8CodeUnitCount } ?? bytes.count
    }

    /// The text of a CDATA section, which only XHTML has.
    private mutating func declaration() -> ArraySlice<UInt8>? {
        if bytes.hasSequence("<!--", at: index) {
            skipComment()
        } else if isXHTML, bytes.hasSequence("<![CDATA[", at: index) {
            let start = index + 9
            let end = bytes.firstIndex(ofSequence: "]]>", from: start) ?? bytes.count
            index = min(end + 3, bytes.count)
            return end > start ? bytes[start..<end] : nil
        } else {
            skip(past: ">", from: index + 2)
        }
        return nil
    }

    private mutating func skipComment() {
        let content = index + 4
        if bytes.hasSequence(">", at: content) { return index = content + 1 }
        if bytes.hasSequence("->", at: content) { return index = content + 2 }
        index = content
        while let dashes = bytes.firstIndex(ofSequence: "--", from: index) {
            if bytes.hasSequence("-->", at: dashes) { return index = dashes + 3 }
            if bytes.hasSequence("--!>", at: dashes) { return index = dashes + 4 }
            index = dashes + 1
        }
        index = bytes.count
    }

    /// Bounded, so that a search for an end tag looks at no byte twice too often.
    private func nameEnd(from start: Int) -> Int {
        let bound = min(start + Self.nameBytesMax, bytes.count)
        var end = start
        while end < bound, !isDelimiter(bytes[end]) { end += 1 }
        return end
    }

    private func isDelimiter(_ byte: UInt8) -> Bool {
        byte.isMarkupSpace || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/")
    }

    private mutating func takeName() -> Tag {
        let start = index
        index = nameEnd(from: start)
        var name = bytes[start..<index]
        if isXHTML, let colon = name.firstIndex(of: UInt8(ascii: ":")) { name = name[(colon + 1)...] }
        let hash = HTMLTag.hash(of: name)
        return Tag(hash: hash, tag: HTMLTag.byHash[hash])
    }

    private mutating func endTag() -> Tag? {
        guard index + 2 < bytes.count, bytes[index + 2].isLetter else {
            skip(past: ">", from: index + 2)
            return nil
        }
        index += 2
        let tag = takeName()
        skip(past: ">", from: index)
        return tag
    }

    /// Nil where the file ends within the tag.
    private mutating func startTag() -> Tag? {
        index += 1
        var tag = takeName()
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: ">"):
                index += 1
                if tag.tag?.isRawText == true, !(isXHTML && tag.isSelfClosing) { raw = tag }
                return tag
            case UInt8(ascii: "/"):
                index += 1
                tag.isSelfClosing = index < bytes.count && bytes[index] == UInt8(ascii: ">")
            case let byte where byte.isMarkupSpace: index += 1
            default: takeAttribute(of: &tag)
            }
        }
        return nil
    }

    private mutating func takeAttribute(of tag: inout Tag) {
        let start = index
        // A name may begin with "=".
        index += 1
        while index < bytes.count, !isDelimiter(bytes[index]), bytes[index] != UInt8(ascii: "=") { index += 1 }
        let name = bytes[start..<index]
        let value = takeValue()
        guard let known = HTMLAttribute.byHash[HTMLTag.hash(of: name)], tag[known] == nil else { return }
        tag.attributes.append((known, CharacterReference.decoded(value, isHTML: true)))
    }

    private mutating func takeValue() -> ArraySlice<UInt8> {
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { return [] }
        index += 1
        skipSpace()
        guard index < bytes.count else { return [] }
        let quote = bytes[index]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let end = bytes[(index + 1)...].firstIndex(of: quote) ?? bytes.count
            defer { index = min(end + 1, bytes.count) }
            return bytes[index + 1..<end]
        }
        let end = bytes[index...].firstIndex { $0.isMarkupSpace || $0 == UInt8(ascii: ">") } ?? bytes.count
        defer { index = end }
        return bytes[index..<end]
    }

    private mutating func skipSpace() {
        while index < bytes.count, bytes[index].isMarkupSpace { index += 1 }
    }
}
