import Testing

@testable import Documents

@Suite struct MailParserTests {
    private func parse(_ source: String, name: String = "a.eml") throws -> ParsedDocument {
        try DocumentParser.parse(Array(source.utf8), name: name)
    }

    private static let head = "From: A <a@b.org>\nSubject: S\n"

    private func blocks(_ body: String) throws -> [String] {
        let parsed = try parse(Self.head + body)
        return parsed.blocks.dropFirst(2).map { parsed.words(of: $0) }
    }

    private static func multipart(_ kind: String, _ parts: String...) -> String {
        "Content-Type: multipart/\(kind); boundary=\"x\(kind)\"\n\npreamble\n"
            + parts.map { "--x\(kind)\n\($0)\n" }.joined() + "--x\(kind)--\nepilogue\n"
    }

    private static let plain = "Content-Type: text/plain\n\nPlain words."

    @Test func `subject, who and when, text, attachments`() throws {
        let source = """
            Received: from x
            From: =?UTF-8?Q?J=C3=BCrgen?= <j@b.org>
            To: a@b.org,
             c@d.org
            Subject: =?utf-8?B?w5xiZXI=?= =?utf-8?B?c2ljaHQ=?=
            Date: Mon, 2 Mar 2026 10:00:00 +0100
            """
        let parts = Self.multipart(
            "mixed", Self.plain,
            "Content-Type: text/csv; name=\"t.csv\"\nContent-Transfer-Encoding: base64\n\nYSxiCjEsMg==")
        let parsed = try parse(source + "\n" + parts)
        #expect(
            parsed.outline == """
                heading(level: 1) [] Übersicht
                paragraph [Übersicht] From: Jürgen <j@b.org>
                To: a@b.org, c@d.org
                Date: Mon, 2 Mar 2026 10:00:00 +0100
                paragraph [Übersicht] Plain words.
                heading(level: 2) [Übersicht] t.csv
                table [Übersicht / t.csv] a | b
                1 | 2
                """)
        #expect(parsed.title == "Übersicht" && parsed.notes.isEmpty)
        #expect(try parse((source + "\n" + parts).replacing("\n", with: "\r\n")) == parsed)
    }

    static let words: [(field: String, text: String)] = [
        ("=?utf-8?q?a_b=20c?=", "a b c"), ("x =?iso-8859-1?Q?=E9?= y", "x é y"),
        ("=?utf-8?B?ww==?= =?utf-8?B?vA==?=", "ü"),
        ("=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=", "ü"), ("=?utf-8*de?Q?a?=", "a"), ("=?utf-8?X?a?=", "=?utf-8?X?a?="),
        ("=?utf-8?Q?open", "=?utf-8?Q?open"), ("=?", "=?"), ("=?nonsense?Q?a=E9?=", "aé"), ("=?utf-8?Q??=", ""),
        ("=?iso-2022-jp?B?GyRCRnwbKEI=?=", "日"), ("a=?utf-8?q?b?=c", "abc"), ("größe", "größe"),
    ]

    @Test(arguments: words)
    func `encoded words are decoded, others left`(row: (field: String, text: String)) {
        let decoded = String(decoding: EncodedWords.decode(Array(row.field.utf8)), as: UTF8.self)
        #expect(decoded == row.text)
    }

    static let parameters: [(field: String, value: String?)] = [
        ("a/b; name=x.txt", "x.txt"), ("a/b; NAME = \"x; y.txt\"", "x; y.txt"), ("a/b; name=\"a\\\"b\"", "a\"b"),
        ("a/b; name*=utf-8'de'%C3%BC.txt", "ü.txt"), ("a/b; name*0=ab; name*1=\"cd\"", "abcd"),
        ("a/b; name*0*=utf-8''%C3; name*1*=%BC; name*2=z", "üz"), ("a/b; name=two words.pdf", "two words.pdf"),
        ("a/b; name==?utf-8?Q?=C3=BC?=", "ü"), ("a/b; x=1", nil), ("a/b; name=\"open", "open"), ("a/b;;;=;name", nil),
        ("a/b (c); name=x (comment)", "x"), ("a/b; name*=nonsense", "nonsense"), ("", nil),
    ]

    @Test(arguments: parameters)
    func `parameters of every style`(row: (field: String, value: String?)) {
        #expect(MailParameters(Array(row.field.utf8))["name"] == row.value)
    }

    static let encodings: [(body: String, text: String)] = [
        ("a=3Db=\nc =\r\nd", "a=bc d"), ("a=  \nb", "ab"), ("a=ZZ=4", "a=ZZ=4"), ("=C3=BC=", "ü"), ("=e4=", "\u{e4}"),
    ]

    @Test(arguments: encodings)
    func `quoted-printable forgives`(row: (body: String, text: String)) {
        let bytes = TransferEncoding.quotedPrintable(Array(row.body.utf8)[...])
        #expect(MailCharset.decode(bytes, charset: nil).text == Array(row.text.utf8))
    }

    @Test func `base64 forgives blanks, missing padding and two runs`() {
        for text in ["YWJj", "YW Jj\n", "YW\r\nJj====", "!Y*W-Jj".replacing("-", with: "")] {
            #expect(TransferEncoding.base64(Array(text.utf8)[...]) == Array("abc".utf8))
        }
        #expect(TransferEncoding.base64(Array("YQ==Yg".utf8)[...]) == Array("ab".utf8))
    }

    @Test func `of several forms the plain one is read, with the files of the others`() throws {
        let html = "Content-Type: text/html\n\n<p>Rich words.</p>"
        #expect(try blocks(Self.multipart("alternative", Self.plain, html)) == ["Plain words."])
        let file = "Content-Type: text/plain; name=f.txt\n\nFile words."
        let nested = Self.multipart("alternative", Self.plain, Self.multipart("mixed", html, file))
        #expect(try blocks(nested) == ["Plain words.", "f.txt", "File words."])
        let blank = "Content-Type: text/plain\n\n \n"
        let fallback = try blocks(Self.multipart("alternative", blank, Self.multipart("related", Self.plain)))
        #expect(fallback == ["Plain words."])
    }

    @Test func `a message in a message stands below it`() throws {
        let inner = "Content-Type: message/rfc822\n\nSubject: Inner\nFrom: c@d.org\n\nInner words."
        let parsed = try parse(Self.head + Self.multipart("mixed", Self.plain, inner))
        #expect(parsed.blocks.last?.headings == ["S", "Inner"])
        #expect(parsed.title == "S")
        let digest = try parse(Self.head + Self.multipart("digest", "\nSubject: D\n\nDigest words."))
        #expect(digest.blocks.last?.headings == ["S", "D"])
    }

    @Test func `cut lines are joined, quotes and signatures stand apart`() throws {
        let flowed =
            "Content-Type: text/plain; format=flowed\n\none \ntwo\n\n>> deep \n>> er\n> less\n from me \n-- \nMe"
        #expect(try blocks(flowed) == ["one two", ">> deep er\n> less\nfrom me", "Me"])
        let asian = "Content-Type: text/plain; format=flowed; delsp=yes; charset=utf-8\n\n日 \n本"
        #expect(try blocks(asian) == ["日本"])
        #expect(try blocks("\nHi\n>quoted\n>\n>more\n-- \nMe\n") == ["Hi\n>quoted", ">more", "Me"])
    }

    @Test func `signed text is read without its armour, encrypted text is a note`() throws {
        let signed = """

            -----BEGIN PGP SIGNED MESSAGE-----
            Hash: SHA512

            Signed words.
            - -- dashes
            -----BEGIN PGP SIGNATURE-----

            iQEzBAEBCgAdFiEE
            -----END PGP SIGNATURE-----
            """
        #expect(try blocks(signed) == ["Signed words.\n-- dashes"])
        let parsed = try parse(Self.head + "\nBefore\n-----BEGIN PGP MESSAGE-----\n\nabcd\n-----END PGP MESSAGE-----\n")
        #expect(parsed.notes == [.partUnreadable] && parsed.words(of: parsed.blocks[2]) == "Before")
        let signature = "Content-Type: application/pgp-signature; name=s.asc\n\nxyz"
        #expect(try blocks(Self.multipart("signed", Self.plain, signature)) == ["Plain words."])
        let sealed = try parse(Self.head + Self.multipart("encrypted", Self.plain))
        #expect(sealed.notes == [.partUnreadable] && sealed.blocks.count == 2)
        for type in ["application/ms-tnef; name=winmail.dat", "application/pkcs7-mime; smime-type=enveloped-data"] {
            #expect(try parse(Self.head + "Content-Type: \(type)\n\nxx").notes == [.partUnreadable])
        }
    }

    @Test(arguments: [false, true])
    func `the content of a signed S/MIME message is read`(isStreamed: Bool) throws {
        let content = Array("Content-Type: text/plain\n\nSealed but open.".utf8)
        func element(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
            isStreamed && tag & 0x20 != 0 ? [tag, 0x80] + body + [0, 0] : [tag, 0x82, 0, UInt8(body.count)] + body
        }
        let type: [UInt8] = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07]
        let pieces = element(0x04, Array(content[..<20])) + element(0x04, Array(content[20...]))
        let octets = isStreamed ? element(0x24, pieces) : element(0x04, content)
        let inner = element(0x30, type + [1] + element(0xa0, octets))
        let data = element(0x30, [0x02, 1, 1] + element(0x31, []) + inner + element(0x31, []))
        let message = element(0x30, type + [2] + element(0xa0, data))
        #expect(SignedContent.content(of: message) == content)
        for bytes in damaged(message, seed: 1, count: 2_000) { _ = SignedContent.content(of: bytes) }
        let head = Array(
            (Self.head + "Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: binary\n\n").utf8)
        let parsed = try DocumentParser.parse(
            SourceFile(bytes: head + message, name: "a.eml", format: .mail))
        #expect(parsed.words(of: try #require(parsed.blocks.last)) == "Sealed but open.")
    }

    @Test func `what breaks the rules is read as far as it goes`() throws {
        #expect(try blocks("no field\nX: y\n\nWords.") == ["Words."])
        #expect(try blocks("Content-Type: multipart/mixed\n\n--q\n\nWords.") == ["Words."])
        #expect(try blocks("Content-Type: multipart/mixed; boundary=q\n\nno parts here") == ["no parts here"])
        #expect(try blocks(Self.multipart("mixed", Self.plain) + "Content") == ["Plain words."])
        #expect(
            try blocks("Content-Type: multipart/mixed; boundary=q\n\n--q\n\nOne.\n--qq\nstill\n--q\n\nTwo") == [
                "One.\n--qq\nstill", "Two",
            ])
        #expect(try blocks("Content-Type: text/plain; charset=no-such\n\nW\u{f6}rds.") == ["Wörds."])
        #expect(try blocks("Content-Transfer-Encoding: odd\n\nWords.") == ["Words."])
        #expect(try parse("Only words, no header.\n\nMore.").blocks.count == 2)
        #expect(try parse("Subject: S\rFrom: a\r\rWords.").blocks.count == 3)
    }

    @Test func `depth and number of parts are bounded`() throws {
        let deep =
            (0..<500).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n" }.joined() + "\nWords."
        #expect(try parse(Self.head + deep).notes == [.partUnreadable])
        let inner = String(repeating: "Content-Type: message/rfc822\n\nSubject: S\n", count: 500) + "\nWords."
        #expect(throws: ParseFailure.tooDeep) { try parse(Self.head + inner) }
        let many = "Content-Type: multipart/mixed; boundary=b\n\n" + String(repeating: "--b\n\nx\n", count: 50_000)
        #expect(try parse(Self.head + many).blocks.count <= 1_100)
        let fields = String(repeating: "X-A: b\n", count: 200_000) + "Subject: late\n\nWords."
        #expect(try parse(Self.head + fields).title == "S")
        let long = "Subject: " + String(repeating: "=?utf-8?Q?a?=\n ", count: 20_000) + "\n\nWords."
        #expect(try parse("From: a\n" + long).title.utf8.count <= 200)
        let marks = "Content-Transfer-Encoding: quoted-printable\n\n" + String(repeating: "= ", count: 300_000) + "x"
        #expect(try blocks(marks).count == 1)
        let parameters = "Content-Type: text/plain" + String(repeating: "; a*0=b", count: 8_000) + "\n\nWords."
        #expect(try blocks(parameters) == ["Words."])
    }

    @Test(arguments: [UInt64](0..<8))
    func `damage does no harm`(seed: UInt64) {
        let source =
            Self.head
            + Self.multipart(
                "mixed", Self.multipart("alternative", Self.plain, "Content-Type: text/html\n\n<p>x"),
                "Content-Type: text/plain; name*0*=utf-8''%C3; name*1*=%BC\nContent-Transfer-Encoding: base64\n\nYWJj")
        for bytes in damaged(Array(source.utf8), seed: seed, count: 200) {
            _ = try? DocumentParser.parse(bytes, name: "a.eml")
        }
    }

    @Test(.enabled(if: RealFiles.exist("email-fixtures")), arguments: ["plain", "mime", "attachment", "multi_charset"])
    func `real messages are all read`(kind: String) throws {
        let files = RealFiles.list("email-fixtures/" + (kind == "multi_charset" ? kind : kind + "_emails"))
        #expect(!files.isEmpty)
        for file in files {
            let bytes = try #require(RealFiles.bytes(file))
            let parsed = try DocumentParser.parse(SourceFile(bytes: bytes, name: "a.eml", format: .mail))
            let text = String(decoding: parsed.text, as: UTF8.self)
            #expect(!text.contains("=?") && !text.contains("Content-Type:") && !text.contains("boundary="), "\(file)")
        }
    }
}

@Suite struct MailboxParserTests {
    private static let source = """
        From a@b.org Thu Mar  5 10:00:00 2026
        From: a@b.org
        Subject: One

        First words.
        >From here on quoted.
        From the beginning this is a sentence.

        From b@b.org Thu Mar  5 11:00:00 2026
        From: b@b.org

        Second words.

        """

    @Test func `each message stands below its subject or its sender`() throws {
        let parsed = try DocumentParser.parse(Array(Self.source.utf8), name: "Sent")
        #expect(
            parsed.outline == """
                heading(level: 2) [] One
                paragraph [One] From: a@b.org
                paragraph [One] First words.
                From here on quoted.
                From the beginning this is a sentence.
                heading(level: 2) [] b@b.org
                paragraph [b@b.org] From: b@b.org
                paragraph [b@b.org] Second words.
                """)
        #expect(parsed.title == "Sent")
    }

    @Test func `very many messages are too many`() {
        let message = "From a@b.org Thu Mar  5 10:00:00 2026\nSubject: S\n\nx\n\n"
        #expect(throws: ParseFailure.tooManyParts) {
            try DocumentParser.parse(Array(String(repeating: message, count: 10_001).utf8), name: "a.mbox")
        }
    }

    @Test(arguments: [UInt64](0..<8))
    func `damage does no harm`(seed: UInt64) {
        for bytes in damaged(Array(Self.source.utf8), seed: seed, count: 200) {
            _ = try? DocumentParser.parse(bytes, name: "a.mbox")
        }
    }
}
