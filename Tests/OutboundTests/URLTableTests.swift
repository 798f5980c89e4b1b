import Kit
import TestKit
import Testing

@testable import Outbound

/// ATT-13 and ATT-33: readers that disagree about an address are the way past every allow-list. Here is what ours says.
@Suite struct URLTableTests {
    /// The address, and either what is sent on the wire or why nothing is.
    struct Row: CustomTestStringConvertible, Sendable {
        let text: String
        let verdict: Result<String, URLFault>

        static func accepted(_ text: String, _ wire: String) -> Row { Row(text: text, verdict: .success(wire)) }
        static func refused(_ text: String, _ fault: URLFault) -> Row { Row(text: text, verdict: .failure(fault)) }

        var testDescription: String { text.debugDescription }
    }

    @Test func `the corpus is large`() { #expect(URLCorpus.rows.count >= 120) }

    @Test(arguments: URLCorpus.rows)
    func `ATT-33 a confusing address has one meaning or none`(row: Row) {
        let verdict = Result { () throws(URLFault) in try OutboundURL(row.text).text }
        #expect(verdict == row.verdict)
    }

    @Test(arguments: URLCorpus.rows)
    func `what is sent is read again as the same address`(row: Row) throws {
        guard case .success(let wire) = row.verdict else { return }
        #expect(try OutboundURL(wire) == OutboundURL(row.text))
    }

    @Test func `ATT-13 whatever is read from noise is read again the same`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "http", "https", ":", "/", "//", "\\", "@", "#", "?", "%", "%2e", "%00", "[", "]", "::1", "127.0.0.1",
            "0x7f",
            "a", "A", ".", "..", "xn--", "localhost", ":80", ":0", "é", "\t", "\n", " ", "。", "%5c", "1",
            "evil.example",
        ]
        var accepted = 0
        for _ in 0..<20_000 {
            let tail = (0..<Int.random(in: 0...6, using: &generator)).map { _ in pieces.randomElement(using: &generator)
            }
            let text = "http://a" + tail.compactMap { $0 }.joined()
            guard let url = try? OutboundURL(text) else { continue }
            accepted += 1
            #expect(try OutboundURL(url.text) == url, "seed \(seed): \(text.debugDescription)")
            #expect(url.text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") })
            #expect(url.text.split(separator: "/", omittingEmptySubsequences: false)[2] == url.origin.authority)
        }
        #expect(accepted > 100, "seed \(seed)")
    }

    @Test func `a long address is refused before it is looked at`() {
        let path = String(repeating: "a", count: OutboundURL.bytesMax)
        #expect(throws: URLFault.tooLong) { try OutboundURL("https://a/" + path) }
        #expect(throws: URLFault.tooLong) { try OutboundURL("https://a/b").resolve(link: " " + path) }
    }

    @Test func `it prints without path and query, which may hold secrets`() throws {
        let url = try OutboundURL("https://wiki.example:8443/secret?token=abc")
        #expect("\(url)" == "https://wiki.example:8443")
        #expect(URLFault.allCases.allSatisfy { !$0.sentence.isEmpty })
    }
}
