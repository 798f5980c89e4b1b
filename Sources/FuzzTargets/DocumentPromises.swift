@testable import Documents

/// What `ParsedDocument` says about itself, and what its readers rely on.
enum DocumentPromises {
    /// Small, so that a bomb shows as a refusal and not as a slow run.
    static let limits = {
        var limits = ParseLimits()
        (limits.textBytesMax, limits.blocksMax, limits.partsMax, limits.pagesMax) = (1 << 20, 20_000, 100, 100)
        (limits.expandedBytesMax, limits.expandedFreeBytes, limits.recognisedPagesMax) = (4 << 20, 1 << 20, 4)
        return limits
    }()

    static func parse(_ bytes: [UInt8], as format: DocumentFormat, charset: String? = nil) throws {
        let source = SourceFile(bytes: bytes, name: "file", format: format, charset: charset)
        if let document = try accepted({ try DocumentParser.parse(source, limits: limits) }) {
            try check(document, of: source)
        }
    }

    static func check(_ document: ParsedDocument, of source: SourceFile) throws {
        let (text, layout) = (document.text, document.layout)
        try require(document.isCredible(as: source), "what a parser of ours writes is believed")
        try require(String(validating: text, as: UTF8.self) != nil, "the text is UTF-8")
        try require(!text.contains { $0 == 0 || $0 == 0x0d }, "the text has neither NUL nor CR")
        try require(text.count <= limits.textBytesMax, "the text is bounded")
        try require(layout.blocks.count <= limits.blocksMax, "the blocks are bounded")
        try checkRanges(layout.blocks.map(\.range), in: text, "blocks", mayBeEmpty: false)
        try checkRanges(layout.pages.map(\.range), in: text, "pages")
        try checkRanges(layout.words.map { Int($0.start)..<Int($0.end) }, in: text, "words", mayBeEmpty: false)
        for block in layout.blocks {
            try require((block.kind == .table) == (block.table != nil), "a table has cells and nothing else has")
            let cells = block.table?.rows.flatMap(\.self) ?? []
            try checkRanges(cells, in: text, "cells")
            try require(cells.allSatisfy { block.range.contains($0) }, "cells lie in their block")
        }
        try checkFrame(document)
    }

    /// In order, apart, inside the text and at whole characters.
    private static func checkRanges(
        _ ranges: [Range<Int>], in text: [UInt8], _ what: String, mayBeEmpty: Bool = true
    ) throws {
        var place = 0
        for range in ranges {
            try require(
                range.lowerBound >= place && range.upperBound <= text.count, "\(what) are in order, in the text")
            try require(mayBeEmpty || !range.isEmpty, "no \(what) are empty")
            let isWhole = [range.lowerBound, range.upperBound].allSatisfy {
                $0 == text.count || text[$0] & 0xc0 != 0x80
            }
            try require(isWhole, "\(what) begin and end at whole characters")
            place = range.upperBound
        }
    }

    /// A document leaves its jail as a frame, and comes out of it as it was.
    static func checkFrame(_ document: ParsedDocument) throws {
        guard case .parsed(let copy)? = try? ParserMessage(ParserMessage.parsed(document).encoded()) else {
            throw FuzzFinding(description: "a document can be sent")
        }
        try require(copy == document, "a document arrives as it was sent")
    }
}

extension Range<Int> {
    fileprivate func contains(_ other: Range<Int>) -> Bool {
        other.lowerBound >= lowerBound && other.upperBound <= upperBound
    }
}
