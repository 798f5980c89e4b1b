/// One file as a parser gets it.
package struct SourceFile: Sendable {
    package let bytes: [UInt8]
    /// Its name without folders; empty when unknown.
    package let name: String
    package let format: DocumentFormat
    /// From a mail part or a web server.
    package let charset: String?

    package init(bytes: [UInt8], name: String, format: DocumentFormat, charset: String? = nil) {
        self.bytes = bytes
        self.name = name
        self.format = format
        self.charset = charset
    }
}

/// A reader of one or more formats.
///
/// 1. `parse` gets a file whose beginning was recognised as one of its formats; nothing else about it is sure.
/// 2. It writes blocks in reading order to `session.writer`, and stops soon after `session.writer.isFull`.
/// 3. It throws what makes the whole file unreadable; what makes a part unreadable becomes a note.
/// 4. It bounds everything that the file can choose: depth, counts, sizes. It uses no files, no network, no process;
///    for what only a foreign program can do it calls `session.convert`.
/// 5. The same bytes give the same document; whoever changes that raises `version`.
package protocol FormatParser {
    /// `name/number`, recorded with each version of a document.
    static var version: String { get }

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure)
}

/// What only a foreign program can do; the caller runs it in a jail of its own.
package enum Conversion: Equatable, Sendable {
    /// PDF to the XHTML of `pdftotext -bbox-layout`.
    case pdfLayout
    /// PDF to the XML of `pdftohtml -xml -i -zoom 1`: which text is bold, and the outline. Only helps to see headings.
    case pdfFonts
    /// PDF to the lines of `pdfinfo`.
    case pdfInformation
    /// One page of a PDF, from 1, to a grey PNG image.
    case pdfPage(Int, dotsPerInch: Int)
    /// Image to the words that `tesseract` finds, in its TSV form.
    case imageWords
}

/// Throws `.converterMissing` where the program is not installed.
package typealias Converter = (Conversion, [UInt8]) throws(ParseFailure) -> [UInt8]

/// What one file's parsers share: where they write, and what is left of the limits.
package struct ParseSession {
    package var writer: DocumentWriter
    package let limits: ParseLimits
    /// What the file calls itself; the first heading, or its name, where it says nothing.
    package var title: String?
    private(set) var notes: [ParseNote] = []
    /// Fewer are icons and marks, which pages hide for good reasons.
    private static let hiddenBytesMin = 4
    private var hiddenBytes = 0
    private let converter: Converter
    private let originalBytes: Int
    private var depth = 0
    private var parts = 0
    private var expandedBytes = 0
    private var recognisedPages = 0

    package init(limits: ParseLimits, originalBytes: Int, converter: @escaping Converter) {
        writer = DocumentWriter(limits: limits)
        self.limits = limits
        self.originalBytes = originalBytes
        self.converter = converter
    }

    package mutating func note(_ note: ParseNote) {
        if !notes.contains(note) { notes.append(note) }
    }

    /// Tells of words that were left out because no reader sees them: bytes that are not white space.
    mutating func leaveOut(hiddenBytes count: Int) {
        hiddenBytes += count
        if hiddenBytes >= Self.hiddenBytesMin { note(.hiddenText) }
    }

    mutating func leaveOut(hidden words: [UInt8]) { leaveOut(hiddenBytes: words.count { $0 > 0x20 }) }

    package func convert(_ conversion: Conversion, _ bytes: [UInt8]) throws(ParseFailure) -> [UInt8] {
        try converter(conversion, bytes)
    }

    /// Call before unpacked bytes are kept; all parsers that unpack anything share one account.
    package mutating func expand(_ bytes: Int) throws(ParseFailure) {
        expandedBytes += bytes
        let ratioMax = limits.expansionRatioMax * max(originalBytes, 1)
        guard expandedBytes <= limits.expandedBytesMax,
            expandedBytes <= limits.expandedFreeBytes || expandedBytes <= ratioMax
        else { throw .expandsTooFar }
    }

    /// Unpacked bytes that may still come.
    package var expandableBytes: Int {
        let ratioMax = max(limits.expansionRatioMax * max(originalBytes, 1), limits.expandedFreeBytes)
        return max(0, min(limits.expandedBytesMax, ratioMax) - expandedBytes)
    }

    /// False when no further page may be recognised from its image.
    package mutating func takeRecognisedPage() -> Bool {
        recognisedPages += 1
        return recognisedPages <= limits.recognisedPagesMax
    }

    /// Writes a file that lies in this one, below a heading with its name. A part that cannot be read is a note; a
    /// limit that is passed ends the whole file.
    package mutating func embed(
        _ bytes: [UInt8], name: String, declared: String? = nil, charset: String? = nil
    ) throws(ParseFailure) {
        parts += 1
        guard parts <= limits.partsMax else { throw .tooManyParts }
        guard depth < limits.depthMax else { throw .tooDeep }
        let (outer, title) = (writer.headingOffset, title)
        depth += 1
        defer {
            depth -= 1
            writer.headingOffset = outer
            self.title = title
        }
        do {
            let format = try DocumentFormat.detect(bytes, name: name, declared: declared)
            writer.heading(name, level: 1)
            writer.headingOffset = outer + 1
            let part = SourceFile(bytes: bytes, name: name, format: format, charset: charset)
            try format.parser.parse(part, into: &self)
        } catch {
            guard error.isAboutThePart else { throw error }
            note(error == .unsupported || error == .notText || error == .empty ? .partSkipped : .partUnreadable)
        }
    }
}

extension ParseFailure {
    /// Other parts may still be readable.
    var isAboutThePart: Bool {
        switch self {
        case .empty, .notText, .unknownCharacterSet, .noText, .unsupported, .oldOffice, .encrypted, .damaged, .timedOut,
            .converterMissing:
            true
        case .textTooLong, .tooManyBlocks, .tooManyParts, .tooManyPages, .tooDeep, .expandsTooFar, .outOfMemory,
            .crashed, .jailUnavailable:
            false
        }
    }
}

/// Bytes to the normalised form.
package enum DocumentParser {
    /// `declared` is the media type that came with the file, if any; the content counts more.
    package static func parse(
        _ bytes: [UInt8], name: String, declared: String? = nil, limits: ParseLimits = ParseLimits(),
        converter: @escaping Converter = { _, _ throws(ParseFailure) in throw .converterMissing }
    ) throws(ParseFailure) -> ParsedDocument {
        let format = try DocumentFormat.detect(bytes, name: name, declared: declared)
        return try parse(SourceFile(bytes: bytes, name: name, format: format), limits: limits, converter: converter)
    }

    package static func parse(
        _ source: SourceFile, limits: ParseLimits = ParseLimits(),
        converter: @escaping Converter = { _, _ throws(ParseFailure) in throw .converterMissing }
    ) throws(ParseFailure) -> ParsedDocument {
        var session = ParseSession(limits: limits, originalBytes: source.bytes.count, converter: converter)
        let parser = source.format.parser
        try parser.parse(source, into: &session)
        var (text, layout) = try session.writer.finished()
        layout.language = LanguageIdentifier.identify(text)
        if session.writer.hasConcealed { session.note(.invisibleText) }
        return ParsedDocument(
            title: title(session, or: source.name), text: text, layout: layout, parser: parser.version,
            notes: session.notes)
    }

    /// On one line and of bounded length, whatever a file calls itself.
    private static func title(_ session: ParseSession, or name: String) -> String {
        for candidate in [session.title, session.writer.firstHeading] {
            var text: [UInt8] = []
            var cleaner = TextCleaner(.flow)
            _ = cleaner.append(Array((candidate ?? "").utf8), to: &text, from: 0)
            let title = text.prefixOfWholeCharacters(HeadingPath.titleBytesMax)
            if !title.isEmpty { return String(decoding: title, as: UTF8.self) }
        }
        return name
    }
}
