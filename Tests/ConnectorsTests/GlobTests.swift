import Testing

@testable import Connectors
@testable import TestConnectors

@Suite struct GlobTests {
    @Test(arguments: [
        ("*.md", "a.md", true), ("*.md", "d/a.md", false), ("**/*.md", "a.md", true), ("**/*.md", "d/e/a.md", true),
        ("d/**", "d/e/a.md", true), ("d/**", "d", true), ("d/**", "dd/a", false), ("a?c", "abc", true),
        ("a?c", "a/c", false), ("a?c", "aüc", true), ("*", "", false), ("**", "", true), ("*a*b*", "xaxbx", true),
        ("*a*b*", "xbxax", false), ("A.md", "a.md", false), ("d/*/f", "d/e/f", true), ("d/*/f", "d/f", false),
        ("**/x/**/y", "a/x/b/c/y", true), ("**/x/**/y", "x/y", true), ("[a]", "a", false), ("[a]", "[a]", true),
    ])
    func `patterns match as they read`(pattern: String, path: String, expected: Bool) throws {
        #expect(try GlobPattern(pattern).matches(path) == expected)
    }

    @Test func `no pattern takes forever`() throws {
        let stars = String(repeating: "*a", count: 200) + "b"
        #expect(try !GlobPattern(stars).matches(String(repeating: "a", count: 4000)))
        let folders = String(repeating: "**/*/", count: 100) + "b"
        #expect(try !GlobPattern(folders).matches(String(repeating: "a/", count: 500) + "c"))
        for bad in ["", "/a", "a//b", "a/", "../a", "a/./b", String(repeating: "a", count: 600)] {
            #expect(throws: SourceFailure.self, "\(bad)") { try GlobPattern(bad) }
        }
    }
}
