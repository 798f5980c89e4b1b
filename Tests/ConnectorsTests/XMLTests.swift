import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

@Suite struct XMLTests {
    private static func events(_ text: String) throws -> [XMLPullReader.Event] {
        var reader = XMLPullReader(Array(text.utf8))
        var events: [XMLPullReader.Event] = []
        while let event = try reader.next() { events.append(event) }
        return events
    }

    private static func fault(_ text: String) -> XMLPullReader.Fault? {
        do {
            _ = try events(text)
            return nil
        } catch { return error as? XMLPullReader.Fault }
    }

    @Test func `elements, texts and references come in order`() throws {
        let text =
            "\u{feff}<?xml version='1.0'?><!-- <x> --><a:r k='>' l=\"'\"><b/>&lt;&#65;&#x1F642;<![CDATA[<&]]></a:r >\n"
        #expect(
            try Self.events(text) == [.start("r"), .start("b"), .end("b"), .text("<A🙂"), .text("<&"), .end("r")])
    }

    @Test(arguments: [
        "", " ", "text", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a/>x", "<a", "<a b", "<a b='", "<a>&amp</a>",
        "<a>&x;</a>",
        "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#x110000;</a>", "<a>&#-1;</a>", "<a>&#+65;</a>", "<a>&#x;</a>",
        "<a>&;</a>",
        "<a><![CDATA[x</a>", "<a><!-- x</a>", "<?xml", "<a><b <c/></a>", "< a/>", "<>", "<a></>", "<![CDATA[x]]>",
        "<a>&",
    ])
    func `what is not well-formed is refused`(text: String) {
        #expect(Self.fault(text) == .malformed)
    }

    @Test func `no document type, so no entities of any kind (ATT-29)`() {
        let laughs = "<!DOCTYPE a [<!ENTITY l 'ha'><!ENTITY m '&l;&l;&l;&l;'>]><a>&m;</a>"
        #expect(Self.fault(laughs) == .documentType)
        #expect(Self.fault("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>") == .documentType)
        #expect(Self.fault("<a>&m;</a>") == .malformed)
    }

    @Test func `depth, names and texts are bounded`() {
        let deep = { (count: Int) in String(repeating: "<a>", count: count) + String(repeating: "</a>", count: count) }
        #expect(Self.fault(deep(XMLPullReader.depthMax)) == nil)
        #expect(Self.fault(deep(XMLPullReader.depthMax + 1)) == .tooDeep)
        #expect(Self.fault("<\(String(repeating: "n", count: 257))/>") == .tooLong)
        #expect(Self.fault("<a>\(String(repeating: "t", count: (64 << 10) + 1))</a>") == .tooLong)
        #expect(Self.fault("<a>" + String(repeating: "<b/>", count: 300_000) + "</a>") == nil)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func `no bytes crash it`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "<", ">", "</", "a", "/>", "&", ";", "#", "x", "<!--", "-->", "<![CDATA[", "]]>", "'", "\"", " ", "=", "<?",
            "?>",
        ]
        for _ in 0..<3000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0..<20, using: &generator) {
                bytes += Array((pieces.randomElement(using: &generator) ?? "").utf8)
                if Int.random(in: 0..<9, using: &generator) == 0 {
                    bytes.append(UInt8.random(in: 0...255, using: &generator))
                }
            }
            var reader = XMLPullReader(bytes)
            var count = 0
            while let event = try? reader.next() {
                count += 1
                guard count < 1000 else {
                    Issue.record("seed \(seed): no end at \(event) of \(bytes)")
                    break
                }
            }
        }
    }
}
