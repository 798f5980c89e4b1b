import Testing

@testable import Documents

@Suite struct DocumentFormatTests {
    static let rows: [(bytes: String, name: String, declared: String?, found: DocumentFormat)] = [
        ("# a", "a.md", nil, .markdown), ("# a", "a.MARKDOWN", nil, .markdown),
        ("# a", "a", "text/markdown", .markdown),
        ("# a", "a", "TEXT/Markdown; charset=utf-8", .markdown), ("# a", "a.md", "text/plain", .markdown),
        ("a", "a.txt", nil, .plain), ("a", "a", nil, .plain), ("a", "", nil, .plain), ("a", "a.md.exe", nil, .plain),
        ("a", "a.pdf", "application/pdf", .plain), ("%PDF-1.7\n", "a.txt", "text/plain", .pdf),
        ("junk before %PDF-1.4", "a", nil, .pdf), ("{\\rtf1 x}", "a.doc", nil, .rtf),
        ("<!DOCTYPE html><p>x", "a.txt", nil, .html), (" \n<HTML>", "a", nil, .html),
        ("<?xml version=\"1.0\"?><html xmlns=\"x\">", "a.xml", nil, .html),
        ("<?xml version=\"1.0\"?><a/>", "a", nil, .xml),
        ("<!DOCTYPE article PUBLIC 'a' 'b'><article/>", "a", nil, .xml), ("<rss/>", "a.rss", nil, .xml),
        ("\u{feff}<?xml version=\"1.0\"?><a/>", "a", nil, .xml), ("<p>x", "a.htm", nil, .html),
        ("<!-- c --><p>", "a.md", nil, .markdown), ("a,b", "a.csv", nil, .commaSeparated),
        ("a,b", "a", "text/csv", .commaSeparated), ("{}", "a.json", nil, .json), ("{}\n{}", "a.jsonl", nil, .jsonLines),
        ("GIF89a...", "a.txt", nil, .gif), ("PK\u{03}\u{04}", "a.docx", nil, .zip),
        ("let a = 1", "a.swift", nil, .sourceCode),
        ("From: a@b\nSubject: x\nDate: y\n\nHi", "mail", nil, .mail), ("Hi", "mail.eml", nil, .mail),
        ("From a@b Thu\nFrom: a@b\nDate: y\n\nHi", "Sent", nil, .mailbox),
        ("To whom it may concern: hello\n\nHi", "letter", nil, .plain), ("a", "a", "application/zip", .plain),
    ]

    @Test(arguments: rows)
    func `content decides, the name only between kinds of text`(
        row: (bytes: String, name: String, declared: String?, found: DocumentFormat)
    ) throws {
        #expect(try DocumentFormat.detect(Array(row.bytes.utf8), name: row.name, declared: row.declared) == row.found)
    }

    @Test func `what is no document is refused with its reason`() {
        let rows: [([UInt8], ParseFailure)] = [
            ([], .empty), ([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0], .notText), ([0, 0, 0, 0], .notText),
            ([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0], .oldOffice),
            (
                [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
                    + "EncryptedPackage".utf8.flatMap { [$0, 0] }, .encrypted
            ),
        ]
        for (bytes, failure) in rows {
            #expect(throws: failure) { try DocumentFormat.detect(bytes, name: "a.md") }
        }
    }

    @Test func `every failure and note has a sentence that ends`() {
        #expect(ParseFailure.allCases.allSatisfy { $0.sentence.hasSuffix(".") })
        #expect(ParseNote.allCases.allSatisfy { $0.sentence.hasSuffix(".") })
    }
}
