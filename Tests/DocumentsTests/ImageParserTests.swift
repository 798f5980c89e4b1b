import TestKit
import Testing

@testable import Documents

@Suite struct ImageParserTests {
    private static func big(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(value >> (8 * $0) & 255) }
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] { big(value, count).reversed() }

    private static func png(_ width: Int, _ height: Int) -> [UInt8] {
        let start: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
        let header = big(13, 4) + Array("IHDR".utf8) + big(width, 4) + big(height, 4) + [8, 0, 0, 0, 0] + big(0, 4)
        // 11811 dots a metre are 300 an inch.
        let resolution = big(9, 4) + Array("pHYs".utf8) + big(11811, 4) + big(11811, 4) + [1] + big(0, 4)
        return start + header + resolution + big(0, 4) + Array("IDAT".utf8)
    }

    private static func jpeg(_ width: Int, _ height: Int) -> [UInt8] {
        [0xff, 0xd8, 0xff, 0xe0] + big(16, 2) + Array("JFIF\0".utf8) + [1, 1, 1] + big(300, 2) + big(300, 2) + [0, 0]
            + [0xff, 0xc4] + big(4, 2) + [0, 0] + [0xff, 0xc2] + big(11, 2) + [8] + big(height, 2) + big(width, 2)
    }

    private static func gif(_ width: Int, _ height: Int) -> [UInt8] {
        Array("GIF89a".utf8) + little(1, 2) + little(1, 2) + [0x80, 0, 0] + [0, 0, 0, 1, 1, 1]
            + [0x21, 0xf9, 4, 0, 0, 0, 0, 0] + [0x2c] + little(0, 4) + little(width, 2) + little(height, 2) + [0]
    }

    private static func bitmap(_ width: Int, _ height: Int) -> [UInt8] {
        Array("BM".utf8) + little(0, 12) + little(40, 4) + little(width, 4) + little(1 << 32 - height, 4)
            + little(0, 12) + little(2835, 4) + little(2835, 4)
    }

    private static func tiff(_ width: Int, _ height: Int, next: Int = 0, copies: Int = 1) -> [UInt8] {
        var bytes = Array("II*\0".utf8) + little(8, 4)
        for copy in 1...copies {
            bytes += little(2, 2) + little(256, 2) + little(4, 2) + little(1, 4) + little(width, 4)
            bytes += little(257, 2) + little(4, 2) + little(1, 4) + little(height, 4)
            bytes += little(copy == copies ? next : 8 + 30 * copy, 4)
        }
        return bytes
    }

    private static func webp(_ width: Int, _ height: Int) -> [UInt8] {
        Array("RIFF".utf8) + little(0, 4) + Array("WEBPVP8X".utf8) + little(10, 4) + little(0, 4)
            + little(width - 1, 3) + little(height - 1, 3)
    }

    private static let formats: [(DocumentFormat, @Sendable (Int, Int) -> [UInt8])] = [
        (.png, { png($0, $1) }), (.jpeg, { jpeg($0, $1) }), (.gif, { gif($0, $1) }), (.bmp, { bitmap($0, $1) }),
        (.tiff, { tiff($0, $1) }), (.webp, { webp($0, $1) }),
    ]

    @Test func `every format tells its size and some their resolution`() throws {
        for (format, make) in Self.formats {
            let header = try ImageHeader(make(640, 480), format)
            #expect(header.width == 640 && header.height == 480, "\(format)")
        }
        #expect(try ImageHeader(Self.png(9, 9), .png).dotsPerInch.rounded() == 300)
        #expect(try ImageHeader(Self.jpeg(9, 9), .jpeg).dotsPerInch == 300)
        #expect(try ImageHeader(Self.gif(9, 9), .gif).dotsPerInch == 72)
    }

    @Test func `more pixels than are read are refused before any is decoded`() {
        for (format, make) in Self.formats {
            #expect(throws: ParseFailure.expandsTooFar) { try ImageHeader(make(16_000, 16_000), format) }
        }
        for (format, make) in Self.formats.filter({ [.png, .jpeg, .bmp, .tiff].contains($0.0) }) {
            #expect(throws: ParseFailure.damaged) { try ImageHeader(make(0, 10), format) }
        }
        #expect(throws: ParseFailure.expandsTooFar) { try ImageHeader(Self.png(0xffff_ffff, 0xffff_ffff), .png) }
        #expect(throws: ParseFailure.expandsTooFar) { try ImageHeader(Self.tiff(9000, 9000, copies: 2), .tiff) }
    }

    @Test func `a chain of pages without end is damage`() {
        #expect(throws: ParseFailure.damaged) { try ImageHeader(Self.tiff(9, 9, next: 8), .tiff) }
        #expect(throws: ParseFailure.tooManyPages) { try ImageHeader(Self.tiff(9, 9, copies: 1001), .tiff) }
    }

    @Test func `a header cut anywhere, or random, is refused and never more`() {
        var generator = SeededGenerator(seed: 7)
        for (format, make) in Self.formats {
            let whole = make(640, 480)
            for count in 0..<whole.count { _ = try? ImageHeader(Array(whole.prefix(count)), format) }
            for _ in 0..<2000 {
                let flipped = whole.map {
                    UInt8.random(in: 0..<8, using: &generator) == 0 ? UInt8.random(in: 0...255, using: &generator) : $0
                }
                _ = try? ImageHeader(flipped, format)
            }
        }
    }

    private func parse(_ bytes: [UInt8], words: String?) throws -> ParsedDocument {
        let source = SourceFile(bytes: bytes, name: "scan.png", format: .png)
        return try DocumentParser.parse(source, converter: CannedConverter(words: words).convert)
    }

    @Test func `a picture is a page of its size in points`() throws {
        let parsed = try parse(Self.png(1000, 2000), words: RecognisedWordsTests.tsv)
        #expect(parsed.outline == "paragraph [] Patient name unknown\nparagraph [] End")
        #expect(parsed.layout.pages.map(\.width) == [240])
        #expect(parsed.layout.words.first?.box.left == 240)
        #expect(parsed.notes == [.recognisedText])
        #expect(parsed.parser == "image/1")
    }

    @Test func `a picture without words or without a recogniser says so`() {
        #expect(throws: ParseFailure.noText) { try parse(Self.png(10, 10), words: "") }
        #expect(throws: ParseFailure.converterMissing) { try parse(Self.png(10, 10), words: nil) }
        #expect(throws: ParseFailure.damaged) { try parse([0x89, 0x50], words: RecognisedWordsTests.tsv) }
    }
}
