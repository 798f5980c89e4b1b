/// PDF by poppler's layout of words: text in reading order with each word's place. Pages without words are recognised
/// from their image.
///
/// The file is read twice, page by page: once to survey it, once to write. Only recognised pages are kept between.
enum PDFParser: FormatParser {
    static let version = "pdf/1"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        let information = PDFInformation(optional(.pdfInformation, source, session) ?? [])
        if let count = information.pageCount, count > session.limits.pagesMax { throw .tooManyPages }
        session.title = session.title ?? information.title
        let xhtml = try layout(of: source, session)
        let fonts = optional(.pdfFonts, source, session) ?? []
        var (survey, recognition) = (DocumentSurvey(), PageRecognition(file: source.bytes))
        survey.outline = PDFOutline(fonts)
        var pages = StyledPages(xhtml, fonts)
        var count = 0
        while let page = pages.next(), count <= session.limits.pagesMax {
            count += 1
            survey.add(page.lines.isEmpty ? try recognition.recognise(page, number: count, &session) : page)
        }
        guard count > 0 else { throw .damaged }
        if !pages.isComplete { session.note(.repaired) }
        survey.finish()
        write(StyledPages(xhtml, fonts), recognition, PageComposer(survey: survey), into: &session)
        if session.writer.isEmpty, recognition.isMissing { throw .converterMissing }
    }

    /// Poppler refuses a file that it cannot open without saying why in its output; the reason stands in the file.
    private static func layout(of source: SourceFile, _ session: ParseSession) throws(ParseFailure) -> [UInt8] {
        do {
            return try session.convert(.pdfLayout, source.bytes)
        } catch {
            guard error == .damaged else { throw error }
            throw source.bytes.containsSequence(Array("/Encrypt".utf8)) ? .encrypted : .damaged
        }
    }

    /// Nil when the conversion fails: it only adds to the text.
    private static func optional(
        _ conversion: Conversion, _ source: SourceFile, _ session: ParseSession
    ) -> [UInt8]? {
        do { return try session.convert(conversion, source.bytes) } catch { return nil }
    }

    private static func write(
        _ pages: consuming StyledPages, _ recognition: PageRecognition, _ composer: PageComposer,
        into session: inout ParseSession
    ) {
        var number = 0
        while !session.writer.isFull, let page = pages.next() {
            number += 1
            session.writer.write(recognition.pages[number] ?? page, number: number, composer)
        }
    }
}

/// The pages of a PDF as they are shown, with what is bold in them.
private struct StyledPages {
    private var reader: PageReader
    private var bold: BoldRuns

    init(_ xhtml: [UInt8], _ fonts: [UInt8]) {
        reader = PageReader(xhtml)
        bold = BoldRuns(fonts)
    }

    var isComplete: Bool { reader.isComplete }

    mutating func next() -> PageContent? {
        bold.advance()
        guard var page = reader.next(shown: bold.size) else { return nil }
        for index in page.lines.indices { page.lines[index].isBold = bold.covers(page.lines[index].box) }
        return page
    }
}

/// Pages that were read from their image.
private struct PageRecognition {
    private static let dotsPerInch = 200.0
    private static let pixelsMax = 30_000_000.0
    private let file: [UInt8]
    private(set) var pages: [Int: PageContent] = [:]
    /// A page needed it and no program is installed.
    private(set) var isMissing = false

    init(file: [UInt8]) { self.file = file }

    /// `page` with the words in its image; unchanged when it has none or cannot be painted.
    mutating func recognise(
        _ page: PageContent, number: Int, _ session: inout ParseSession
    ) throws(ParseFailure) -> PageContent {
        guard !isMissing, page.width > 0, page.height > 0, session.takeRecognisedPage() else { return page }
        do {
            let resolution = Self.resolution(page)
            let image = try session.convert(.pdfPage(number, dotsPerInch: resolution), file)
            let words = try session.convert(.imageWords, image)
            guard let found = RecognisedWords.pages(words, scale: 72 / Double(resolution)).first else { return page }
            guard !found.lines.isEmpty else { return page }
            session.note(.recognisedText)
            pages[number] = PageContent(width: page.width, height: page.height, lines: found.lines)
            return pages[number] ?? page
        } catch {
            guard error.isAboutThePart else { throw error }
            isMissing = error == .converterMissing
            session.note(isMissing ? .recogniserMissing : .partUnreadable)
            return page
        }
    }

    /// Less for pages of the size of a poster.
    private static func resolution(_ page: PageContent) -> Int {
        let inches = (page.width / 72) * (page.height / 72)
        return Int(max(10, min(dotsPerInch, (pixelsMax / inches).squareRoot())))
    }
}

extension DocumentWriter {
    mutating func write(_ page: PageContent, number: Int, _ composer: PageComposer) {
        beginPage(number, width: page.width, height: page.height)
        for element in composer.elements(of: page) where !isFull { write(element, composer.survey.compounds) }
        endPage()
    }

    private mutating func write(_ element: PageComposer.Element, _ compounds: Set<String>) {
        switch element {
        case .heading(let lines, let level): heading(LineJoining.content(lines, compounds: compounds), level: level)
        case .paragraph(let lines): paragraph(LineJoining.content(lines, compounds: compounds))
        case .listItem(let lines): listItem(LineJoining.content(lines, compounds: compounds))
        case .table(let grid): table(grid.content(compounds: compounds), headerRows: grid.headerRows)
        }
    }
}
