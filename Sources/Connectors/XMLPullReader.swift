/// A small reader of the XML that object stores and sitemaps send (XML 1.0, UTF-8): one event at a time, memory-safe.
///
/// A document type declaration is refused, so there are no entities but the five of XML and numbers, nothing external
/// and nothing that grows. Depth, names and texts are bounded; a byte is looked at once.
struct XMLPullReader {
    /// How texts and names are given, and what bounds them.
    struct Form: Sendable {
        var depthMax = XMLPullReader.depthMax
        var textBytesMax = XMLPullReader.textBytesMax
        /// For who writes markup again: names with their prefix, attributes, references as they stand (also those that
        /// only HTML knows), and `<`, `>` and `&` of a CDATA section escaped.
        var isMarkup = false
    }

    /// `value` as it stands between the quotes.
    struct Attribute: Equatable, Sendable {
        let name: String
        let value: String
    }

    enum Event: Equatable {
        /// Without prefix, but for markup.
        case start(String)
        /// Comes for an empty element as well.
        case end(String)
        case text(String)
    }

    enum Fault: Error, Equatable { case malformed, tooDeep, tooLong, documentType }

    static let depthMax = 32
    static let nameBytesMax = 256
    static let textBytesMax = 64 << 10

    /// Of the element that was last begun; always empty, but for markup.
    private(set) var attributes: [Attribute] = []

    private let bytes: [UInt8]
    private let form: Form
    private var at = 0
    private var open: [String] = []
    private var pendingEnd: String?
    private var hasRoot = false

    init(_ bytes: [UInt8], form: Form = Form()) {
        self.bytes = bytes
        self.form = form
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { at = 3 }
    }

    /// Nil at the end of a complete document. White space between elements is text as well.
    mutating func next() throws(Fault) -> Event? {
        if let name = pendingEnd {
            pendingEnd = nil
            return .end(name)
        }
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "<") else {
                if let text = try text() { return .text(text) }
                continue
            }
            if try skipped() { continue }
            if comes("<![CDATA[") { return .text(try section()) }
            return comes("</") ? try close() : try start()
        }
        guard open.isEmpty, hasRoot else { throw .malformed }
        return nil
    }

    private func comes(_ mark: StaticString) -> Bool {
        mark.withUTF8Buffer { bytes[at...].starts(with: $0) }
    }

    /// Comments, processing instructions and the declaration.
    private mutating func skipped() throws(Fault) -> Bool {
        if comes("<!DOCTYPE") { throw .documentType }
        if comes("<!--") { return try skip(past: "-->", from: 4) }
        if comes("<?") { return try skip(past: "?>", from: 2) }
        return false
    }

    private mutating func skip(past mark: StaticString, from offset: Int) throws(Fault) -> Bool {
        at = min(at + offset, bytes.count)
        while at < bytes.count {
            if comes(mark) {
                at += mark.utf8CodeUnitCount
                return true
            }
            at += 1
        }
        throw .malformed
    }

    private mutating func section() throws(Fault) -> String {
        let from = at + 9
        _ = try skip(past: "]]>", from: 9)
        let text = try checked(bytes[from..<at - 3])
        return form.isMarkup ? HTMLText.escaped(text) : text
    }

    /// Nil for white space outside of the root; anything else there is an error.
    private mutating func text() throws(Fault) -> String? {
        let end = bytes[at...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        let raw = bytes[at..<end]
        at = end
        guard raw.count <= form.textBytesMax else { throw .tooLong }
        guard !open.isEmpty else {
            guard raw.allSatisfy(Self.isSpace) else { throw .malformed }
            return nil
        }
        return try checked(form.isMarkup ? raw : try XMLReferences.resolved(raw)[...])
    }

    private func checked(_ raw: ArraySlice<UInt8>) throws(Fault) -> String {
        guard raw.count <= form.textBytesMax else { throw .tooLong }
        guard !open.isEmpty, let text = String(validating: raw, as: UTF8.self) else { throw .malformed }
        return text
    }

    private mutating func start() throws(Fault) -> Event {
        at += 1
        let name = try name()
        if form.isMarkup { try readAttributes() } else { try passAttributes() }
        guard !open.isEmpty || !hasRoot else { throw .malformed }
        guard open.count < form.depthMax else { throw .tooDeep }
        hasRoot = true
        let isEmpty = bytes[at] == UInt8(ascii: "/")
        at += isEmpty ? 2 : 1
        if isEmpty { pendingEnd = given(name) } else { open.append(name) }
        return .start(given(name))
    }

    /// Stops before `>` or `/>`.
    private mutating func readAttributes() throws(Fault) {
        attributes = []
        while true {
            while at < bytes.count, Self.isSpace(bytes[at]) { at += 1 }
            guard at < bytes.count else { throw .malformed }
            if comes(">") || comes("/>") { return }
            let name = try name()
            guard comes("=\"") || comes("='") else { throw .malformed }
            let from = at + 2
            guard let end = bytes[from...].firstIndex(of: bytes[at + 1]) else { throw .malformed }
            guard end - from <= form.textBytesMax else { throw .tooLong }
            guard !bytes[from..<end].contains(UInt8(ascii: "<")),
                let value = String(validating: bytes[from..<end], as: UTF8.self)
            else { throw .malformed }
            attributes.append(Attribute(name: name, value: value))
            at = end + 1
        }
    }

    private func given(_ name: String) -> String { form.isMarkup ? name : Self.local(name) }

    /// Stops before `>` or `/>`.
    private mutating func passAttributes() throws(Fault) {
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: ">"): return
            case UInt8(ascii: "/") where at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: ">"): return
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard let end = bytes[(at + 1)...].firstIndex(of: bytes[at]) else { throw .malformed }
                at = end + 1
            case UInt8(ascii: "<"): throw .malformed
            default: at += 1
            }
        }
        throw .malformed
    }

    private mutating func close() throws(Fault) -> Event {
        at += 2
        let name = try name()
        while at < bytes.count, Self.isSpace(bytes[at]) { at += 1 }
        guard at < bytes.count, bytes[at] == UInt8(ascii: ">"), open.popLast() == name else { throw .malformed }
        at += 1
        return .end(given(name))
    }

    private mutating func name() throws(Fault) -> String {
        let rest = bytes[at...].prefix(Self.nameBytesMax + 1)
        let raw = rest.prefix { !Self.isSpace($0) && !"/><=\"'&".utf8.contains($0) }
        guard raw.count <= Self.nameBytesMax else { throw .tooLong }
        guard let name = String(validating: raw, as: UTF8.self), !name.isEmpty else { throw .malformed }
        at += raw.count
        return name
    }

    private static func local(_ name: String) -> String {
        name.split(separator: ":").last.map(String.init) ?? name
    }

    static func isSpace(_ byte: UInt8) -> Bool { " \t\r\n".utf8.contains(byte) }
}

/// `&amp;` and its four relatives, `&#10;` and `&#xA;` (XML 1.0 sections 4.1 and 4.6).
private enum XMLReferences {
    private static let named: [String: UInt8] = [
        "amp": UInt8(ascii: "&"), "lt": UInt8(ascii: "<"), "gt": UInt8(ascii: ">"), "quot": UInt8(ascii: "\""),
        "apos": UInt8(ascii: "'"),
    ]
    /// `#x10FFFF`.
    private static let bytesMax = 8

    static func resolved(_ raw: ArraySlice<UInt8>) throws(XMLPullReader.Fault) -> [UInt8] {
        guard raw.contains(UInt8(ascii: "&")) else { return Array(raw) }
        var result: [UInt8] = []
        var at = raw.startIndex
        while at < raw.endIndex {
            guard raw[at] == UInt8(ascii: "&") else {
                result.append(raw[at])
                at += 1
                continue
            }
            let name = raw[(at + 1)...].prefix(bytesMax + 1).prefix { $0 != UInt8(ascii: ";") }
            guard name.count <= bytesMax, name.endIndex < raw.endIndex else { throw .malformed }
            result += try value(of: String(decoding: name, as: UTF8.self))
            at = name.endIndex + 1
        }
        return result
    }

    private static func value(of name: String) throws(XMLPullReader.Fault) -> [UInt8] {
        if let byte = named[name] { return [byte] }
        guard name.hasPrefix("#") else { throw .malformed }
        let isHex = name.hasPrefix("#x")
        let digits = name.dropFirst(isHex ? 2 : 1)
        guard digits.first != "-", digits.first != "+", let code = UInt32(digits, radix: isHex ? 16 : 10), code != 0,
            let scalar = Unicode.Scalar(code)
        else { throw .malformed }
        return Array(String(scalar).utf8)
    }
}
