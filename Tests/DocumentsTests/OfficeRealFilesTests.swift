import Foundation
import Testing

@testable import Documents

/// Files of real programs and the words that their readers see, where the folder with them is there.
@Suite struct OfficeRealFilesTests {
    private static let folder = "../shared/data/docparse-docling/"

    private static var hasFiles: Bool { FileManager.default.fileExists(atPath: folder + "index.jsonl") }

    private static func words(_ text: String) -> [Substring] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }
    }

    private static func expected(_ file: String) throws -> [Substring] {
        let text = try String(
            contentsOfFile: folder + file.replacing("/sources/", with: "/expected/") + ".md", encoding: .utf8)
        return words(text.replacing("<!-- image -->", with: "").replacing("\\_", with: "_"))
    }

    static let files = [
        "docx/sources/Strict.docx", "docx/sources/docx_lists.docx", "docx/sources/lorem_ipsum.docx",
        "docx/sources/textbox.docx", "docx/sources/unit_test_headers_numbered.docx", "docx/sources/word_sample.docx",
        "docx/sources/docx_code_blocks.docx", "pptx/sources/powerpoint_issue_2663.pptx",
        "pptx/sources/powerpoint_unrecognized_shape.pptx", "pptx/sources/powerpoint_bad_text.pptx",
        "xlsx/sources/xlsx_05_table_with_title.xlsx", "xlsx/sources/xlsx_06_edge_cases_.xlsx",
        "xlsx/sources/xlsx_02_sample_sales_data.xlsm", "odf/sources/odf_table_with_title_01.ods",
    ]

    @Test(.enabled(if: hasFiles), arguments: files)
    func `every expected word is read, in its order`(file: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.folder + file)))
        let parsed = try DocumentParser.parse(bytes, name: "x")
        let found = Self.words(String(decoding: parsed.text, as: UTF8.self))
        let expected = try Self.expected(file)
        let changes = found.difference(from: expected)
        #expect(Double(changes.removals.count) <= 0.02 * Double(expected.count), "\(changes.removals.prefix(5))")
    }
}
