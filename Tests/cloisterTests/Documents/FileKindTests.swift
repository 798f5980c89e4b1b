import Documents
import Foundation
import Kit
import Library
import TestKit
import Testing

@testable import cloister

/// Files of many kinds through the whole product: jailed parsers, real converters, index and answer.
@Suite struct FileKindTests {
    private static let pages = [
        "The handbook of the Fernhill clinic.", "A plumbus is cleaned every Monday by the night shift.",
    ]

    @Test func `a PDF is cited with its page, and its words have places`() async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            let home = CrashHome(folder: root + "/home", corpus: LampCorpus(count: 0))
            try FileManager.default.createDirectory(atPath: root + "/in", withIntermediateDirectories: true)
            try Data(PDFWriter.document(Self.pages)).write(to: URL(filePath: root + "/in/handbook.pdf"))
            let ingested = try await home.ingest(root + "/in")
            #expect(ingested.code == 0, "\(ingested.errors)")

            let answer = try await home.program.run("ask", "When is a plumbus cleaned?")
            #expect(answer.output.contains(Self.pages[1]), "\(answer.output) \(answer.errors)")
            #expect(answer.output.contains("handbook.pdf > page 2"), "\(answer.output)")

            try await home.open { open in
                let (library, reader) = (open.platform.library, try #require(open.reader))
                let document = try #require(try await open.documents().values.first)
                let text = try await library.text(of: document.id, for: reader)
                #expect(text.layout.pages.map(\.number) == [1, 2] && text.layout.words.isEmpty)
                let words = try await library.words(of: document.id, for: reader)
                let plumbus = try #require(
                    words.first { text.text[Int($0.start)..<Int($0.end)].elementsEqual("plumbus".utf8) })
                #expect(plumbus.box.left > 720 && plumbus.box.right < 6120 && plumbus.box.top < plumbus.box.bottom)
            }
        }
    }

    @Test func `a file that its parser cannot bear fails alone, with a reason`() async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            let home = CrashHome(folder: root + "/home", corpus: LampCorpus(count: 0))
            try FileManager.default.createDirectory(atPath: root + "/in", withIntermediateDirectories: true)
            let files: [(name: String, bytes: [UInt8])] = [
                ("cut.pdf", Array(PDFWriter.document(Self.pages).prefix(60))), ("cut.docx", Array("PK\u{3}\u{4}".utf8)),
                ("page.html", Array("<!doctype html><title>T</title><h1>Otters</h1><p>They keep stones.".utf8)),
                ("table.csv", Array("name,price\nplumbus,17\n".utf8)),
            ]
            for file in files { try Data(file.bytes).write(to: URL(filePath: root + "/in/" + file.name)) }
            let outcome = try await home.ingest(root + "/in")
            #expect(outcome.errors.contains("2 of 4 file(s) are in"), "\(outcome.errors)")
            for name in ["cut.pdf", "cut.docx"] { #expect(outcome.errors.contains(name + ": "), "\(name)") }
            let found = try await home.program.run("search", "otters stones")
            #expect(found.output.contains("page.html"))
        }
    }
}
