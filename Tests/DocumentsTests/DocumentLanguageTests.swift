import Testing

@testable import Documents

@Suite struct DocumentLanguageTests {
    private func language(_ source: String, _ format: DocumentFormat = .markdown) throws -> String? {
        try DocumentParser.parse(SourceFile(bytes: Array(source.utf8), name: "x", format: format)).layout.language
    }

    @Test func `a document knows its language, whatever its form`() throws {
        let german =
            "Der Urlaub muss bis Ende März beantragt werden, und die Leitung entscheidet innerhalb einer Woche."
        #expect(try language("# Urlaub\n\n\(german)") == "de")
        #expect(try language(german, .plain) == "de")
        #expect(try language("<html lang=en><p>\(german)</p>", .html) == "de")
        #expect(try language("The leave must be requested by the end of March.") == "en")
    }

    @Test(arguments: ["Yes.", "42", "| a | b |\n|-|-|\n| 1 | 2 |", "ok"])
    func `one that is too short has none`(source: String) throws {
        #expect(try language(source) == nil)
    }

    @Test func `a list of names and letters has none`() throws {
        let people = (1...80).map { "\($0),Rasmussen,Sheryl,Zuniga,Preston,Loza,East Leonard,DD37Cf93aecA6Dc" }
        #expect(try language((people + ["9,De Silva,Da Costa,La Rue,Le Roux"]).joined(separator: "\n"), .plain) == nil)
        #expect(try language("a,b,c,d\ne,f,g,h\n" + String(repeating: "a,b,c,d\n", count: 9), .plain) == nil)
    }

    @Test func `it survives the way out of the parser's process`() throws {
        let source = SourceFile(bytes: Array("The nurse keeps the keys of the ward.".utf8), name: "x", format: .plain)
        let parsed = try DocumentParser.parse(source)
        guard case .parsed(let read) = try ParserMessage(ParserMessage.parsed(parsed).encoded()) else {
            Issue.record("another message")
            return
        }
        #expect(read == parsed && read.layout.language == "en")
        #expect(read.layout.withoutWords.language == "en" && read.layout.wordsOnly.language == nil)
    }
}
