@testable import Documents

/// Pages with words at chosen places, as poppler or the recogniser would report them.
struct PageMaker {
    var width = 600.0
    var height = 800.0
    private(set) var lines: [TextLine] = []

    init() {}

    /// Letters are half as wide as they are high.
    mutating func line(_ text: String, x: Double = 60, y: Double, size: Double = 10, block: Int = 0) {
        var left = x
        let words = text.split(separator: " ").map { word in
            let right = left + Double(word.count) * size / 2
            defer { left = right + size * 0.3 }
            return PageWord(text: String(word), box: Rectangle(left: left, top: y, right: right, bottom: y + size))
        }
        lines.append(TextLine(words, block: block))
    }

    var page: PageContent { PageContent(width: width, height: height, lines: lines) }

    /// One page as `pdftotext -bbox-layout` writes it.
    var xhtml: String {
        let blocks = lines.map { line in
            let words = line.words.map { word in
                "<word \(Self.attributes(word.box))>\(Self.escaped(word.text))</word>\n"
            }
            return "<block><line>\n\(words.joined())</line></block>\n"
        }
        return "<page width=\"\(width)\" height=\"\(height)\">\n<flow>\(blocks.joined())</flow>\n</page>\n"
    }

    /// A whole document.
    static func document(_ pages: [PageMaker]) -> [UInt8] {
        Array("<html><head><title>x</title></head><body><doc>\n\(pages.map(\.xhtml).joined())</doc></body></html>".utf8)
    }

    private static func attributes(_ box: Rectangle) -> String {
        "xMin=\"\(box.left)\" yMin=\"\(box.top)\" xMax=\"\(box.right)\" yMax=\"\(box.bottom)\""
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }
}

/// Answers conversions from strings; what is not given is not installed.
struct CannedConverter {
    var layout: [UInt8]?
    var fonts: String?
    var information: String?
    var words: String?
    var failure = ParseFailure.converterMissing

    func convert(_ conversion: Conversion, _ bytes: [UInt8]) throws(ParseFailure) -> [UInt8] {
        let answer: [UInt8]? =
            switch conversion {
            case .pdfLayout: layout
            case .pdfFonts: fonts.map { Array($0.utf8) }
            case .pdfInformation: information.map { Array($0.utf8) }
            case .pdfPage: [0]
            case .imageWords: words.map { Array($0.utf8) }
            }
        guard let answer else { throw failure }
        return answer
    }

    func parse(
        _ file: String = "%PDF-1.7", format: DocumentFormat = .pdf, limits: ParseLimits = ParseLimits()
    ) throws -> ParsedDocument {
        let source = SourceFile(bytes: Array(file.utf8), name: "file", format: format)
        return try DocumentParser.parse(source, limits: limits, converter: convert)
    }
}
