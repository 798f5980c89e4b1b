import Foundation
import HTTPKit
import HTTPTypes
import Kit
import TestKit
import Testing

/// Pages as people see them: pictures from the jailed painter, and the places of words on them.
@Suite("Page images", .serialized) struct PageImageTests {
    private static let lines = ["The handbook of the Fernhill clinic.", "Every plumbus is cleaned on Mondays."]

    private struct World {
        let house: TestPlatform
        let owner: Person
        let reader: Person
        let stranger: Person
        let collection: String
    }

    private static func run(_ body: @Sendable (World) async throws -> Void) async throws {
        try await TestPlatform.run(on: .sqlite) { house in
            let (north, south) = (try await house.tenant("north"), try await house.tenant("south"))
            let owner = try await north.person("owner", roles: ["developer"])
            let world = World(
                house: house, owner: owner, reader: try await north.person("reader"),
                stranger: try await south.person("stranger", roles: ["developer"]),
                collection: try await owner.caller.createCollection("files", allow: [owner.id]))
            try await body(world)
        }
    }

    /// The address of the version's pages.
    private static func send(_ bytes: [UInt8], as path: String, _ type: String, _ world: World) async throws -> String {
        let owner = world.owner.caller
        let sent = try await owner.sendFile(bytes, to: world.collection, path: path, type: type).succeeded()
        try await owner.waitUntilReady(world.collection)
        return "/api/v1/documents/\(try sent.value("document"))/versions/\(try sent.value("version"))/pages"
    }

    /// Left, top, right and bottom of a word in pixels, as the recogniser sees the picture.
    private static func seen(_ word: String, in picture: [UInt8]) -> [Double]? {
        guard let (_, output) = ChildProcess.run("/usr/bin/tesseract", ["stdin", "stdout", "tsv"], input: picture)
        else { return nil }
        for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count > 11, fields[11].hasPrefix(word) else { continue }
            let box = fields[6...9].compactMap { Double($0) }
            return [box[0], box[1], box[0] + box[2], box[1] + box[3]]
        }
        return nil
    }

    /// Where the API says that a word stands, in pixels of a picture of that width.
    private static func told(
        _ word: String, _ pages: String, _ page: Int, width: Double, _ caller: Caller
    ) async throws -> [Double] {
        let document = pages.split(separator: "/")[3]
        let text = try await caller.get("/api/v1/documents/\(document)/text").succeeded().value("text")
        let start = try #require(text.range(of: word)).lowerBound
        let from = text.utf8.distance(from: text.startIndex, to: start)
        let found = try await caller.get("\(pages)/\(page)?start=\(from)&end=\(from + word.utf8.count)").succeeded()
            .json
        let boxes = found["words"]?.items ?? []
        #expect(boxes.count == 1, "\(found)")
        let scale = width / ((found["page"]?["width"]?.number ?? 0) * 10)
        return ["left", "top", "right", "bottom"].map { (boxes.first?[$0]?.number ?? 0) * scale }
    }

    @Test(arguments: [0, 90]) func `the words of a page stand in its picture where they are said to be`(
        turned: Int
    ) async throws {
        try await Self.run { world in
            let owner = world.owner.caller
            let bytes = PDFWriter.document(Self.lines, turned: turned)
            let pages = try await Self.send(bytes, as: "a.pdf", "application/pdf", world)
            let list = try await owner.get(pages).succeeded().json
            #expect(list["images"] == true && list["items"]?.items.map { $0["number"]?.number } == [1, 2])
            let picture = try await owner.get(pages + "/2/image?width=1500").succeeded()
            #expect(picture.headers[.contentType] == "image/png" && picture.headers[.cacheControl] == "no-store")
            #expect(picture.headers[.contentSecurityPolicy] == "sandbox")
            let told = try await Self.told("plumbus", pages, 2, width: 1500, owner)
            #expect(told[2] <= 1500 && told[0] < told[2] && told[1] < told[3])
            guard turned == 0 else { return }
            let seen = try #require(Self.seen("plumbus", in: picture.bytes))
            for (one, other) in zip(told, seen) { #expect(abs(one - other) < 12, "\(told) \(seen)") }
        }
    }

    @Test func `a scanned picture is shown with the words that were recognised in it`() async throws {
        try await Self.run { world in
            let owner = world.owner.caller
            let drawn = try await Self.send(PDFWriter.document(Self.lines), as: "a.pdf", "application/pdf", world)
            let scan = try await owner.get(drawn + "/2/image?width=1200").succeeded().bytes
            let pages = try await Self.send(scan, as: "scan.png", "image/png", world)
            let list = try await owner.get(pages).succeeded().json
            #expect(list["images"] == true && list["items"]?.items.count == 1)
            let picture = try await owner.get(pages + "/1/image?width=900").succeeded()
            let (told, seen) = (
                try await Self.told("plumbus", pages, 1, width: 900, owner),
                try #require(Self.seen("plumbus", in: picture.bytes))
            )
            for (one, other) in zip(told, seen) { #expect(abs(one - other) < 9, "\(told) \(seen)") }
        }
    }

    @Test func `only readers see a page, and nobody after the document is gone`() async throws {
        try await Self.run { world in
            let owner = world.owner.caller
            let pages = try await Self.send(PDFWriter.document(Self.lines), as: "a.pdf", "application/pdf", world)
            let other = try await Self.send(Array("# T\n\nText.\n".utf8), as: "b.md", "text/markdown", world)
            let document = pages.split(separator: "/")[3]
            let addresses = ["", "/1", "/1/image", "/1/image?width=300", "/1?start=0&end=5"].map { pages + $0 }
            let strangers = [world.reader.caller, world.reader.session, world.stranger.caller]
            for address in addresses {
                #expect(try await owner.get(address).status == 200, "\(address)")
                #expect(try await world.house.guest.get(address).status == 401)
                for stranger in strangers {
                    let (hidden, unknown) = (
                        try await stranger.get(address),
                        try await stranger.get(
                            address.replacing(document, with: "doc_" + String(repeating: "7", count: 26)))
                    )
                    #expect(hidden.status == 404 && hidden.anonymous == unknown.anonymous, "\(hidden.text)")
                    #expect(!hidden.text.contains("plumbus") && !hidden.text.contains("a.pdf"))
                }
            }
            // A version of another document is none of this one.
            let foreign =
                pages.split(separator: "/versions/")[0] + "/versions/" + other.split(separator: "/versions/")[1]
            for address in ["", "/1", "/1/image"] { #expect(try await owner.get(foreign + address).status == 404) }
            try await owner.put(
                "/api/v1/documents/\(document)/access", ["allow": .null, "deny": [.text(world.owner.id)]]
            )
            .succeeded()
            for address in addresses { #expect(try await owner.get(address).status == 404) }
        }
    }

    @Test func `what has no pages says so, and wrong pages and sizes are refused`() async throws {
        try await Self.run { world in
            let owner = world.owner.caller
            let plain = try await Self.send(Array("# T\n\nText.\n".utf8), as: "b.md", "text/markdown", world)
            let list = try await owner.get(plain).succeeded().json
            #expect(list["images"] == false && list["items"]?.items == [])
            #expect(try await owner.get(plain + "/1/image").status == 404)
            let pages = try await Self.send(PDFWriter.document(Self.lines), as: "a.pdf", "application/pdf", world)
            for page in ["0", "3", "-1", "01", "x", "99999999999999999999"] {
                #expect(try await owner.get("\(pages)/\(page)").status == 404, "\(page)")
                #expect(try await owner.get("\(pages)/\(page)/image").status == 404, "\(page)")
            }
            for query in ["width=0", "width=99", "width=2401", "width=x", "width="] {
                #expect(try await owner.get("\(pages)/1/image?\(query)").status == 400, "\(query)")
            }
            for query in ["start=1", "end=1", "start=5&end=5", "start=-1&end=4", "start=x&end=4"] {
                #expect(try await owner.get("\(pages)/1?\(query)").status == 400, "\(query)")
            }
            let beyond = try await owner.get("\(pages)/1?start=100000&end=100001").succeeded().json
            #expect(beyond["words"]?.items == [])
            try await owner.delete("/api/v1/documents/\(pages.split(separator: "/")[3])").succeeded()
            #expect(try await owner.get(pages + "/1/image").status == 404)
        }
    }
}
