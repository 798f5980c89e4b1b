import TestKit
import Testing

@testable import Documents

@Suite struct HTMLParserTests {
    private func parse(_ source: String, name: String = "x.html") throws -> ParsedDocument {
        try DocumentParser.parse(SourceFile(bytes: Array(source.utf8), name: name, format: .html))
    }

    static let source = """
        <!DOCTYPE html><html><head><title>Staff &amp; pay</title><style>p { color: red }</style></head><body>
        <nav><a href="/">Home</a> <a href="/x">Elsewhere</a></nav>
        <header><h1>Staff <em>handbook</em></h1>Logo</header>
        <main><p>Welcome to the <b>clinic</b>,
        see <a href="https://example.org/secret?x=1">the site</a>.<script>steal('<p>')</script>
        <h2>Leave</h2>
        <ul><li>Annual<li>Sick<ul><li>Call <i>before</i> eight</ul><li><p>Other</p><p>More on it.</p></ul>
        <ol start=3><li>Third<li value=7>Seventh<li>Eighth</ol><ol type=a><li>Letter</ol>
        <dl><dt>Term<dd>What it means</dl>
        <h3>Table</h3>
        <table><caption>Days of leave</caption><tr><th>Kind<th>Days<tr><td>Annual<td>30<tr><td>Sick<td></table>
        <pre>
        let days = 30
          indented</pre>
        <blockquote>Said &amp; done &#8212; really&nbsp;so.</blockquote>
        <p>Street 1<br>Town</p><p>One<br><br>Two</p>
        <figure><img src=x alt="Five people stand before a house." width=10><figcaption>The team</figcaption></figure>
        <details><summary>More</summary>Hidden until opened.</details>
        <form><label>Name</label><input name=n><label>Town<input></label><select><option>Not shown</select></form>
        </main><footer>Imprint</footer></body></html>
        """

    static let golden = """
        heading(level: 1) [] Staff handbook
        paragraph [Staff handbook] Welcome to the clinic, see the site.
        heading(level: 2) [Staff handbook] Leave
        listItem [Staff handbook / Leave] - Annual
        listItem [Staff handbook / Leave] - Sick
        listItem [Staff handbook / Leave] - Call before eight
        listItem [Staff handbook / Leave] - Other
        paragraph [Staff handbook / Leave] More on it.
        listItem [Staff handbook / Leave] 3. Third
        listItem [Staff handbook / Leave] 7. Seventh
        listItem [Staff handbook / Leave] 8. Eighth
        listItem [Staff handbook / Leave] a. Letter
        paragraph [Staff handbook / Leave] Term
        paragraph [Staff handbook / Leave] What it means
        heading(level: 3) [Staff handbook / Leave] Table
        paragraph [Staff handbook / Leave / Table] Days of leave
        table [Staff handbook / Leave / Table] Kind | Days
        Annual | 30
        Sick | \

        code [Staff handbook / Leave / Table] let days = 30
          indented
        paragraph [Staff handbook / Leave / Table] Said & done — really so.
        paragraph [Staff handbook / Leave / Table] Street 1
        Town
        paragraph [Staff handbook / Leave / Table] One
        paragraph [Staff handbook / Leave / Table] Two
        paragraph [Staff handbook / Leave / Table] Five people stand before a house.
        paragraph [Staff handbook / Leave / Table] The team
        paragraph [Staff handbook / Leave / Table] More
        paragraph [Staff handbook / Leave / Table] Hidden until opened.
        paragraph [Staff handbook / Leave / Table] Name Town
        """

    @Test func `a whole page`() throws {
        let parsed = try parse(Self.source)
        #expect(parsed.outline == Self.golden)
        #expect(parsed.title == "Staff & pay")
        #expect(parsed.parser == "html/1")
        #expect(parsed.blocks.compactMap(\.table).map(\.headerRows) == [1])
        #expect(try parse(Self.source.replacing("\n", with: "\r\n")).text == parsed.text)
    }

    /// What a person would not see must not be read: it is how instructions are slipped in.
    static let unseen = [
        "<p hidden>CANARY</p>", "<div aria-hidden='TRUE'>CANARY</div>", "<!-- CANARY -->", "<script>CANARY</script>",
        "<style>CANARY</style>", "<template><p>CANARY</p></template>", "<noscript>CANARY</noscript>",
        "<svg><text>CANARY</text><title>CANARY</title></svg>", "<p style='display:none'>CANARY</p>",
        "<p style='DISPLAY : None !important'>CANARY</p>", "<p style='color:red;display:/**/none'>CANARY</p>",
        "<p style='visibility:hidden'>CANARY</p>", "<p style='font-size:0'>CANARY</p>",
        "<p style='font-size:1px'>CANARY</p>", "<p style='opacity:0.0'>CANARY</p>",
        "<p style='position:absolute;left:-9999px'>CANARY</p>", "<p style='text-indent:-9999px'>CANARY</p>",
        "<p style='position:absolute;clip:rect(0,0,0,0)'>CANARY</p>",
        "<p style='color:#fff;background:#fff'>CANARY</p>",
        "<p style='color:transparent'>CANARY</p>", "<p style='max-height:0;overflow:hidden'>CANARY</p>",
        "<span hidden>CANARY<span>CANARY</span>CANARY</span>", "<b style='display:none'><i>CANARY</b>",
        "<div hidden><p>CANARY<p>CANARY<table><tr><td>CANARY</table></div>", "<div hidden><div></div>CANARY</div>",
        "<style>.x, #y { display: none }</style><p class='a x'>CANARY</p><p id=y>CANARY</p>",
        "<style>@import 'a'; p.x{visibility:hidden}</style><p class=x>CANARY</p>", "<dialog>CANARY</dialog>",
        "<iframe>CANARY</iframe>", "<select><option>CANARY</select>", "<input value=CANARY>", "<img alt=CANARY>",
        "<a href='CANARY' title='CANARY'>a</a>", "<meta name=description content=CANARY>", "<video>CANARY</video>",
        "<!--[if mso]>CANARY<![endif]-->", "<p style='mso-hide:all'>CANARY</p>", "<textarea hidden>CANARY</textarea>",
        "<table><tr><td hidden>CANARY</td><td>a</td></tr></table>", "<p data-x='>' hidden>CANARY</p>",
        "<p x='1' hidden x=2>CANARY</p>", "<p/hidden>CANARY</p>", "<ul hidden><li>CANARY</ul>",
        "<img width=1 height=1 alt='CANARY CANARY CANARY CANARY CANARY'>", "<object hidden>CANARY</object>",
    ]

    @Test(arguments: unseen)
    func `what cannot be seen is not read`(piece: String) throws {
        for source in ["<p>before</p>\(piece)<p>after</p>", "<div>before \(piece)</div> after", "before\(piece)after"] {
            let text = String(decoding: try parse(source).text, as: UTF8.self)
            #expect(!text.contains("CANARY"))
            #expect(text.contains("before") && text.contains("after"))
        }
    }

    static let seen = [
        "<p style='display:block'>WORD</p>", "<td style='font-size:0'><div style='font-size:13px'>WORD</div></td>",
        "<div style='visibility:hidden'><p style='visibility:visible'>WORD</p></div>",
        "<body style='display:none'>WORD",
        "<style>@media print { .x { display: none } }</style><p class=x>WORD</p>",
        "<style>.x { display: none } .x { display: block }</style><p class=x>WORD</p>",
        "<style>.x .y { display: none }</style><p class=x>WORD</p>", "<p hidden>gone<p>WORD", "<li hidden>gone<li>WORD",
        "<p style='color:#fff;background:#000'>WORD</p>", "<p aria-hidden=false>WORD</p>", "<details>WORD</details>",
        "<span hidden>gone</span>WORD", "<table><tr><td hidden>gone<td>WORD</table>", "</b></p>WORD", "<WORD>WORD",
        "<dialog open>WORD</dialog>", "<textarea>WORD</textarea>", "<p hidden>gone</div><div>WORD", "<!-->WORD",
        "<!--->WORD", "<!-- gone --!>WORD", "<? gone >WORD", "<![if !mso]>WORD<![endif]>", "</ gone>WORD", "<a/>WORD",
        "<b></i></b>WORD", "<p style='opacity:0.9;font-size:0.9em'>WORD</p>", "<script>'</scr'</script>WORD",
        "<tr><td>WORD", "<li>WORD", "</table></table>WORD", "<table>WORD</table>", "<caption>WORD", "<svg></svg>WORD",
    ]

    @Test(arguments: seen)
    func `what can be seen is read`(piece: String) throws {
        let text = String(decoding: try parse("<p>before</p>\(piece)").text, as: UTF8.self)
        #expect(text.contains("WORD") && !text.contains("gone"), "\(text)")
    }

    @Test func `cells that span are said in each row and column`() throws {
        let parsed = try parse(
            """
            <table><tr><th rowspan=2>Year</th><th colspan=2>Days</th></tr><tr><th>May</th><th>June</th></tr>
            <tr><td rowspan=2>2025</td><td>1</td><td>2</td></tr><tr><td colspan=9999>3</td></tr></table>
            """)
        let text = String(decoding: parsed.text, as: UTF8.self)
        #expect(text.hasPrefix("Year | Days | Days\nYear | May | June\n2025 | 1 | 2\n2025 | 3 | 3"))
        #expect(parsed.blocks.first?.table?.headerRows == 2)
    }

    @Test func `a table that only lays out a page is read as text`() throws {
        let layouts = [
            "<table><tr><td>one</td></tr><tr><td>two</td></tr></table>",
            "<table><tr><td>one</td><td>two</td></tr></table>",
            "<table role=presentation><tr><th>one</th></tr><tr><td>two</td><td></td></tr></table>",
            "<table><tr><td><table><tr><td>one<td></table><tr><td><p>two</p></table>",
        ]
        for source in layouts {
            #expect(try parse(source).outline == "paragraph [] one\nparagraph [] two", "\(source)")
        }
        let nested = try parse(
            "<table><tr><th>a</th><th>b</th></tr><tr><td><table><tr><th>c<th>d</table><ul><li>e<li>f</ul></td></tr></table>"
        )
        #expect(nested.outline == "table [] a | b\nc d - e - f")
    }

    @Test func `navigation is left out, but never most of a page`() throws {
        let text = "<p>" + String(repeating: "A sentence of the page. ", count: 20) + "</p>"
        let links = "<ul>" + (1...9).map { "<li><a href=x>NAV \($0)</a></li>" }.joined() + "</ul>"
        for piece in [
            "<nav>NAV</nav>", "<footer>NAV</footer>", "<aside>NAV</aside>", "<div role=navigation>NAV</div>", links,
            "<div class='cookie-banner'>NAV</div>", "<header>NAV</header>", "<div role=dialog>NAV</div>",
        ] {
            #expect(!String(decoding: try parse(text + piece).text, as: UTF8.self).contains("NAV"), "\(piece)")
            #expect(String(decoding: try parse("<p>a</p>" + piece).text, as: UTF8.self).contains("NAV"), "\(piece)")
        }
        for piece in [
            "<article><header>KEPT</header></article>", "<header><h1>KEPT</h1></header>", "<main>\(links)</main>",
        ] {
            let words = String(decoding: try parse(text + piece).text, as: UTF8.self)
            #expect(words.contains("KEPT") || words.contains("NAV"), "\(piece)")
        }
    }

    static let charsets: [(bytes: [UInt8], charset: String?)] = [
        (Array("<meta charset=iso-8859-2>".utf8) + [0xb1], nil), (Array("<p>ą".utf8), nil), ([0xb1], "iso-8859-2"),
        (Array("<META content='text/html; charset=\"ISO-8859-2\"' http-equiv=Content-Type>".utf8) + [0xb1], nil),
        (Array("<meta charset=utf-16><p>ą".utf8), nil),
        (Array("<meta charset=iso-8859-1>".utf8) + [0xb1], "iso-8859-2"),
        ([0xef, 0xbb, 0xbf] + Array("<meta charset=iso-8859-1>ą".utf8), nil), ([0xff, 0xfe, 0x05, 0x01], "iso-8859-1"),
    ]

    @Test(arguments: charsets)
    func `the character set comes from the mark, the caller or the page`(row: (bytes: [UInt8], charset: String?)) throws
    {
        let file = SourceFile(bytes: row.bytes, name: "", format: .html, charset: row.charset)
        let parsed = try DocumentParser.parse(file)
        #expect(String(decoding: parsed.text, as: UTF8.self) == "ą" && parsed.notes.isEmpty)
    }

    @Test func `an unknown character set in a page is a guess, not a failure`() throws {
        let parsed = try DocumentParser.parse(
            SourceFile(bytes: Array("<meta charset=no-such>caf".utf8) + [0xe9], name: "", format: .html))
        #expect(String(decoding: parsed.text, as: UTF8.self) == "café" && parsed.notes == [.guessedCharacterSet])
    }

    @Test(arguments: [
        "", " ", "<p>", "<script>x</script>", "<title>only a title</title>", "<img alt=x>", "<", "<!--", "<p",
    ])
    func `a page without words is no text`(source: String) {
        #expect((try? parse(source))?.blocks.count ?? 0 == (source == "<" ? 1 : 0))
    }

    @Test func `a mail body keeps what a page would lose, and a chapter its empty elements`() throws {
        var session = ParseSession(limits: ParseLimits(), originalBytes: 1) { _, _ throws(ParseFailure) in [] }
        let mail = String(repeating: "words ", count: 50) + "<footer>Regards</footer>"
        try HTMLParser.write(Array(mail.utf8), into: &session, keepsBoilerplate: true)
        let chapter = "<?xml version='1.0'?><html><title/><script src='x'/><p/>One<a id='y'/><![CDATA[ & two]]></html>"
        let title = try HTMLParser.write(Array(chapter.utf8), into: &session, keepsBoilerplate: true)
        let text = String(decoding: session.writer.text, as: UTF8.self)
        #expect(text.contains("Regards") && text.hasSuffix("One & two") && title == nil)
    }
}
