import Testing

@testable import Outbound

@Suite struct ResolveTests {
    /// The examples of RFC 3986 section 5.4 that stay within http.
    @Test(
        arguments: [
            ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
            ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q"),
            ("g#s", "http://a/b/c/g"), ("g?y#s", "http://a/b/c/g?y"), (";x", "http://a/b/c/;x"),
            ("g;x", "http://a/b/c/g;x"), ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"),
            ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"),
            ("../../", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("/./g", "http://a/g"),
            ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"), ("g..", "http://a/b/c/g.."),
            ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"),
            ("g/../h", "http://a/b/c/h"), ("g;x=1/../y", "http://a/b/c/y"), ("g?y/../x", "http://a/b/c/g?y/../x"),
            ("https://g", "https://g/"), ("//g:81/x", "http://g:81/x"),
        ])
    func `a reference is resolved as the RFC says`(reference: String, expected: String) throws {
        #expect(try OutboundURL("http://a/b/c/d;p?q").resolve(reference).text == expected)
    }

    @Test(
        arguments: [
            ("g:h", URLFault.schemeNotAllowed), ("http:g", .noHost), ("//", .noHost), ("///g", .noHost),
            ("//user@g", .userInformation), ("//127.1/", .ambiguousAddress), ("/\\g", .forbiddenCharacter),
            ("mailto:a@b", .schemeNotAllowed), ("1:2", .schemeNotAllowed), ("/a b", .forbiddenCharacter),
        ])
    func `a reference that leads elsewhere is refused`(reference: String, fault: URLFault) {
        #expect(throws: fault) { try OutboundURL("http://a/b/c/d;p?q").resolve(reference) }
    }

    @Test(
        arguments: [
            (" \n/My Page.pdf\t", "http://a/My%20Page.pdf"), ("/ü?f[a]=\"b\"", "http://a/%C3%BC?f%5Ba%5D=%22b%22"),
            ("{x}", "http://a/b/%7Bx%7D"), ("%41", "http://a/b/%41"),
        ])
    func `a link of a page is encoded as browsers do`(link: String, expected: String) throws {
        #expect(try OutboundURL("http://a/b/c").resolve(link: link).text == expected)
    }

    @Test(
        arguments: [
            ("//ü.example/", URLFault.badHost), ("//good example/", .badHost), ("/\\evil.example", .forbiddenCharacter),
            ("java\nscript:a", .forbiddenCharacter), ("//a\t.b/", .forbiddenCharacter),
            ("\u{0}/a", .forbiddenCharacter),
        ])
    func `what browsers guess in a link is refused`(link: String, fault: URLFault) {
        #expect(throws: fault) { try OutboundURL("http://a/b/c").resolve(link: link) }
    }

    @Test func `built paths and queries cannot leave their place`() throws {
        let base = try OutboundURL("https://wiki.example/rest/?old")
        #expect(try base.appending("content", "a/b?c#d").text == "https://wiki.example/rest/content/a%2Fb%3Fc%23d")
        #expect(try base.appending("%2e%2e").text == "https://wiki.example/rest/%252e%252e")
        #expect(throws: URLFault.forbiddenCharacter) { try base.appending("..", "admin") }
        let asked = try base.asking([("q", "a&b=c #é"), ("n", "1")])
        #expect(asked.text == "https://wiki.example/rest/?q=a%26b%3Dc%20%23%C3%A9&n=1")
        #expect(try base.asking([]).text == "https://wiki.example/rest/")
    }
}
