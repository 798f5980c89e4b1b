@testable import Documents

extension FuzzTarget {
    /// What comes out of a jail. The process in it may have been taken over by the file that it read.
    static let frameTargets = [
        FuzzTarget("message", bytes: messages) { bytes in
            guard let message = try accepted({ try ParserMessage(bytes) }) else { return }
            let source = SourceFile(bytes: [], name: "a.md", format: .markdown)
            if case .parsed(let document) = message, document.isCredible(as: source) { try checkBelieved(document) }
            let again = try accepted { try ParserMessage(message.encoded()) }
            try require(again != nil, "a message that was understood can be sent on")
        },
        FuzzTarget("layout", bytes: [[UInt8("One two three".utf8.count)] + Array("One two three".utf8) + layoutSeed]) {
            bytes in
            let text = Array(bytes.dropFirst().prefix(Int(bytes.first ?? 0)))
            let rest = Array(bytes.dropFirst(1 + text.count))
            guard String(validating: text, as: UTF8.self) != nil,
                let layout = try accepted({ try LayoutCodec.decode(rest, of: text) })
            else { return }
            try require(try LayoutCodec.decode(LayoutCodec.encode(layout), of: text) == layout, "a layout is kept")
            try require(layout.blocks.allSatisfy { $0.range.upperBound <= text.count }, "blocks lie in the text")
        },
    ]

    /// What the owner does with it before anybody looks.
    private static func checkBelieved(_ document: ParsedDocument) throws {
        try require(String(validating: document.text, as: UTF8.self) != nil, "a text that is believed is UTF-8")
        try require(!document.text.contains(0), "a text that is believed has no NUL")
        try require(document.title.utf8.count <= 200, "a title that is believed is short")
        let ranges =
            document.blocks.map(\.range) + document.layout.pages.map(\.range)
            + document.blocks.flatMap { $0.table?.rows.flatMap(\.self) ?? [] }
        for range in ranges {
            try require(range.upperBound <= document.text.count, "places that are believed lie in the text")
            try require(
                String(validating: document.text[range], as: UTF8.self) != nil, "places are at whole characters")
        }
        try DocumentPromises.checkFrame(document)
    }

    private static let sample = try? DocumentParser.parse(
        Array("# One\n\ntwo\n\n| a | b |\n|---|---|\n| c | d |\n".utf8), name: "a.md")

    private static let layoutSeed: [UInt8] = {
        var layout = DocumentLayout()
        layout.blocks = [.init(kind: .heading(level: 1), headings: [], range: 0..<3, table: nil)]
        layout.pages = [.init(number: 1, width: 600, height: 800, range: 0..<13)]
        layout.words = [.init(start: 4, end: 7, box: .init(left: 1, top: 2, right: 3, bottom: 4))]
        layout.language = "en"
        return LayoutCodec.encode(layout)
    }()

    private static let messages: [[UInt8]] =
        [
            ParserMessage.parse(
                SourceFile(bytes: [1, 2], name: "a", format: .pdf, charset: "utf-8"), DocumentPromises.limits),
            .converted([1]), .notConverted(.damaged), .failed(.noText), .convert(.pdfPage(3, dotsPerInch: 200), [4]),
            .parsed(
                ParsedDocument(
                    title: "", text: [0x61, 0], layout: DocumentLayout(), parser: MarkdownParser.version)),
        ].map { $0.encoded() } + [sample.map { ParserMessage.parsed($0).encoded() } ?? []]
}
