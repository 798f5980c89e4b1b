import TestKit
import Testing

@testable import Documents

@Suite struct EPUBParserTests {
    private static let container = """
        <?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
        <rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>
        """

    private static let package = """
        <?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf"><metadata
        xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The lamp &amp; I</dc:title><dc:title>Other</dc:title></metadata>
        <manifest><item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
        <item id="one" href="text/one%20a.xhtml#x" media-type="application/xhtml+xml"/>
        <item id="two" href="../two.xhtml" media-type="application/xhtml+xml"/>
        <item id="pic" href="p.svg" media-type="image/svg+xml"/><item id="lost" href="lost.xhtml"
        media-type="application/xhtml+xml"/></manifest>
        <spine><itemref idref="n"/><itemref idref="two"/><itemref idref="one"/><itemref idref="one"/>SPINE</spine></package>
        """

    private static func page(_ body: String) -> String {
        "<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title/></head><body>\(body)"
            + "</body></html>"
    }

    private static func book(
        spine: String = "", container: String? = container, extra: [(path: String, content: String)] = []
    ) -> [UInt8] {
        let members = [
            ("mimetype", "application/epub+zip"), ("META-INF/container.xml", container ?? "<a/>"),
            ("OEBPS/text/one a.xhtml", page("<h1>One</h1><p>First&#160;words.</p><nav>Kept</nav>")),
            ("OEBPS/nav.xhtml", page("<ol><li>GONE</li></ol>")), ("two.xhtml", page("<h1>Two</h1><p>Second.</p>")),
            ("OEBPS/content.opf", package.replacing("SPINE", with: spine)), ("other.xhtml", page("GONE")),
        ]
        return ZipWriter.archive(members.map { (path: $0.0, content: $0.1) } + extra)
    }

    @Test func `chapters in the order of the spine, each once, without the table of contents`() throws {
        let parsed = try DocumentParser.parse(Self.book(), name: "a.epub")
        #expect(
            parsed.outline == """
                heading(level: 1) [] Two
                paragraph [Two] Second.
                heading(level: 1) [] One
                paragraph [One] First words.
                paragraph [One] Kept
                """)
        #expect(parsed.title == "The lamp & I" && parsed.notes.isEmpty && parsed.parser == "epub/1")
    }

    @Test func `a missing chapter and one that is an image are notes`() throws {
        let lost = try DocumentParser.parse(Self.book(spine: "<itemref idref='lost'/>"), name: "a.epub")
        #expect(lost.notes == [.partUnreadable] && lost.blocks.count == 5)
        let unnamed = try DocumentParser.parse(Self.book(spine: "<itemref idref='nothing'/>"), name: "a.epub")
        #expect(unnamed.notes == [.partUnreadable])
        let image = try DocumentParser.parse(
            Self.book(spine: "<itemref idref='pic'/>", extra: [("OEBPS/p.svg", "<svg/>")]), name: "a.epub")
        #expect(image.notes == [.partSkipped])
    }

    @Test func `a locked book is refused, locked fonts are not`() throws {
        func encryption(_ algorithm: String, _ path: String) -> [(path: String, content: String)] {
            [
                (
                    "META-INF/encryption.xml",
                    "<encryption><EncryptedData><EncryptionMethod Algorithm='\(algorithm)'/><CipherData><CipherReference "
                        + "URI='\(path)'/></CipherData></EncryptedData></encryption>"
                )
            ]
        }
        let aes = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
        let chapter = "OEBPS/text/one%20a.xhtml"
        #expect(throws: ParseFailure.encrypted) {
            try DocumentParser.parse(Self.book(extra: encryption(aes, chapter)), name: "a.epub")
        }
        for (algorithm, path) in [(aes, "OEBPS/font.otf"), ("http://www.idpf.org/2008/embedding", chapter)] {
            let parsed = try DocumentParser.parse(Self.book(extra: encryption(algorithm, path)), name: "a.epub")
            #expect(parsed.blocks.count == 5)
        }
    }

    @Test(arguments: [
        nil, "<container/>", "no XML", "<rootfile full-path='../../etc/passwd'/>", "<rootfile full-path='x.opf'/>",
    ])
    func `a book without its package is damaged`(container: String?) {
        #expect(throws: ParseFailure.damaged) {
            try DocumentParser.parse(Self.book(container: container), name: "a.epub")
        }
    }

    static let paths: [(reference: String, folder: String, path: String)] = [
        ("a.xhtml", "", "a.xhtml"), ("a.xhtml", "OEBPS", "OEBPS/a.xhtml"), ("../a", "b/c", "b/a"),
        ("../../../a", "b", "a"),
        ("/a", "b", "a"), ("a%2e%2F..%2Fb#c", "d", "d/b"), ("%", "", "%"), ("%zz%4", "", "%zz%4"), ("", "a", "a"),
        ("./a//b/.", "", "a/b"), ("%ff", "", "\u{fffd}"),
    ]

    @Test(arguments: paths)
    func `references stay within the book`(row: (reference: String, folder: String, path: String)) {
        #expect(EPUBPackage.resolved(row.reference, from: row.folder) == row.path)
    }

    @Test(arguments: 0..<10)
    func `random damage does no harm`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let book = Self.book(spine: "<itemref idref='lost'/>")
        for _ in 0..<200 {
            let damaged = Damage.random(book, using: &generator)
            let file = SourceFile(bytes: damaged, name: "", format: .epub)
            guard let parsed = try? DocumentParser.parse(file) else { continue }
            #expect(String(validating: parsed.text, as: UTF8.self) != nil, "seed \(seed)")
        }
    }
}
