import Foundation
import Testing

@testable import Documents

private enum RealData {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/data").standardizedFileURL

    static var isPossible: Bool {
        DirectConverter.hasPoppler && FileManager.default.fileExists(atPath: folder.path)
    }
}

/// Real files, read where they lie beside the repository.
@Suite(.enabled(if: RealData.isPossible)) struct RealPDFTests {
    private func parse(_ path: String) throws -> ParsedDocument {
        let url = RealData.folder.appending(path: path)
        return try DocumentParser.parse(
            Array(try Data(contentsOf: url)), name: url.lastPathComponent, converter: DirectConverter.convert)
    }

    private func rows(_ parsed: ParsedDocument, _ table: DocumentLayout.Table) -> [[String]] {
        table.rows.map { $0.map { String(decoding: parsed.text[$0], as: UTF8.self) } }
    }

    @Test func `a question about a table of a paper is answered by a cell and its place`() throws {
        let parsed = try parse("docparse-docling/pdf/sources/2305.03393v1-pg9.pdf")
        let table = try #require(parsed.blocks.compactMap(\.table).first)
        let rows = rows(parsed, table)
        #expect(table.headerRows == 2)
        #expect(rows[1][6] == "(0.75)" && rows[0][6] == "mAP")
        // What is the inference time of OTSL with four layers in the encoder and two in the decoder?
        let row = try #require(rows.firstIndex { $0[0] == "4" && $0[1] == "2" && $0[2] == "OTSL" })
        #expect(rows[row] == ["4", "2", "OTSL", "0.952", "0.92", "0.942", "0.857", "1.22"])
        let cell = table.rows[row][7]
        let word = try #require(parsed.layout.words.first { Int($0.start) == cell.lowerBound })
        #expect((4390...4400).contains(word.box.left) && (4440...4450).contains(word.box.top))
    }

    @Test func `a table with words is read row by row`() throws {
        let parsed = try parse("docparse-pdf-samples/026-latex-multicolumn/multicolumn.pdf")
        let table = try #require(parsed.blocks.compactMap(\.table).first)
        #expect(rows(parsed, table).contains(["Czech Republic", "10.7", "78,866", "Prague", "Czech"]))
    }

    @Test func `files with a password say so`() {
        for path in [
            "docparse-docling/pdf_password/sources/2206.01062_pg3.pdf",
            "docparse-pdf-samples/005-libreoffice-writer-password/libreoffice-writer-password.pdf",
        ] {
            #expect(throws: ParseFailure.encrypted) { try parse(path) }
        }
    }

    @Test(.timeLimit(.minutes(10))) func `hard files end in text or in a clear failure`() throws {
        let hard = RealData.folder.appending(path: "docparse-hard").path
        let paths = try FileManager.default.subpathsOfDirectory(atPath: hard).filter { $0.hasSuffix(".pdf") }
        #expect(!paths.isEmpty)
        for path in paths {
            do {
                let bytes = Array(try Data(contentsOf: URL(filePath: hard + "/" + path)))
                // Without recognition, which takes long and is measured apart.
                let parsed = try DocumentParser.parse(bytes, name: path) { conversion, bytes throws(ParseFailure) in
                    if case .pdfPage = conversion { throw .converterMissing }
                    return try DirectConverter.convert(conversion, bytes)
                }
                #expect(!parsed.text.isEmpty, "\(path)")
            } catch {
                #expect(error is ParseFailure, "\(path): \(error)")
            }
        }
    }

    @Test(.enabled(if: DirectConverter.hasRecogniser)) func `a page is recognised from its image as from its words`()
        throws
    {
        let url = RealData.folder.appending(path: "docparse-pdf-samples/001-trivial/minimal-document.pdf")
        let file = Array(try Data(contentsOf: url))
        let image = try DirectConverter.convert(.pdfPage(1, dotsPerInch: 150), file)
        let words = try parse("docparse-pdf-samples/001-trivial/minimal-document.pdf")
        let scan = try DocumentParser.parse(image, name: "scan.png", converter: DirectConverter.convert)
        let (expected, found) = (Set(words.text.split(separator: 0x20)), Set(scan.text.split(separator: 0x20)))
        #expect(expected.intersection(found).count * 10 >= expected.count * 9)
        #expect(abs((scan.layout.pages.first?.width ?? 0) - (words.layout.pages.first?.width ?? 0)) <= 1)
    }
}
