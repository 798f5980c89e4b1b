import Kit
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

@Suite(.timeLimit(.minutes(5))) struct ConfluenceContentTests {
    /// What goes in, what comes out.
    static let golden: [(storage: String, html: String)] = [
        ("<p>a &amp; b &nbsp;&eacute; &lt;c&gt;</p>", "<p>a &amp; b &nbsp;&eacute; &lt;c&gt;</p>"),
        ("<h2>Rules</h2><p>one<br />two</p><hr/>", "<h2>Rules</h2><p>one<br>two</p><hr>"),
        (
            "<ac:structured-macro ac:name=\"code\" ac:schema-version=\"1\"><ac:parameter ac:name=\"language\">js"
                + "</ac:parameter><ac:plain-text-body><![CDATA[if (a < b && c > d) \"x\"]]></ac:plain-text-body>"
                + "</ac:structured-macro>",
            "<pre>if (a &lt; b &amp;&amp; c &gt; d) &quot;x&quot;</pre>"
        ),
        (
            "<ac:structured-macro ac:name=\"info\"><ac:parameter ac:name=\"title\">Mind</ac:parameter>"
                + "<ac:rich-text-body><p>the gap</p></ac:rich-text-body></ac:structured-macro>",
            "<strong>Mind</strong> <div><p>the gap</p></div>"
        ),
        (
            "<p>before</p><ac:structured-macro ac:name=\"toc\"><ac:parameter ac:name=\"maxLevel\">3</ac:parameter>"
                + "</ac:structured-macro><ac:structured-macro ac:name=\"children\" /><p>after</p>",
            "<p>before</p><p>after</p>"
        ),
        (
            "<ac:structured-macro ac:name=\"include\"><ac:parameter ac:name=\"\"><ac:link><ri:page "
                + "ri:content-title=\"Secret\" /></ac:link></ac:parameter></ac:structured-macro>"
                + "<ac:structured-macro ac:name=\"excerpt-include\"><ac:parameter ac:name=\"title\">Secret"
                + "</ac:parameter></ac:structured-macro>", ""
        ),
        (
            "<p><ac:link><ri:page ri:content-title=\"Leave &amp; pay\" ri:space-key=\"HR\" /></ac:link>, <ac:link>"
                + "<ri:page ri:content-title=\"X\" /><ac:plain-text-link-body><![CDATA[see <this>]]>"
                + "</ac:plain-text-link-body></ac:link>, <ac:link><ri:attachment ri:filename=\"a.pdf\" /></ac:link>, "
                + "<ac:link><ri:user ri:account-id=\"5570:ab\" /></ac:link><ac:link ac:anchor=\"top\"><ac:link-body>"
                + "<em>up</em></ac:link-body></ac:link></p>",
            "<p>Leave &amp; pay, see &lt;this&gt;, a.pdf, <em>up</em></p>"
        ),
        (
            "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>"
                + "<span>Call</span></ac:task-body></ac:task><ac:task><ac:task-status>incomplete</ac:task-status>"
                + "<ac:task-body>Write</ac:task-body></ac:task></ac:task-list>",
            "<ul><li>[x] Call</li><li>[ ] Write</li></ul>"
        ),
        (
            "<table class=\"wrapped\"><colgroup><col /></colgroup><tbody><tr><th colspan=\"2\">A</th></tr><tr>"
                + "<td rowspan='x\"'>1</td><td>2</td></tr></tbody></table>",
            "<table><tbody><tr><th colspan=\"2\">A</th></tr><tr><td>1</td><td>2</td></tr></tbody></table>"
        ),
        (
            "<p><ac:image ac:alt=\"The plan\"><ri:attachment ri:filename=\"p.png\" /></ac:image><ac:emoticon "
                + "ac:name=\"smile\" ac:emoji-fallback=\"🙂\" /> <time datetime=\"2026-01-02\" /></p>",
            "<p>The plan🙂 2026-01-02</p>"
        ),
        (
            "<a href=\"https://a.test/?q=1&amp;r=2\">x</a><a href=\"javascript:alert(1)\">y</a>"
                + "<script>alert(1)</script><p onclick=\"alert(1)\">z</p><iframe src=\"x\">w</iframe>",
            "<a href=\"https://a.test/?q=1&amp;r=2\">x</a>y<p>z</p>w"
        ),
        (
            "<ac:adf-extension><ac:adf-node type=\"panel\"><ac:adf-attribute key=\"t\">v</ac:adf-attribute>"
                + "<ac:adf-content><p>twice</p></ac:adf-content></ac:adf-node><ac:adf-fallback><p>once</p>"
                + "</ac:adf-fallback></ac:adf-extension>",
            "<p>once</p>"
        ),
        (
            "<ac:layout><ac:layout-section ac:type=\"two_equal\"><ac:layout-cell><p>l</p></ac:layout-cell>"
                + "<ac:layout-cell><p>r</p></ac:layout-cell></ac:layout-section></ac:layout>",
            "<div><p>l</p></div><div><p>r</p></div>"
        ),
        ("", ""),
    ]

    @Test func `the storage format becomes plain HTML`() {
        for (storage, html) in Self.golden { #expect(StorageFormat.html(storage) == html, "\(storage)") }
    }

    @Test func `what is hostile ends in text, bounded`() {
        let laughs =
            "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><p>&b; and <ac:task>text</ac:task></p>"
        #expect(StorageFormat.html(laughs).contains("text"))
        #expect(!StorageFormat.html(laughs).contains("ENTITY"))
        let deep = String(repeating: "<div>", count: 100_000) + "deep" + String(repeating: "</div>", count: 100_000)
        #expect(StorageFormat.html(deep).split(separator: " ") == ["<p>", "deep", "</p>"])
        #expect(StorageFormat.html("<p>a</div> <script>b > c") == "<p> a   b &gt; c</p>")
        #expect(StorageFormat.html("</storage><storage>x") == "<p>  x</p>")
        #expect(StorageFormat.html("plain < text") == "<p>plain   text</p>")
        let wide = String(repeating: "<p>x</p>", count: 200_000)
        #expect(StorageFormat.html(wide) == wide)
        let open = String(repeating: "<![CDATA[", count: 50_000)
        #expect(StorageFormat.html(open).utf8.count < 1_000_000)
    }

    @Test(arguments: [
        "//evil.test/download/x", "/rest/api/user", "/download/../../admin", "http://evil.test/download/x",
    ])
    func `no link of an answer leads out of the site (ATT-31)`(link: String) async throws {
        try await FakeConfluence.run(.datacenter) { fake in
            let file = fake.change { wiki in
                let page = wiki.page("page")
                return wiki.attachment("a.pdf", on: page, [1])
            }
            let connector = try fake.connector()
            let item = try #require(try await sweep(connector).items[ExactText("att\(file)")])
            fake.change { wiki in
                let found =
                    wiki.contents[file].map { FakeConfluenceJSON(wiki).content($0, ["space", "container"]) } ?? [:]
                let answer = ConfluenceChangesTests.json(found.merging(["_links": ["download": link]]) { $1 })
                wiki.override = { $0.path.contains("/rest/") ? answer : .text("stolen") }
            }
            let failure = try await thrown { _ = try await connector.content(of: item, bytesMax: 100) }
            #expect(failure == .poison(.unavailable))
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func `no storage crashes it, and no markup comes out of text`(seed: UInt64)
    {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "<p>", "</p>", "<ac:link>", "</ac:link>", "<ri:page ri:content-title=\"", "\"/>", "<![CDATA[", "]]>", "<",
            ">", "&", ";", "&lt;", "<ac:structured-macro ac:name='code'>", "</ac:structured-macro>", "x", "'", "<!--",
            "<ac:plain-text-body>", "</ac:plain-text-body>", "<script>", "</script>", "<!DOCTYPE a>", "é",
        ]
        for _ in 0..<5000 {
            let storage = (0..<Int.random(in: 0..<14, using: &generator))
                .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            let html = StorageFormat.html(storage)
            #expect(!html.contains("<script") && !html.contains("<ac:") && !html.contains("<ri:"), "seed \(seed)")
            #expect(html.utf8.count <= storage.utf8.count * 6 + 64, "seed \(seed)")
        }
    }

    @Test(arguments: ConfluenceSettings.Edition.allCases) func `a page is a document with its title as heading`(
        edition: ConfluenceSettings.Edition
    ) async throws {
        try await FakeConfluence.run(edition) { fake in
            _ = fake.change { $0.page("Q & <A>", body: "<p>Ask.</p>") }
            let connector = try fake.connector()
            let item = try #require(try await sweep(connector).items.values.first)
            let content = try await connector.content(of: item, bytesMax: 1000)
            #expect(
                String(decoding: content.bytes, as: UTF8.self)
                    == "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>Q &amp; &lt;A&gt;</title></head>"
                    + "<body><h1>Q &amp; &lt;A&gt;</h1><p>Ask.</p></body></html>")
            #expect(content.mediaType == "text/html")
            #expect(item.url?.hasSuffix("/spaces/HR/pages/1001") == true)
            fake.change { wiki in wiki.contents[1001]?.status = "trashed" }
            #expect(try await thrown { _ = try await connector.content(of: item, bytesMax: 1000) } == .gone)
        }
    }

    @Test func `JSON is bounded in depth`() {
        #expect(JSONForm.depth(of: Array(#"{"a": [[{"b": "]]]{{{\"[["}]]}"#.utf8)) == 4)
        #expect(throws: SourceFailure.self) {
            try JSONForm.decode([Int].self, Array(String(repeating: "[", count: 65).utf8))
        }
    }
}
