import CZlib

@testable import Documents

extension FuzzTarget {
    /// Formats that are packed. Office packages are packed here, from parts that are text, so that a mutation reaches
    /// the parser and not only a checksum: `path` LF `content`, parts apart by 0x1c.
    static let packageTargets = [
        office(
            "docx", .docx,
            [
                "word/document.xml\n<w:document xmlns:w=\"w\"><w:body><w:p><w:pPr><w:pStyle w:val=\"h\"/><w:numPr>"
                    + "<w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>One</w:t></w:r></w:p>"
                    + "<w:tbl>"
                    + "<w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
                    + "</w:tr></w:tbl></w:body></w:document>",
                "word/_rels/document.xml.rels\n<Relationships><Relationship Id=\"s\" Type=\"x/styles\" "
                    + "Target=\"styles.xml\"/><Relationship Id=\"n\" Type=\"x/numbering\" Target=\"numbering.xml\"/>"
                    + "</Relationships>",
                "word/styles.xml\n<w:styles xmlns:w=\"w\"><w:style w:styleId=\"h\"><w:name w:val=\"heading 1\"/>"
                    + "<w:basedOn w:val=\"h\"/></w:style></w:styles>",
                "word/numbering.xml\n<w:numbering xmlns:w=\"w\"><w:abstractNum w:abstractNumId=\"0\"><w:lvl "
                    + "w:ilvl=\"0\"><w:start w:val=\"3\"/><w:numFmt w:val=\"lowerRoman\"/><w:lvlText w:val=\"%1.\"/>"
                    + "</w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>"
                    + "</w:numbering>",
            ]),
        office(
            "pptx", .pptx,
            [
                "ppt/presentation.xml\n<p:presentation xmlns:p=\"p\" xmlns:r=\"r\"><p:sldIdLst><p:sldId id=\"256\" "
                    + "r:id=\"s\"/></p:sldIdLst><p:sldSz cx=\"9144000\" cy=\"6858000\"/></p:presentation>",
                "ppt/_rels/presentation.xml.rels\n<Relationships><Relationship Id=\"s\" Type=\"x/slide\" "
                    + "Target=\"slides/slide1.xml\"/></Relationships>",
                "ppt/slides/slide1.xml\n<p:sld xmlns:p=\"p\" xmlns:a=\"a\"><p:cSld><p:spTree><p:sp><p:nvSpPr><p:nvPr>"
                    + "<p:ph type=\"title\"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:pPr lvl=\"1\"/><a:r><a:t>One</a:t>"
                    + "</a:r></a:p></p:txBody></p:sp><p:graphicFrame><a:tbl><a:tr><a:tc gridSpan=\"2\"><a:p><a:r>"
                    + "<a:t>c</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:graphicFrame></p:spTree></p:cSld></p:sld>",
            ]),
        office(
            "xlsx", .xlsx,
            [
                "xl/workbook.xml\n<workbook xmlns:r=\"r\"><workbookPr date1904=\"1\"/><sheets><sheet name=\"S\" "
                    + "sheetId=\"1\" r:id=\"a\"/></sheets></workbook>",
                "xl/_rels/workbook.xml.rels\n<Relationships><Relationship Id=\"a\" Type=\"x/worksheet\" "
                    + "Target=\"s.xml\"/><Relationship Id=\"b\" Type=\"x/styles\" Target=\"styles.xml\"/><Relationship "
                    + "Id=\"c\" Type=\"x/sharedStrings\" Target=\"strings.xml\"/></Relationships>",
                "xl/s.xml\n<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" s=\"1\"><v>"
                    + "45000.5</v></c></row><row r=\"3\"><c r=\"B3\" s=\"2\"><v>-1234.5</v></c></row></sheetData>"
                    + "<mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells></worksheet>",
                "xl/styles.xml\n<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"#,##0.00;[Red]-0.0E+0\"/>"
                    + "</numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/><xf numFmtId=\"164\"/></cellXfs>"
                    + "</styleSheet>",
                "xl/strings.xml\n<sst><si><r><t>One</t></r></si></sst>",
            ]),
        office(
            "odt", .odt,
            openDocument(
                "text",
                "<text:h text:outline-level=\"1\">One</text:h><text:list><text:list-item>"
                    + "<text:p>a<text:s text:c=\"3\"/>b</text:p></text:list-item></text:list>")),
        office(
            "ods", .ods,
            openDocument(
                "spreadsheet",
                "<table:table table:name=\"S\"><table:table-row "
                    + "table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"4\">"
                    + "<text:p>c</text:p>"
                    + "</table:table-cell></table:table-row></table:table>")),
        office(
            "odp", .odp,
            openDocument(
                "presentation",
                "<draw:page draw:name=\"P\"><draw:frame><draw:text-box><text:p>"
                    + "a</text:p></draw:text-box></draw:frame></draw:page>")),
        office(
            "epub", .epub,
            [
                "mimetype\napplication/epub+zip",
                "META-INF/container.xml\n<container>"
                    + "<rootfiles><rootfile full-path=\"o/c.opf\"/></rootfiles></container>",
                "o/c.opf\n<package><metadata><dc:title xmlns:dc=\"d\">T</dc:title></metadata><manifest><item id=\"a\" "
                    + "href=\"a.xhtml\" media-type=\"application/xhtml+xml\"/></manifest><spine><itemref idref=\"a\"/>"
                    + "</spine></package>",
                "o/a.xhtml\n<html><body><h1>One</h1><p>two</p></body></html>",
            ]),
        zip,
        FuzzTarget("tar", bytes: [[UInt8](repeating: 0, count: 1024)]) { try DocumentPromises.parse($0, as: .tar) },
    ]

    private static func openDocument(_ kind: String, _ body: String) -> [String] {
        let names = "xmlns:office=\"o\" xmlns:text=\"t\" xmlns:table=\"b\" xmlns:draw=\"d\""
        return [
            "mimetype\napplication/vnd.oasis.opendocument.\(kind)",
            "content.xml\n<office:document-content \(names)><office:body><office:\(kind)>\(body)</office:\(kind)>"
                + "</office:body></office:document-content>",
        ]
    }

    private static func office(_ name: String, _ format: DocumentFormat, _ parts: [String]) -> FuzzTarget {
        FuzzTarget(name, seeds: [parts.joined(separator: "\u{1c}")]) { bytes in
            try DocumentPromises.parse(StoredZip.archive(bytes.parts(16)), as: format)
        }
    }

    private static let zip = FuzzTarget(
        "zip",
        bytes: [
            StoredZip.archive([Array("a/b.txt\nhello".utf8), Array("c.csv\n1,2".utf8)]),
            StoredZip.archive([Array("mimetype\napplication/epub+zip".utf8)]),
        ]
    ) { bytes in
        let count = ZipDirectory.count(in: bytes, upTo: 100)
        try require((0...100).contains(count), "members are counted up to the limit")
        try require(count < 100 ? ZipDirectory.names(in: bytes).count <= count : true, "no more names than members")
        for name in ZipDirectory.localNames(in: bytes) {
            try require(name.utf8.count <= 3_000, "a member's name is bounded")
        }
        try require((ZipDirectory.mimetype(of: bytes) ?? "").utf8.count <= 600, "a media type is bounded")
        try require(ZipDirectory.isPresent(in: bytes) || count == 0, "without a directory there are no members")
        try DocumentPromises.parse(bytes, as: .zip)
    }
}

/// ZIP files of stored members (PKWARE APPNOTE 4.3) with right checksums.
enum StoredZip {
    /// Each part is a path, a line feed and the content.
    static func archive(_ parts: [[UInt8]]) -> [UInt8] {
        var (file, directory): ([UInt8], [UInt8]) = ([], [])
        for part in parts {
            let name = part.prefix { $0 != 0x0a }
            let content = Array(part.dropFirst(name.count + 1))
            let checksum = Int(crc32(0, content, UInt32(content.count)))
            let fields =
                number(20, 2) + number(0, 6) + number(0x21, 2) + number(checksum, 4) + number(content.count, 4)
                + number(content.count, 4) + number(name.count, 2) + number(0, 2)
            directory += number(0x0201_4b50, 4) + number(20, 2) + fields + number(0, 10) + number(file.count, 4) + name
            file += number(0x0403_4b50, 4) + fields + name + content
        }
        let count = number(parts.count, 2)
        return file + directory + number(0x0605_4b50, 4) + number(0, 4) + count + count
            + number(directory.count, 4) + number(file.count, 4) + number(0, 2)
    }

    /// Little-endian.
    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
