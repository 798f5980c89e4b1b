/// What a parser's process and its owner say to each other, one frame each.
///
///     owner: parse      worker: parsed | failed | convert
///     owner: converted | notConverted (the answer to convert), and the worker goes on
///
/// The worker may have been taken over by the file that it reads: the owner believes nothing that does not decode.
enum ParserMessage {
    case parse(SourceFile, ParseLimits)
    case converted([UInt8])
    case notConverted(ParseFailure)
    case parsed(ParsedDocument)
    case failed(ParseFailure)
    case convert(Conversion, [UInt8])

    struct Malformed: Error {}

    func encoded() -> [UInt8] {
        switch self {
        case .parse(let source, let limits):
            Fields(
                0, source.format.rawValue, source.name, source.charset.map { "=" + $0 } ?? "", limits.encoded,
                bytes: source.bytes
            ).encoded
        case .converted(let bytes): Fields(1, bytes: bytes).encoded
        case .notConverted(let failure): Fields(2, failure.rawValue).encoded
        case .parsed(let document):
            Fields(
                3, document.title, document.parser, document.notes.map(\.rawValue).joined(separator: " "),
                String(document.text.count), bytes: document.text + LayoutCodec.encode(document.layout)
            ).encoded
        case .failed(let failure): Fields(4, failure.rawValue).encoded
        case .convert(let conversion, let bytes): Fields(5, conversion.encoded, bytes: bytes).encoded
        }
    }

    init(_ frame: [UInt8]) throws(Malformed) {
        let fields = try Fields(frame)
        switch fields.kind {
        case 0:
            guard let format = DocumentFormat(rawValue: try fields.text(0)) else { throw Malformed() }
            let charset = try fields.text(2)
            let source = SourceFile(
                bytes: fields.bytes, name: try fields.text(1), format: format,
                charset: charset.isEmpty ? nil : String(charset.dropFirst()))
            self = .parse(source, try ParseLimits(encoded: try fields.text(3)))
        case 1: self = .converted(fields.bytes)
        case 2: self = .notConverted(try Self.failure(try fields.text(0)))
        case 3: self = .parsed(try Self.document(fields))
        case 4: self = .failed(try Self.failure(try fields.text(0)))
        case 5: self = .convert(try Conversion(encoded: try fields.text(0)), fields.bytes)
        default: throw Malformed()
        }
    }

    private static func failure(_ code: String) throws(Malformed) -> ParseFailure {
        guard let failure = ParseFailure(rawValue: code) else { throw Malformed() }
        return failure
    }

    private static func document(_ fields: Fields) throws(Malformed) -> ParsedDocument {
        guard let count = Int(try fields.text(3)), (0...fields.bytes.count).contains(count) else { throw Malformed() }
        let text = Array(fields.bytes[..<count])
        guard String(validating: text, as: UTF8.self) != nil,
            let layout = try? LayoutCodec.decode(Array(fields.bytes[count...]), of: text)
        else { throw Malformed() }
        let notes = try fields.text(2).split(separator: " ").map { code throws(Malformed) in
            guard let note = ParseNote(rawValue: String(code)) else { throw Malformed() }
            return note
        }
        return ParsedDocument(
            title: try fields.text(0), text: text, layout: layout, parser: try fields.text(1), notes: notes)
    }
}

/// A kind, a few short texts, and bytes: one byte of kind, one of count, then each text with two bytes of length.
private struct Fields {
    let kind: UInt8
    private let texts: [String]
    let bytes: [UInt8]

    init(_ kind: UInt8, _ texts: String..., bytes: [UInt8] = []) {
        self.kind = kind
        self.texts = texts
        self.bytes = bytes
    }

    var encoded: [UInt8] {
        var out = [kind, UInt8(texts.count)]
        for text in texts {
            let utf8 = Array(text.utf8).prefixOfWholeCharacters(60_000)
            out += [UInt8(utf8.count >> 8), UInt8(utf8.count & 0xff)] + utf8
        }
        return out + bytes
    }

    init(_ frame: [UInt8]) throws(ParserMessage.Malformed) {
        guard frame.count >= 2 else { throw ParserMessage.Malformed() }
        var offset = 2
        var texts: [String] = []
        for _ in 0..<frame[1] {
            guard offset + 2 <= frame.count else { throw ParserMessage.Malformed() }
            let end = offset + 2 + Int(frame[offset]) << 8 + Int(frame[offset + 1])
            guard end <= frame.count, let text = String(validating: frame[offset + 2..<end], as: UTF8.self) else {
                throw ParserMessage.Malformed()
            }
            texts.append(text)
            offset = end
        }
        (kind, self.texts, bytes) = (frame[0], texts, Array(frame[offset...]))
    }

    func text(_ index: Int) throws(ParserMessage.Malformed) -> String {
        guard index < texts.count else { throw ParserMessage.Malformed() }
        return texts[index]
    }
}

extension Conversion {
    fileprivate var encoded: String {
        switch self {
        case .pdfLayout: "layout"
        case .pdfFonts: "fonts"
        case .pdfInformation: "information"
        case .pdfPage(let page, let dots): "page \(page) \(dots)"
        case .imageWords: "words"
        }
    }

    fileprivate init(encoded: String) throws(ParserMessage.Malformed) {
        let parts = encoded.split(separator: " ")
        switch (parts.first, parts.count) {
        case ("layout", 1): self = .pdfLayout
        case ("fonts", 1): self = .pdfFonts
        case ("information", 1): self = .pdfInformation
        case ("words", 1): self = .imageWords
        case ("page", 3):
            guard let page = Int(parts[1]), let dots = Int(parts[2]), (1...100_000).contains(page),
                (36...600).contains(dots)
            else { throw ParserMessage.Malformed() }
            self = .pdfPage(page, dotsPerInch: dots)
        default: throw ParserMessage.Malformed()
        }
    }
}

extension ParseLimits {
    private static var fields: [WritableKeyPath<ParseLimits, Int>] {
        [
            \.textBytesMax, \.blocksMax, \.partsMax, \.depthMax, \.pagesMax, \.expandedBytesMax, \.expansionRatioMax,
            \.expandedFreeBytes, \.recognisedPagesMax,
        ]
    }

    fileprivate var encoded: String { Self.fields.map { String(self[keyPath: $0]) }.joined(separator: " ") }

    fileprivate init(encoded: String) throws(ParserMessage.Malformed) {
        self.init()
        let numbers = encoded.split(separator: " ").compactMap { Int($0) }
        guard numbers.count == Self.fields.count else { throw ParserMessage.Malformed() }
        for (field, number) in zip(Self.fields, numbers) { self[keyPath: field] = number }
    }
}
