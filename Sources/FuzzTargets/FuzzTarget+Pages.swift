@testable import Documents

extension FuzzTarget {
    /// What the programs print that read PDF files and images: they read hostile files and may say anything.
    static let pageTargets = [
        FuzzTarget("pdf", seeds: [[layout, fonts, "Title: A title\nPages: 2\n", words].joined(separator: "\u{1c}")]) {
            try parse($0.parts(4), as: .pdf)
        },
        FuzzTarget("recognised", seeds: ["\u{1c}\u{1c}\u{1c}" + words]) { try parse($0.parts(4), as: .png) },
        FuzzTarget("image", bytes: imageHeads) { bytes in
            for format in [DocumentFormat.png, .jpeg, .tiff, .gif, .bmp, .webp] {
                try DocumentPromises.parse(bytes, as: format)
            }
        },
    ]

    /// Heads of images of 1 x 1.
    private static let imageHeads: [[UInt8]] = [
        [
            0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1,
            8, 0,
        ],
        [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 1, 0, 1, 1, 0, 0, 0, 0xff, 0xd9],
        Array("II*\0".utf8) + [
            8, 0, 0, 0, 2, 0, 0, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0,
        ],
        Array("GIF89a".utf8) + [1, 0, 1, 0, 0, 0, 0], Array("BM".utf8) + [UInt8](repeating: 1, count: 30),
        Array("RIFF".utf8) + [40, 0, 0, 0] + Array("WEBPVP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ]

    private static func parse(_ answers: [[UInt8]], as format: DocumentFormat) throws {
        let file = format == .png ? imageHeads[0] : Array("%PDF-1.7".utf8)
        let source = SourceFile(bytes: file, name: "file", format: format)
        let document = try accepted {
            try DocumentParser.parse(source, limits: DocumentPromises.limits) { conversion, _ throws(ParseFailure) in
                switch conversion {
                case .pdfLayout: answers.part(0)
                case .pdfFonts: answers.part(1)
                case .pdfInformation: answers.part(2)
                case .imageWords: answers.part(3)
                case .pdfPage: imageHeads[0]
                }
            }
        }
        if let document { try DocumentPromises.check(document, of: source) }
    }

    private static let layout = """
        <html><body><doc><page width="600" height="800"><flow><block><line>\
        <word xMin="60" yMin="60" xMax="90" yMax="80">Large</word><word xMin="95" yMin="60" xMax="120" yMax="80">title\
        </word></line></block><block><line><word xMin="60" yMin="90" xMax="90" yMax="100">a &amp; b-</word></line>\
        <line><word xMin="60" yMin="104" xMax="90" yMax="114">c</word>\
        <word xMin="200" yMin="104" xMax="230" yMax="114">2\
        </word></line></block></flow></page><page width="600" height="800"></page></doc></body></html>
        """

    private static let fonts = """
        <pdf2xml><page number="1"><fontspec id="0" family="ABC+Bold"/><text top="60" left="60" width="60" height="20" \
        font="0">Large title</text><text top="90" left="60" width="30" height="10" font="1"><b>a</b></text></page>\
        <outline><item page="1">Large title</item><outline><item page="1">c</item></outline></outline></pdf2xml>
        """

    private static let words = """
        1\t1\t0\t0\t0\t0\t0\t0\t1700\t2200\t-1\t
        5\t1\t1\t1\t1\t1\t100\t100\t200\t40\t96.5\tHello
        5\t1\t1\t1\t1\t2\t320\t100\t200\t40\t91\tworld
        5\t1\t1\t1\t2\t1\t100\t160\t200\t40\t88\tagain
        """
}
