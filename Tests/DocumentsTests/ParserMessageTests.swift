import TestKit
import Testing

@testable import Documents

/// The owner's side of the conversation with a parser that a file may have taken over.
@Suite struct ParserMessageTests {
    private static let source = SourceFile(
        bytes: Array("# Höhe\n\nText.".utf8), name: "a.md", format: .markdown, charset: "utf-8")

    private func messages() throws -> [ParserMessage] {
        [
            .parse(Self.source, ParseLimits()), .converted([1, 2, 3]), .notConverted(.encrypted),
            .parsed(try DocumentParser.parse(Self.source)), .failed(.noText), .convert(.pdfLayout, [4]),
            .convert(.pdfFonts, []), .convert(.pdfInformation, []), .convert(.pdfPage(7, dotsPerInch: 200), [5]),
            .convert(.imageWords, [6]),
        ]
    }

    @Test func `every message reads back as it was written`() throws {
        for message in try messages() {
            let bytes = message.encoded()
            #expect(try ParserMessage(bytes).encoded() == bytes)
        }
    }

    @Test(arguments: 0..<20)
    func `damaged messages are refused or harmless`(round: UInt64) throws {
        var generator = SeededGenerator(seed: round)
        for message in try messages() {
            var bytes = message.encoded()
            for _ in 0..<50 {
                bytes[.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
                guard case .parsed(let document)? = try? ParserMessage(bytes) else { continue }
                #expect(document.blocks.allSatisfy { $0.range.upperBound <= document.text.count })
            }
            for count in 0..<min(bytes.count, 40) { _ = try? ParserMessage(Array(bytes.prefix(count))) }
        }
    }

    @Test func `a document that no parser of ours writes is not believed`() throws {
        let good = try DocumentParser.parse(Self.source)
        func lie(title: String? = nil, text: [UInt8]? = nil, parser: String? = nil) -> ParsedDocument {
            ParsedDocument(
                title: title ?? good.title, text: text ?? good.text, layout: good.layout, parser: parser ?? good.parser)
        }
        #expect(good.isCredible(as: Self.source))
        #expect(lie(title: Self.source.name).isCredible(as: Self.source))
        let lies = [
            lie(title: "a\u{1b}[2J"), lie(title: String(repeating: "x", count: 201)), lie(text: good.text + [0]),
            lie(parser: "secret words"),
        ]
        for lie in lies { #expect(!lie.isCredible(as: Self.source)) }
    }
}
