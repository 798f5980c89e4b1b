import Foundation
import HTTPKit
import HTTPTypes
import Kit
import Testing

@testable import cloister

@Suite("Stored plain text", .serialized) struct PlainTextTests {
    /// Words that stand nowhere else. Their stems are themselves, so an index that kept terms would show them too.
    private static let planted = [
        "zorbextenant", "zorbexuser", "zorbexdisplay", "zorbexgroup", "zorbexkey", "zorbexcollection", "zorbexfolder",
        "zorbexpath", "zorbextitle", "zorbexheading", "zorbextext", "zorbexquestion", "zorbexquery", "zorbexpassword",
        "zorbexfailed",
    ]

    @Test(arguments: Engine.allCases)
    func `what people write stands in no file and no row in the clear`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine, flags: ["search.segment_documents": "2"]) { house in
            try await Self.plant(house)
            let words = Self.planted.flatMap { word in
                [word, word.uppercased(), word.capitalized].map { Array($0.utf8) } + [
                    Array(word.utf16).flatMap { [UInt8($0 & 255), 0] }
                ]
            }
            #expect(try await house.storedCopies(of: words) == [])
            // The search sees what is there; on PostgreSQL that is little more than keys.
            let files = try house.files()
            #expect(files.contains { $0.hasSuffix("root.key") })
            #expect(files.count > (engine == .sqlite ? 3 : 1), "\(files)")
        }
    }

    /// The search itself would find a word: one is written into a file of the home, and found there.
    @Test func `the search for plain text finds a word that somebody leaves behind`() async throws {
        try await TestPlatform.run(on: .sqlite) { house in
            try house.leave("zorbexleft", in: "data/left")
            #expect(try await house.storedCopies(of: [Array("zorbexleft".utf8)]) == ["word 0 in data/left"])
        }
    }

    private static func plant(_ house: TestPlatform) async throws {
        let tenant = try await house.tenant("zorbextenant")
        let owner = try await tenant.person("zorbexuser", roles: ["developer"])
        let draft: JSON = [
            "name": "zorbexuser two", "displayName": "zorbexdisplay", "password": "zorbexpassword 12345",
            "roles": ["user"], "clearance": "internal",
        ]
        let second = try await tenant.local.post("/api/v1/users", draft).succeeded().value("id")
        _ = try await tenant.group("zorbexgroup", of: [owner.id, second])
        try await owner.caller.post("/api/v1/keys", ["name": "zorbexkey"]).succeeded()
        let collection = try await owner.caller.createCollection("zorbexcollection", allow: ["everyone"])
        let text = "# zorbextitle\n\n## zorbexheading\n\nThe night handover zorbextext takes eleven minutes.\n"
        for number in 0..<6 {
            let path = "zorbexfolder/zorbexpath\(number).md"
            let sent = try await owner.caller.upload(text + "\(number)\n", to: collection, path: path)
            try await owner.caller.waitUntilReady(collection)
            if number == 5 { try await owner.caller.delete("/api/v1/documents/\(sent.document)").succeeded() }
        }
        try await owner.caller.sendFile(
            [0x7a, 0xff] + Array("zorbextext".utf8), to: collection, path: "zorbexfailed.md"
        )
        .succeeded()
        try await owner.caller.waitUntilReady(collection)
        let asked = try await owner.caller.post(
            "/api/v1/ask", ["question": "zorbexquestion: how long is the handover?"])
        #expect(asked.status == 200)
        let searched = try await owner.caller.post("/api/v1/search", ["query": "zorbexquery zorbextext"])
        #expect(searched.text.contains("zorbextext") && searched.text.contains("zorbexpath"))
        try await owner.caller.send(
            .post, "/api/v1/keys", Caller.encode(["name": "zorbexkey"]), type: "application/json"
        ).succeeded()
    }
}
