import TestKit
import Testing

@testable import Documents

@Suite struct XMLReaderTests {
    /// `<name{namespace} attribute=value>`, `</name>` and text, one after another; neighbouring texts are one.
    static func events(_ source: String, isLenient: Bool = false) throws(ParseFailure) -> String {
        try events(Array(source.utf8), isLenient: isLenient)
    }

    static func events(_ source: [UInt8], isLenient: Bool = false, charset: String? = nil) throws(ParseFailure)
        -> String
    {
        var reader = try XMLReader(source, isLenient: isLenient, charset: charset)
        var text = ""
        while let event = try reader.next() {
            switch event {
            case .start(let element):
                let attributes = element.attributes.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
                text += "<\(element.name)\(element.namespace.map { "{\($0)}" } ?? "")\(attributes.joined())>"
            case .end(let name): text += "</\(name)>"
            case .text(let bytes): text += String(decoding: bytes, as: UTF8.self)
            }
        }
        return text
    }

    static let rows: [(source: String, events: String)] = [
        ("<a>x<b/>y</a>", "<a>x<b></b>y</a>"), ("<?xml version='1.0'?>\n<a/>\n", "<a></a>"),
        ("<a b='1' c=\"2\" b2 = 'x\ny'/>", "<a b=1 b2=x y c=2></a>"),
        ("<a><![CDATA[<b> & ]] > ]]>x</a>", "<a><b> & ]] > x</a>"), ("<a><![CDATA[]]></a>", "<a></a>"),
        ("<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x42;</a>", "<a><&>\"'AB</a>"),
        ("<a b='&lt;&#10;&quot;'/>", "<a b=<\n\"></a>"), ("<a>&nbsp;&alpha;</a>", "<a>\u{a0}α</a>"),
        ("<a>&company; &#0; &#xd800; &#99999999999999999999;</a>", "<a>&company; \u{fffd} \u{fffd} \u{fffd}</a>"),
        ("<a><!-- <b> - -- > --><?p <c> ?>x</a>", "<a>x</a>"), ("<a >x</a\n>", "<a>x</a>"),
        ("<a xmlns='u'><b/><c xmlns=''/></a>", "<a{u}><b{u}></b><c></c></a>"),
        ("<p:a xmlns:p='u' p:b='1' b='2'><p:c xmlns:p='v'/><p:d/></p:a>", "<a{u} b=1><c{v}></c><d{u}></d></a>"),
        ("<p:a>x</p:a>", "<a>x</a>"), ("<a xml:lang='de'/>", "<a lang=de></a>"),
        ("<élan données='ü'>é</élan>", "<élan données=ü>é</élan>"),
        ("<!DOCTYPE a [<!ENTITY e '>'> <!-- ] > ' --> <?p ]>?> ]><a>&e;</a>", "<a>&e;</a>"),
        ("<!DOCTYPE a PUBLIC \"-//x>\" 'y]'><a/>", "<a></a>"), ("<a>a > b</a>", "<a>a > b</a>"),
    ]

    @Test(arguments: rows)
    func `well-formed XML gives its events`(row: (source: String, events: String)) throws {
        #expect(try Self.events(row.source) == row.events)
        #expect(try Self.events(row.source, isLenient: true) == row.events)
        #expect(try Self.events("\u{feff}" + row.source) == row.events)
    }

    /// Each with what lenient reading makes of it; nil where that fails too.
    static let damaged: [(source: String, lenient: String?)] = [
        ("", nil), ("   ", nil), ("only words", nil), ("<!-- a -->", nil), ("<?xml version='1.0'?>", nil),
        ("<a>", "<a></a>"), ("<a><b>x", "<a><b>x</b></a>"), ("<a>x</b></a>", "<a>x</a>"),
        ("<a><b>x</a>y", "<a><b>x</b></a>"), ("<a/><b/>", "<a></a><b></b>"), ("<a>x", "<a>x</a>"), ("<a", nil),
        ("<a b", nil), ("<a b=", nil), ("<a b='", nil), ("<a b='x", nil), ("<a b=x>y</a>", "<a b=x>y</a>"),
        ("<a b>y</a>", "<a b=>y</a>"), ("<a b='<'>y</a>", "<a b=<>y</a>"), ("<a>x < y</a>", "<a>x < y</a>"),
        ("<a>x<", "<a>x<</a>"), ("<a>x</", "<a>x</a>"), ("<a>x</a", "<a>x</a>"), ("<a><!-- x</a>", "<a></a>"),
        ("<a><![CDATA[x</a>", "<a>x</a></a>"), ("<!DOCTYPE a", nil), ("<!DOCTYPE a [<a/>", nil),
        ("<!DOCTYPE a [<?", nil),
        ("<a/>x", "<a></a>"), ("x<a/>", "<a></a>"), ("<a/ b='1'>", "<a b=1></a>"), ("<a='1'/>", nil), ("<1/>", nil),
        ("<", nil), ("<!", nil), ("<?", nil), ("</", nil), ("</a>", nil), ("<a/><!DOCTYPE a>", "<a></a>"),
    ]

    @Test(arguments: damaged)
    func `damaged XML is refused, or read as well as can be`(row: (source: String, lenient: String?)) throws {
        #expect(throws: ParseFailure.damaged) { try Self.events(row.source) }
        let lenient = try? Self.events(row.source, isLenient: true)
        // What is no start tag at all may still give an empty reading, never one with text.
        #expect(lenient == row.lenient || (row.lenient == nil && !(lenient ?? "").contains("x")), "\(lenient ?? "-")")
    }

    @Test func `the character set is the declared one`() throws {
        let latin: [UInt8] = Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8) + [0xe9] + Array("</a>".utf8)
        #expect(try Self.events(latin) == "<a>é</a>")
        let wide: [UInt8] =
            [0xff, 0xfe]
            + "<?xml version='1.0' encoding='UTF-16'?><a>é</a>".utf16.flatMap {
                [UInt8($0 & 0xff), UInt8($0 >> 8)]
            }
        #expect(try Self.events(wide) == "<a>é</a>")
        #expect(try Self.events(Array("<a>".utf8) + [0xcf] + Array("</a>".utf8), charset: "windows-1251") == "<a>П</a>")
        #expect(throws: ParseFailure.damaged) { try Self.events(Array("<a>".utf8) + [0xe9] + Array("</a>".utf8)) }
        #expect(throws: ParseFailure.damaged) { try Self.events(Array("<a>\0</a>".utf8)) }
        #expect(throws: ParseFailure.unknownCharacterSet) {
            try Self.events(Array("<?xml encoding='no-such'?><a>".utf8) + [0xe9] + Array("</a>".utf8))
        }
    }

    @Test func `depth and attributes are bounded`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        #expect(try Self.events(nested(XMLReader.depthMax)) == nested(XMLReader.depthMax))
        #expect(throws: ParseFailure.damaged) { try Self.events(nested(XMLReader.depthMax + 1)) }
        #expect(throws: ParseFailure.damaged) { try Self.events(nested(100_000), isLenient: true) }
        let many = "<a " + (0...XMLReader.attributesMax).map { "a\($0)='' " }.joined() + "/>"
        #expect(throws: ParseFailure.damaged) { try Self.events(many) }
    }

    /// Half a megabyte of each held libxml2's reader for seconds.
    @Test(arguments: [
        "<a>" + String(repeating: "</b>", count: 200_000), "<a>" + String(repeating: "<!--", count: 200_000),
        "<a>" + String(repeating: "<", count: 500_000), "<a>" + String(repeating: "&", count: 1_000_000) + "</a>",
        "<a b='" + String(repeating: "x > y ", count: 500_000) + "'/>",
        "<!DOCTYPE a [" + String(repeating: "<!ENTITY a '&a;&a;'>", count: 50_000) + "]><a>&a;</a>",
        "<a>" + String(repeating: "<b xmlns:c='d'><c:e/></b>", count: 50_000) + "</a>",
    ])
    func `what makes other readers slow is read or refused at once`(source: String) {
        for isLenient in [false, true] { _ = try? Self.events(source, isLenient: isLenient) }
    }

    /// The scaled laughs: had anything been expanded, it would be gigabytes.
    @Test func `entities are never declared, expanded or fetched`() throws {
        let laughs = (1...20).map { "<!ENTITY l\($0) '\(String(repeating: "&l\($0 - 1);", count: 10))'>" }.joined()
        let source = "<!DOCTYPE a [<!ENTITY l0 'ha'>\(laughs)<!ATTLIST a x CDATA '&l20;'>]><a y='&l20;'>&l20;</a>"
        #expect(try Self.events(source) == "<a y=&l20;>&l20;</a>")
    }

    @Test(arguments: 0..<20)
    func `random damage does no harm`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let source = Array(Self.rows.map { "<r>\($0.events.isEmpty ? "" : $0.source)</r>" }.joined().utf8)
        for _ in 0..<200 {
            let damaged = Damage.random(source, using: &generator)
            for isLenient in [false, true] {
                // Lenient reading pairs every start with an end.
                guard let events = try? Self.balance(damaged, isLenient: isLenient) else { continue }
                #expect(events == 0, "seed \(seed)")
            }
        }
    }

    private static func balance(_ bytes: [UInt8], isLenient: Bool) throws -> Int {
        var reader = try XMLReader(bytes, isLenient: isLenient)
        var depth = 0
        while let event = try reader.next() {
            switch event {
            case .start: depth += 1
            case .end: depth -= 1
            case .text: break
            }
        }
        return depth
    }
}
