import Testing

@testable import Documents

@Suite struct ArchiveParserTests {
    private func parse(_ bytes: [UInt8], name: String = "files.zip", _ limits: ParseLimits = ParseLimits()) throws
        -> ParsedDocument
    {
        try DocumentParser.parse(bytes, name: name, limits: limits)
    }

    private static let members = [
        ArchiveWriter.file("b/two.txt", "Second words."), ArchiveWriter.file("a/one.md", "# One\n\nFirst words."),
        ArchiveWriter.Member(path: "b/", isFolder: true), ArchiveWriter.file("__MACOSX/a/._one.md", "resource"),
        ArchiveWriter.file("a/.hidden/x.txt", "secret"), ArchiveWriter.file("a/empty.txt", ""),
        ArchiveWriter.Member(path: "a/link.txt", link: "/etc/passwd"),
    ]

    private static let golden = """
        heading(level: 1) [] a/one.md
        heading(level: 2) [a/one.md] One
        paragraph [a/one.md / One] First words.
        heading(level: 1) [] b/two.txt
        paragraph [b/two.txt] Second words.
        """

    @Test func `members are read in the order of their paths, without what systems add`() throws {
        let parsed = try parse(ArchiveWriter.write(Self.members, as: .zip))
        #expect(parsed.outline == Self.golden)
        #expect(parsed.title == "files.zip")
        #expect(parsed.notes.isEmpty)
    }

    @Test(arguments: [ArchiveWriter.Filter.none, .gzip, .bzip2, .xz])
    func `a tar archive reads the same, however it is compressed`(filter: ArchiveWriter.Filter) throws {
        let bytes = ArchiveWriter.write(Self.members, as: .tar, filter: filter)
        #expect(try parse(bytes, name: "files.tar.x").outline == Self.golden)
    }

    @Test(arguments: [(ArchiveWriter.Filter.gzip, "gz"), (.bzip2, "bz2"), (.xz, "xz")])
    func `one compressed file is that file`(filter: ArchiveWriter.Filter, ending: String) throws {
        let bytes = ArchiveWriter.write([ArchiveWriter.file("x", "# T\n\nWords.")], as: .raw, filter: filter)
        let parsed = try parse(bytes, name: "notes.md.\(ending)")
        #expect(parsed.blocks.map { parsed.words(of: $0) } == ["notes.md", "T", "Words."])
    }

    @Test func `an archive in an archive is read below its own name`() throws {
        let inner = ArchiveWriter.write([ArchiveWriter.file("deep.txt", "Deep words.")], as: .tar, filter: .gzip)
        let parsed = try parse(ArchiveWriter.write([.init(path: "in/pack.tgz", bytes: inner)], as: .zip))
        #expect(parsed.blocks.last?.headings == ["in/pack.tgz", "deep.txt"])
        #expect(parsed.title == "files.zip")
    }

    @Test func `what cannot be read is a note, and alone it is the reason`() throws {
        let program = ArchiveWriter.Member(path: "z.bin", bytes: [0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1])
        let mixed = ArchiveWriter.write([ArchiveWriter.file("a.txt", "Words."), program], as: .zip)
        #expect(try parse(mixed).notes == [.partSkipped])
        #expect(throws: ParseFailure.noText) { try parse(ArchiveWriter.write([program], as: .zip)) }
        let locked = ArchiveWriter.write(Self.members, as: .zip, password: "x")
        #expect(throws: ParseFailure.encrypted) { try parse(locked) }
        #expect(throws: ParseFailure.noText) { try parse(ArchiveWriter.write([], as: .zip)) }
    }

    @Test func `files within files end at the limit`() throws {
        var bytes = ArchiveWriter.write([ArchiveWriter.file("a.txt", "Words.")], as: .zip)
        for _ in 0..<3 { bytes = ArchiveWriter.write([.init(path: "n.zip", bytes: bytes)], as: .zip) }
        #expect(try parse(bytes).blocks.last?.headings.count == 4)
        for _ in 0..<20 { bytes = ArchiveWriter.write([.init(path: "n.zip", bytes: bytes)], as: .zip) }
        #expect(throws: ParseFailure.tooDeep) { try parse(bytes) }
    }

    @Test(arguments: [ArchiveWriter.Form.zip, .tar, .raw])
    func `a bomb of zeros is refused while it unpacks`(form: ArchiveWriter.Form) {
        let zeros = [UInt8](repeating: 0x30, count: 40 << 20)
        let bytes = ArchiveWriter.write(
            [.init(path: "a.txt", bytes: zeros)], as: form, filter: form == .zip ? .none : .gzip)
        #expect(bytes.count < 1 << 20)
        #expect(throws: ParseFailure.expandsTooFar) { try parse(bytes, name: "a.gz") }
    }

    @Test func `a bomb that nobody wants is accounted too`() {
        let zeros = [UInt8](repeating: 0, count: 40 << 20)
        let bytes = ArchiveWriter.write([.init(path: ".hidden", bytes: zeros)], as: .tar, filter: .gzip)
        #expect(throws: ParseFailure.expandsTooFar) { try parse(bytes, name: "a.tar.gz") }
        #expect(throws: ParseFailure.noText) {
            try parse(ArchiveWriter.write([.init(path: ".hidden", bytes: zeros)], as: .zip))
        }
    }

    @Test func `very many members are too many`() {
        var limits = ParseLimits()
        limits.partsMax = 100
        let members = (0..<200).map { ArchiveWriter.file("\($0).txt", "x") }
        for form in [ArchiveWriter.Form.zip, .tar] {
            let bytes = ArchiveWriter.write(members, as: form)
            #expect(throws: ParseFailure.tooManyParts) { try parse(bytes, name: "a", limits) }
        }
        // A directory of so many entries is not even loaded.
        let entry = [0x50, 0x4b, 1, 2] + [UInt8](repeating: 0, count: 42)
        let directory = [UInt8](repeatElement(entry, count: 110_000).joined())
        let end = [0x50, 0x4b, 5, 6] + [UInt8](repeating: 0, count: 12) + [4, 0, 0, 0, 0, 0]
        let bytes = [0x50, 0x4b, 3, 4] + directory + end
        #expect(throws: ParseFailure.tooManyParts) { try parse(bytes) }
    }

    /// Every entry of the directory points at the same bytes.
    @Test func `members that overlap are read once`() throws {
        let words = [UInt8](repeating: 0x61, count: 30_000)
        let one = ArchiveWriter.write([.init(path: "a.txt", bytes: words)], as: .zip)
        let start = try #require((0..<one.count - 4).last { one[$0..<$0 + 4].elementsEqual([0x50, 0x4b, 1, 2]) })
        let end = try #require((0..<one.count - 4).last { one[$0..<$0 + 4].elementsEqual([0x50, 0x4b, 5, 6]) })
        let directory = Array(repeatElement(one[start..<end], count: 2_000).joined())
        var tail = Array(one[end...])
        (tail[8], tail[9], tail[10], tail[11]) = (0xd0, 7, 0xd0, 7)
        for byte in 0..<4 { tail[12 + byte] = UInt8(truncatingIfNeeded: directory.count >> (8 * byte)) }
        let parsed = try parse(one[..<start] + directory + tail, name: "a")
        #expect(parsed.blocks.count == 2 && parsed.text.count < 31_000)
    }

    @Test func `a cut archive gives what came before the cut`() throws {
        let members = (0..<9).map {
            ArchiveWriter.file("\($0).txt", "Words \($0). " + String(repeating: "x", count: 600))
        }
        let bytes = ArchiveWriter.write(members, as: .tar)
        let parsed = try parse(Array(bytes.prefix(5_000)), name: "a.tar")
        #expect(parsed.blocks.contains { parsed.words(of: $0).hasPrefix("Words 1.") })
        #expect(!parsed.notes.isEmpty)
    }

    @Test(arguments: [UInt64](0..<8))
    func `damage does no harm`(seed: UInt64) {
        let forms: [(ArchiveWriter.Form, ArchiveWriter.Filter)] = [
            (.zip, .none), (.tar, .none), (.tar, .gzip), (.tar, .bzip2), (.tar, .xz),
        ]
        for (form, filter) in forms {
            for bytes in damaged(ArchiveWriter.write(Self.members, as: form, filter: filter), seed: seed, count: 60) {
                _ = try? parse(bytes)
            }
        }
    }
}
