import Testing

@testable import Documents

/// An upload that was cut off is the commonest damage: a package then has its parts, and no directory.
@Suite struct CutOffPackageTests {
    private static let body = "<w:p><w:r><w:t>words</w:t></w:r></w:p>"
    private static let first: OfficeFiles.Members = [("[Content_Types].xml", "<Types/>")]

    private static let packages: [(name: String, members: OfficeFiles.Members)] = [
        ("docx", first + OfficeFiles.word(body)), ("pptx", first + OfficeFiles.presentation([""])),
        ("xlsx", first + OfficeFiles.workbook([("A", "", "<sheetData/>")])),
        ("odt", OfficeFiles.openDocument("text", "<text:p>words</text:p>")),
        ("ods", OfficeFiles.openDocument("spreadsheet", "")),
    ]

    private func failure(of bytes: [UInt8]) -> ParseFailure? {
        do throws(ParseFailure) {
            _ = try DocumentParser.parse(bytes, name: "x")
            return nil
        } catch { return error }
    }

    @Test(arguments: packages.indices)
    func `wherever an Office file is cut off, it is called damaged`(index: Int) {
        let (name, members) = Self.packages[index]
        let bytes = ZipWriter.archive(members)
        // The first member's name must be whole.
        for count in 60..<(bytes.count - 21) {
            #expect(failure(of: Array(bytes.prefix(count))) == .damaged, "\(name), \(count) bytes")
        }
    }

    @Test func `an archive that is cut off is no Office file`() {
        let bytes = ZipWriter.archive([("a.txt", "words"), ("b.txt", "more words")])
        #expect(failure(of: Array(bytes.dropLast(30))) != .damaged)
    }

    @Test func `a name within a member ends no search`() {
        let names = ZipDirectory.localNames(
            in: ZipWriter.archive([("a", "PK PK\u{3}\u{4}"), ("b", "PPPK"), ("c", "P")]))
        #expect(names.isSuperset(of: ["a", "b", "c"]))
    }

    @Test func `a workbook without a title is called by its file's name`() throws {
        let sheet = "<sheetData><row><c t=\"inlineStr\"><is><t>words</t></is></c></row></sheetData>"
        let bytes = ZipWriter.archive(OfficeFiles.workbook([("Sheet1", "", sheet)]))
        #expect(try DocumentParser.parse(bytes, name: "Budget 2026.xlsx").title == "Budget 2026.xlsx")
        let cell = "<table:table-row><table:table-cell><text:p>words</text:p></table:table-cell></table:table-row>"
        let table = "<table:table table:name=\"Sheet1\">\(cell)</table:table>"
        let open = ZipWriter.archive(OfficeFiles.openDocument("spreadsheet", table))
        #expect(try DocumentParser.parse(open, name: "Budget 2026.ods").title == "Budget 2026.ods")
    }
}
