/// A pull reader of XML 1.0 with namespaces: elements and text in order, one at a time, in one pass over the bytes.
///
/// Written here because libxml2 2.9 is quadratic in the attributes of an element and in long attribute values with `>`.
/// A document type declaration is skipped unread: no entity is ever declared, no default attribute added, no other
/// file opened. A reference gives its character when it is a number, one of XML's five or a name of HTML 4; any other
/// stays as it is written.
struct XMLReader: ~Copyable {
    struct Element {
        /// Without prefix.
        let name: String
        /// The namespace's address.
        let namespace: String?
        /// Names without prefix, but `r:` before Office's references; of two with the same name the first counts.
        let attributes: [String: String]

        subscript(_ attribute: String) -> String? { attributes[attribute] }
    }

    enum Event {
        case start(Element)
        /// Follows every `start`, also of an empty element.
        case end(name: String)
        /// UTF-8. Text between two tags may come in several pieces.
        case text([UInt8])
    }

    static let depthMax = 1000
    static let attributesMax = 10_000
    /// After so many errors a text is no XML; each may cost a look through the open elements.
    private static let damagesMax = 10_000

    let isLenient: Bool
    /// In lenient reading: what was wrong so far.
    private var damages: Int
    let bytes: [UInt8]
    var index = 0
    private var open: [(name: ArraySlice<UInt8>, local: String)] = []
    private var namespaces = XMLNamespaces()
    /// How many elements at the end of `open` are closed already and only wait to be told.
    private var endsPending = 0
    private var sawRoot = false

    /// `isLenient`: after an error what follows is still read as well as can be. `charset` comes from outside the file
    /// and counts more than the file's own declaration.
    init(_ bytes: [UInt8], isLenient: Bool = false, charset: String? = nil) throws(ParseFailure) {
        let decoded = try Self.decode(bytes, charset: charset)
        // Without a declaration XML is UTF-8.
        guard isLenient || !decoded.isGuess else { throw .damaged }
        self.isLenient = isLenient
        self.bytes = decoded.text
        damages = decoded.isGuess ? 1 : 0
    }

    private static func decode(_ bytes: [UInt8], charset: String?) throws(ParseFailure) -> TextDecoding.Decoded {
        do {
            return try TextDecoding.decode(bytes, charset: charset ?? declaredCharset(of: bytes))
        } catch {
            throw error == .notText ? .damaged : error
        }
    }

    var wasDamaged: Bool { damages > 0 }

    /// Nil at the end.
    mutating func next() throws(ParseFailure) -> Event? {
        while true {
            if endsPending > 0 { return end() }
            guard index < bytes.count else { return try atEnd() }
            if bytes[index] == UInt8(ascii: "<") {
                if let event = try markup() { return event }
            } else if let text = try text() {
                return .text(text)
            }
        }
    }

    /// The encoding of the XML declaration (XML 1.0, section 4.3.3).
    static func declaredCharset(of bytes: [UInt8]) -> String? {
        let start = TextDecoding.asciiStart(of: bytes, count: 200)
        guard start.hasPrefix("<?xml"), let end = start.firstIndex(of: ">") else { return nil }
        let parts = start[..<end].split(separator: "encoding", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let value = parts[1].drop { " =\t\r\n".contains($0) }
        guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
        let name = String(value.dropFirst().prefix { $0 != quote })
        // A text that could be read so far is not in UTF-16 without a mark, whatever it says.
        return name.hasPrefix("utf-16") || name.hasPrefix("ucs-") ? nil : name
    }

    /// Throws unless the reading is lenient.
    mutating func damage() throws(ParseFailure) {
        damages += 1
        guard isLenient, damages <= Self.damagesMax else { throw .damaged }
    }

    private mutating func end() -> Event? {
        endsPending -= 1
        namespaces.close(depth: open.count)
        return open.popLast().map { .end(name: $0.local) }
    }

    private mutating func atEnd() throws(ParseFailure) -> Event? {
        guard sawRoot else { throw .damaged }
        guard !open.isEmpty else { return nil }
        try damage()
        endsPending = open.count
        return end()
    }

    private mutating func text() throws(ParseFailure) -> [UInt8]? {
        let end = bytes[index...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        let text = bytes[index..<end]
        index = end
        guard open.isEmpty else { return Array(CharacterReference.decoded(text, isHTML: false)) }
        if text.contains(where: { !$0.isMarkupSpace && $0 < 0x80 }) { try damage() }
        return nil
    }

    private mutating func markup() throws(ParseFailure) -> Event? {
        guard index + 1 < bytes.count else { return try strayBracket() }
        switch bytes[index + 1] {
        case UInt8(ascii: "/"): try endTag()
        case UInt8(ascii: "?"): try skip(past: "?>", from: index + 2)
        case UInt8(ascii: "!"): return try declaration()
        case let byte where byte.isLetter || byte == UInt8(ascii: "_") || byte >= 0x80: return try startTag()
        default: return try strayBracket()
        }
        return nil
    }

    private mutating func strayBracket() throws(ParseFailure) -> Event? {
        try damage()
        index += 1
        return open.isEmpty ? nil : .text([UInt8(ascii: "<")])
    }

    private mutating func skip(past end: StaticString, from start: Int) throws(ParseFailure) {
        if let found = bytes.firstIndex(ofSequence: end, from: start) {
            index = found + end.utf8CodeUnitCount
        } else {
            try damage()
            index = bytes.count
        }
    }

    private mutating func declaration() throws(ParseFailure) -> Event? {
        if bytes.hasSequence("<!--", at: index) {
            try skip(past: "-->", from: index + 4)
        } else if bytes.hasSequence("<![CDATA[", at: index), !open.isEmpty {
            let start = index + 9
            try skip(past: "]]>", from: start)
            let end = bytes.hasSequence("]]>", at: index - 3) ? index - 3 : index
            return .text(Array(bytes[min(start, end)..<end]))
        } else {
            if sawRoot || !bytes.hasSequence("<!DOCTYPE", at: index) { try damage() }
            try skipDocumentType()
        }
        return nil
    }

    /// Ends at the `>` that is neither quoted, nor in a comment, nor in the internal subset.
    private mutating func skipDocumentType() throws(ParseFailure) {
        index += 2
        var isInSubset = false
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                index = (bytes[index...].firstIndex(of: byte) ?? bytes.count - 1) + 1
            case UInt8(ascii: "["): isInSubset = true
            case UInt8(ascii: "]"): isInSubset = false
            case UInt8(ascii: ">") where !isInSubset: return
            case UInt8(ascii: "<") where bytes.hasSequence("!--", at: index): try skip(past: "-->", from: index + 3)
            case UInt8(ascii: "<") where bytes.hasSequence("?", at: index): try skip(past: "?>", from: index + 1)
            default: break
            }
        }
        try damage()
    }

    private mutating func startTag() throws(ParseFailure) -> Event? {
        guard open.count < Self.depthMax else { throw .damaged }
        if sawRoot, open.isEmpty { try damage() }
        index += 1
        let name = takeName()
        guard let (attributes, isEmpty) = try takeAttributes() else { return nil }
        sawRoot = true
        let (prefix, local) = XMLNamespaces.parts(of: name)
        open.append((name, local))
        var values: [String: String] = [:]
        let own = attributes.filter { !namespaces.declare($0.name, $0.value, depth: open.count) }
        for (name, value) in own {
            let key = attributeName(name)
            if values[key] == nil { values[key] = value }
        }
        if isEmpty { endsPending = 1 }
        return .start(Element(name: local, namespace: namespaces[prefix], attributes: values))
    }

    /// Without prefix, but for Office's references to other parts: `r:id` stands beside another `id`.
    private func attributeName(_ name: ArraySlice<UInt8>) -> String {
        let (prefix, local) = XMLNamespaces.parts(of: name)
        guard !prefix.isEmpty, let space = namespaces[prefix], space.hasSuffix("/relationships"),
            space.contains("/officeDocument/")
        else { return local }
        return "r:" + local
    }

    private mutating func endTag() throws(ParseFailure) {
        index += 2
        let name = takeName()
        guard let end = bytes[index...].firstIndex(of: UInt8(ascii: ">")) else {
            try damage()
            index = bytes.count
            return
        }
        if bytes[index..<end].contains(where: { !$0.isMarkupSpace }) { try damage() }
        index = end + 1
        if let last = open.last, last.name == name {
            endsPending = 1
        } else {
            try damage()
            endsPending = open.lastIndex { $0.name == name }.map { open.count - $0 } ?? 0
        }
    }
}
