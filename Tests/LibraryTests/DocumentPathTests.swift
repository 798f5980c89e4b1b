import Testing

@testable import Library

/// ATT-24: a path names a place in a collection and nothing else.
@Suite struct DocumentPathTests {
    static let traversal: [String] = ["", "a/", "a/b/", "/", "../"].flatMap { before in
        ["..", ".", ""].flatMap { part in ["", "/", "/x", "/../x", "//x"].map { before + part + $0 } }
    }

    static let control: [String] = (Array(0x00...0x1f) + Array(0x7f...0x9f)).flatMap { code -> [String] in
        // Every scalar below 0xd800 exists.
        let text = String(Character(Unicode.Scalar(UInt32(code))!))
        return [text, "a\(text)b.md", "a/\(text)/b"]
    }

    static let odd: [String] = [
        "\\", "a\\b", "..\\..\\windows\\win.ini", "C:\\boot.ini", "\\\\server\\share", "a/..\\b", "..\\/x",
        "/etc/passwd", "//etc/passwd", "a/../../../../etc/shadow", "./a", "a/.", "a/..", "..", ".", "",
        // A slash with a combining mark behind it is one character to a string, and still a slash.
        "../\u{301}x", "/\u{301}etc", "a/../\u{338}b", "a/.\u{2f}\u{301}b", "../\u{fe0f}../x", "../\u{200d}../x",
        String(repeating: "a", count: 1025), String(repeating: "\u{e9}", count: 513),
        String(repeating: "a/", count: 32) + "a", String(repeating: "a/\u{301}", count: 32) + "a",
    ]

    static let refused = Array(Set(traversal + control + odd)).sorted()

    @Test func `traversal and odd strings are refused, and there are at least 200 of them`() {
        #expect(Self.refused.count >= 200)
        for text in Self.refused {
            #expect(throws: LibraryFailure.self, "\(Array(text.utf8))") { try DocumentPath(text) }
        }
    }

    @Test func `a refused path is not repeated in the reason`() {
        #expect(throws: LibraryFailure.badPath(reason: "it must be relative, without empty, . or .. parts")) {
            try DocumentPath("../secret-name")
        }
    }

    @Test(arguments: [
        "a", "a.md", "a/b.md", "...", ".hidden", "..a", "a..", "a b/c d.md", "\u{fc}ber/\u{65e5}\u{672c}.md", "CON",
        "C:", "~", "-rf", "$(id)", "' OR 1=1 --", "%2e%2e/x", "\u{ff0e}\u{ff0e}/x", "a\u{301}/b",
        "\u{1f600}.md",
    ])
    func `a name is a name, however odd it looks`(text: String) throws {
        #expect(try DocumentPath(text).text == text)
    }

    @Test func `the bounds themselves are allowed`() throws {
        let longest = String(repeating: "a", count: DocumentPath.bytesMax)
        #expect(try DocumentPath(longest).text == longest)
        let deepest = Array(repeating: "a", count: DocumentPath.depthMax).joined(separator: "/")
        #expect(try DocumentPath(deepest).segments.count == DocumentPath.depthMax)
    }

    @Test func `folders come from the outermost`() throws {
        let path = try DocumentPath("a/b/c.md")
        #expect(path.folders == ["a", "a/b"])
        #expect(path.name == "c.md")
        #expect(try DocumentPath("c.md").folders == [])
    }
}
