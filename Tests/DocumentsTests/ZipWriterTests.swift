import Testing

@testable import Documents

@Suite struct ZipWriterTests {
    @Test func `what was stored is read back`() throws {
        let archive = ZipWriter.archive([("mimetype", "application/epub+zip"), ("a/b.xml", "<a/>"), ("empty", "")])
        var session = ParseSession(limits: ParseLimits(), originalBytes: archive.count) { _, _ throws(ParseFailure) in
            throw .converterMissing
        }
        let members = try ZipPackage.members(of: archive, for: &session) { _ in true }
        #expect(members["a/b.xml"] == Array("<a/>".utf8))
        #expect(members["empty"] == [])
        #expect(ZipDirectory.mimetype(of: archive) == "application/epub+zip")
        #expect(ZipDirectory.names(in: archive) == ["mimetype", "a/b.xml", "empty"])
        #expect(ZipWriter.checksum(Array("123456789".utf8)) == 0xcbf4_3926)
    }

    @Test func `a member that is encrypted says so`() {
        var writer = ZipWriter()
        writer.add("word/document.xml", Array("secret words".utf8), isEncrypted: true)
        #expect(throws: ParseFailure.encrypted) { try DocumentParser.parse(writer.finished(), name: "x.docx") }
    }
}
