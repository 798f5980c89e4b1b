@testable import Documents

extension FuzzTarget {
    /// Formats that are text to begin with.
    static let textTargets =
        [
            format(
                "markdown", .markdown,
                "# One\n\n- two\n  1. three\n\n| a | b |\n|---|---|\n| c | **d** |\n\n```x\ne\n```\n"),
            format("plain", .plain, "One line\r\n\r\nanother\tline \u{200b}\u{feff}caf\u{e9}\n"),
            format("source", .sourceCode, "// x\nfunc a() {\n    b()\n}\n\n\nclass C {}\n"),
            format("csv", .commaSeparated, "name,size\n\"a \"\"b\"\"\",2\n\"c\nd\";3\n"),
            format("tsv", .tabSeparated, "name\tsize\na\t2\n"),
            format(
                "json", .json, #"{"a": [1, 2.5e3, {"b": "c\u00e9\ud83d\ude00"}], "d": null, "e": [{"f": 1}, {"f": 2}]}"#
            ),
            format("jsonl", .jsonLines, "{\"a\": 1}\n{\"a\": \"b\"}\n[]\n"),
            format(
                "xml", .xml,
                "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]>"
                    + "<a x=\"y\"><t>one &b; &#65;</t><![CDATA[<]]></a>"
            ),
            format("docbook", .xml, "<book><title>A</title><section><title>B</title><para>c</para></section></book>"),
            format("html", .html, htmlSeed),
            format("rtf", .rtf, rtfSeed),
            format("mail", .mail, mailSeed),
            format(
                "mbox", .mailbox,
                "From a@b Sat Nov 21 08:00:00 2026\n\(mailSeed)\n\nFrom a@b Sat Nov 21 08:00:00 2026\n\(mailSeed)\n"),
        ] + [decoding, detection, cleaning]

    private static let htmlSeed = """
        <!DOCTYPE html><html><head><title>T</title><style>.h{display:none}</style></head><body><h1>One</h1><p class=h>x\
        <p style="color:#fff">two &amp; &eacute; &#x41; <ul><li>a<ol start=7><li>b</ol></ul><table><tr><th colspan=2>c\
        <tr><td rowspan=3>d<td>e</table><pre> f\n g</pre><script>x</script><!-- h --></body></html>
        """

    private static let rtfSeed = """
        {\\rtf1\\ansi\\ansicpg1252\\uc1{\\fonttbl{\\f0\\fcharset204 A;}}{\\stylesheet{\\s1 heading 1;}}\
        {\\info{\\title T}}\
        \\pard\\s1 One\\par\\pard two \\'e9 \\u8364 ? {\\v hidden}\\par\\trowd\\cellx1\\cellx2\
        \\intbl a\\cell b\\cell\\row\
        {\\*\\x y}\\bin3 abc\\pard{\\pntext 1.\\tab}item\\par}
        """

    static let mailSeed = """
        From: =?utf-8?Q?A_=C3=A9?= <a@example.org>
        Subject: =?iso-8859-1?B?6Q==?= two
        Date: Sat, 21 Nov 2026 08:00:00 +0100
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="b"

        --b
        Content-Type: text/plain; charset*=utf-8''utf-8
        Content-Transfer-Encoding: quoted-printable

        caf=C3=A9 =
        end
        --b
        Content-Type: text/html
        Content-Transfer-Encoding: base64
        Content-Disposition: attachment; filename*0="a"; filename*1=".html"

        PGh0bWw+PHA+aGk8L3A+
        --b--
        """

    private static func format(_ name: String, _ format: DocumentFormat, _ seed: String) -> FuzzTarget {
        FuzzTarget(name, seeds: [seed]) { try DocumentPromises.parse($0, as: format) }
    }

    private static let charsets: [String?] = [
        nil, "utf-8", "iso-8859-1", "utf-16le", "iso-2022-jp", "shift_jis", "gb18030", "utf-7", "no-such-set",
    ]

    /// The first byte chooses the declared character set.
    private static let decoding = FuzzTarget(
        "decoding",
        bytes: [[0] + Array("caf\u{e9}\r\n".utf8), [3, 0x41, 0, 0xac, 0x20], [4, 0x1b, 0x24, 0x42, 0x24, 0x22]]
    ) { bytes in
        let charset = charsets[Int(bytes.first ?? 0) % charsets.count]
        guard let decoded = try accepted({ try TextDecoding.decode(Array(bytes.dropFirst()), charset: charset) }) else {
            return
        }
        try require(String(validating: decoded.text, as: UTF8.self) != nil, "decoded text is UTF-8")
        try require(!decoded.text.contains { $0 == 0 || $0 == 0x0d }, "decoded text has neither NUL nor CR")
        try require(decoded.text.count <= 16 + 8 * bytes.count, "decoded text is not many times longer")
    }

    /// A file's name and declared type, then the file.
    private static let detection = FuzzTarget(
        "detection",
        seeds: ["a.md\u{1c}text/plain; charset=x\u{1c}# a", "b.zip\u{1c}\u{1c}PK\u{3}\u{4}", "c\u{1c}\u{1c}%PDF-1.7"]
    ) { bytes in
        let parts = bytes.parts(3)
        let (name, type, file) = (parts.part(0).text, parts.part(1).text, parts.part(2))
        let first = try accepted { try DocumentFormat.detect(file, name: name, declared: type) }
        let second = try accepted { try DocumentFormat.detect(file, name: name, declared: type) }
        try require(first == second, "detection is repeatable")
        if let first { try DocumentPromises.parse(file, as: first) }
    }

    /// What every parser writes goes through it, in pieces of any bytes.
    private static let cleaning = FuzzTarget(
        "cleaning", seeds: ["one\u{1c} \u{ad}two\n\n\nthree\u{1c}\u{1f468}\u{200d}\u{1f469}"]
    ) { bytes in
        for space in [Whitespace.flow, .lines, .verbatim] {
            var (text, cleaner) = (Array("before".utf8), TextCleaner(space))
            let start = text.count
            for part in bytes.parts(8) {
                let range = cleaner.append(part, to: &text, from: start)
                try require(range.lowerBound >= start && range.upperBound <= text.count, "a piece stands where it says")
            }
            cleaner.trimEnd(of: &text, from: start)
            try require(text.count >= start, "what stood before stays")
            try require(String(validating: text, as: UTF8.self) != nil, "cleaned text is UTF-8")
            try require(text.count <= start + 3 * bytes.count, "cleaned text is not longer than its pieces")
        }
    }
}
